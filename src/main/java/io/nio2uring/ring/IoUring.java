package io.nio2uring.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

import io.nio2uring.abi.CqeFlag;
import io.nio2uring.abi.EnterFlag;
import io.nio2uring.abi.Feature;
import io.nio2uring.abi.OpFlag;
import io.nio2uring.abi.SetupFlag;
import io.nio2uring.abi.SqRingFlag;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.SystemCallException;

/**
 * One io_uring of Linux: a submission queue, a completion queue, and what is registered with them.
 *
 * <p>Use: {@code prep…} writes operations, {@link #submitAndWait(int)} gives them to the kernel and waits, {@link
 * #forEachCompletion} takes what completed. A {@code prep…} returns false when the submission queue is full: then
 * nothing was queued, and after a submission the same call can be made again.
 *
 * {@snippet file="RingSnippets.java" region="nop"}
 *
 * <p>What the examples of single operations use to await a result:
 *
 * {@snippet file="RingSnippets.java" region="one"}
 *
 * <p><b>Memory.</b> What an operation is given (buffers, addresses, message headers, paths) belongs to the kernel
 * from the {@code prep…} until the operation's final completion, that is the first one without {@link
 * Completion#hasMore}; a cancel or a timeout only asks for that completion. Each such method exists for a {@link
 * MemorySegment}, which must be native, and for an address, which is not checked at all. Neither keeps anything
 * reachable: the caller does.
 *
 * <p><b>Threads.</b> Not thread-safe: one thread at a time. A ring may be handed from one thread to another when
 * something orders the two (a lock, a volatile variable), except with {@link RingParameters#SINGLE_ISSUER}. Two
 * threads at once are found by an assertion (run with {@code -ea}) that names both. The kernel cancels what a thread
 * has submitted when data for it arrives after the thread has ended ({@code -ECANCELED}): submit from a thread that
 * outlives its operations.
 *
 * <p>Nothing on the way of an operation allocates Java objects: not {@code prep…}, nor submission, nor iteration.
 *
 * <p>Sources: {@code io_uring(7)}, {@code io_uring_setup(2)}, {@code io_uring_enter(2)}, {@code
 * io_uring_register(2)}.
 */
// Longer than other files: two thirds are the documentation of a public API; what is prepared and registered has its own.
public final class IoUring extends RegistrationOperations implements AutoCloseable {
    /** For {@code prepOpenat}: relative paths start at the working directory. */
    public static final int AT_FDCWD = -100;

    /** For {@code prepCancelFd}: end all operations on the file, not just one; Linux 5.19. */
    public static final int CANCEL_ALL = OpFlag.ASYNC_CANCEL_ALL;

    private static final long NO_LIMIT = -1;

    final RingMemory memory;
    private final CompletionQueue completions;
    private final Completion completion = new Completion();
    private final boolean sqpoll;
    /** What makes an enter ask for completions although nobody waits: a bit of the SQ flags, or always. */
    private final boolean deferred;
    private final boolean deferredUntold;
    /** To wait by. A server that waits for its peers is idle, and is not to look as if it waited for a disk. */
    private final int getEvents;
    private final EnterArguments arguments;

    /** With SINGLE_ISSUER the only thread that the kernel lets submit, else null. */
    private final Thread issuer;

    private boolean iterating;
    private long submittedEntries;
    private long reapedCompletions;
    /** Final completions; entries of this ring less these are in flight. */
    private long endedOperations;

    /**
     * Opens a ring with the kernel's defaults, and {@code IORING_SETUP_SUBMIT_ALL} and {@code
     * IORING_SETUP_NO_SQARRAY} where the kernel has them.
     *
     * @param entries size of the submission queue, 1 to {@value RingParameters#MAX_ENTRIES}, rounded up to a power of
     *     two; the completion queue has twice as many
     * @throws IllegalArgumentException if {@code entries} is out of range
     * @throws IOException if the kernel refuses, with its errno
     */
    public IoUring(int entries) throws IOException {
        this(RingMemory.open(RingParameters.of(entries).withSetupFlags(defaultFlags())));
    }

    private IoUring(RingMemory memory) {
        super(memory);
        this.memory = memory;
        this.completions = memory.completions;
        this.arguments = new EnterArguments(completions);
        this.sqpoll = (memory.setupFlags & SetupFlag.SQPOLL) != 0;
        this.deferred = (memory.setupFlags & SetupFlag.DEFER_TASKRUN) != 0;
        this.deferredUntold = deferred && (memory.setupFlags & SetupFlag.TASKRUN_FLAG) == 0;
        this.getEvents = EnterFlag.GETEVENTS
                | ((memory.features & Feature.NO_IOWAIT) != 0 ? EnterFlag.NO_IOWAIT : 0);
        this.issuer = (memory.setupFlags & SetupFlag.SINGLE_ISSUER) != 0 ? Thread.currentThread() : null;
    }

    /**
     * Opens a ring whose submissions a kernel thread takes: as long as it is awake, submitting needs no system call.
     *
     * @param entries size of the submission queue, 1 to {@value RingParameters#MAX_ENTRIES}, rounded up to a power of
     *     two
     * @param idleMillis how long the thread looks for entries before it sleeps, in milliseconds; 0 for one second
     * @return the ring
     * @throws IllegalArgumentException if a value is out of range
     * @throws IOException if the kernel refuses, with its errno
     */
    public static IoUring newSqpoll(int entries, int idleMillis) throws IOException {
        return newSqpoll(entries, idleMillis, -1);
    }

    /**
     * As {@link #newSqpoll(int, int)}, with the kernel thread on one processor.
     *
     * @param entries size of the submission queue, 1 to {@value RingParameters#MAX_ENTRIES}, rounded up to a power of
     *     two
     * @param idleMillis how long the thread looks for entries before it sleeps, in milliseconds; 0 for one second
     * @param cpu the processor's number, or -1 for any
     * @return the ring
     * @throws IllegalArgumentException if a value is out of range
     * @throws IOException if the kernel refuses, with its errno
     */
    public static IoUring newSqpoll(int entries, int idleMillis, int cpu) throws IOException {
        return open(RingParameters.of(entries).withSqpoll(idleMillis, cpu).withSetupFlags(defaultFlags()));
    }

    /**
     * Opens a ring with exactly the given parameters.
     *
     * @param parameters sizes and flags
     * @return the ring
     * @throws IOException if the kernel refuses, with its errno: {@code EINVAL} for a flag that it does not know or a
     *     combination that it does not allow
     */
    public static IoUring open(RingParameters parameters) throws IOException {
        return new IoUring(RingMemory.open(parameters));
    }

    /**
     * Which of some set-up flags this kernel has; found by trying, once. A flag that depends on another is tried with
     * it; that does not make every combination of the result legal. Thread-safe.
     *
     * @param wanted constants of {@link RingParameters}
     * @return the subset that the kernel takes; 0 if it does not let this process have a ring at all, which
     *     {@link #open} then explains
     */
    public static int supportedSetupFlags(int wanted) {
        return SetupFlagProbe.supported(wanted);
    }

    private static int defaultFlags() {
        return supportedSetupFlags(RingParameters.SUBMIT_ALL | RingParameters.NO_SQARRAY);
    }

    // ---- submission and completion --------------------------------------------------------------------------------

    /**
     * Gives all prepared entries to the kernel without waiting: {@code submitAndWait(0)}.
     *
     * @return how many entries the kernel took
     * @throws IllegalStateException if the ring is closed
     * @throws IOException as for {@link #submitAndWait(int, long)}
     */
    public int submit() throws IOException {
        return submitAndWait(0, NO_LIMIT);
    }

    /**
     * Gives all prepared entries to the kernel and waits without a limit of time.
     *
     * @param waitCount how many completions there must be to take, as for {@link #submitAndWait(int, long)}
     * @return how many entries the kernel took
     * @throws IllegalStateException if the ring is closed
     * @throws IOException as for {@link #submitAndWait(int, long)}
     */
    public int submitAndWait(int waitCount) throws IOException {
        return submitAndWait(waitCount, NO_LIMIT);
    }

    /**
     * Gives all prepared entries to the kernel and waits for completions.
     *
     * <p>The wait ends when {@code waitCount} completions can be taken, counting those that are there already, and
     * also early: when the time is over, a signal arrives, or the kernel did not take all entries. What it did not
     * take stays queued and is given again by the next call. None of that is an error ({@code ETIME}, {@code EINTR},
     * {@code EAGAIN}, {@code EBUSY}): the caller looks at what completed and calls again.
     *
     * <p>No system call is made when there is nothing to submit, nothing to wait for, and the kernel does not ask for
     * one (completions that wait for room, deferred work, a kernel thread to be woken). With {@link
     * RingParameters#DEFER_TASKRUN} but without {@link RingParameters#TASKRUN_FLAG} it cannot ask, so there is always
     * one. With {@link RingParameters#SQPOLL} entries count as taken when they are handed to the kernel thread.
     *
     * @param waitCount how many completions there must be to take, 0 for no wait
     * @param timeoutNanos longest wait in nanoseconds; negative or {@link Long#MAX_VALUE} for no limit
     * @return how many entries the kernel took
     * @throws IllegalArgumentException if {@code waitCount} is negative
     * @throws IllegalStateException if the ring is closed
     * @throws IOException if the kernel refuses for another reason, which the message names: {@code EEXIST} for
     *     another thread's ring ({@link RingParameters#SINGLE_ISSUER}), {@code EBADR} when completions were lost for
     *     lack of memory ({@link #lostCompletions})
     */
    public int submitAndWait(int waitCount, long timeoutNanos) throws IOException {
        return submitAndWait(waitCount, timeoutNanos, 0);
    }

    /**
     * Gives all prepared entries to the kernel and waits for several completions, but for all of them only a limited time:
     * once that is over, one completion is enough. As {@link #submitAndWait(int, long)} otherwise. This makes few calls
     * of many small ones where completions come in quick succession. If none has come by then, it takes a second system
     * call to wait for the first: the kernel's own wait of this kind ({@code min_wait_usec}, Linux 6.12) sleeps over what
     * other threads' operations bring, until the stable releases of January 2026 (<a
     * href="https://github.com/axboe/liburing/issues/1477">liburing 1477</a>).
     *
     * @param waitCount how many completions there must be to take, 0 for no wait
     * @param timeoutNanos longest wait in nanoseconds; negative or {@link Long#MAX_VALUE} for no limit
     * @param burstMicros how long to wait for more than one completion, in microseconds; 0 for as long as it takes
     * @return how many entries the kernel took
     * @throws IllegalArgumentException if {@code waitCount} or {@code burstMicros} is negative
     * @throws IllegalStateException if the ring is closed
     * @throws IOException as for {@link #submitAndWait(int, long)}
     */
    public int submitAndWait(int waitCount, long timeoutNanos, int burstMicros) throws IOException {
        checkOpen();
        if (waitCount < 0) {
            throw new IllegalArgumentException("waitCount: " + waitCount);
        }
        if (burstMicros < 0) {
            throw new IllegalArgumentException("burstMicros: " + burstMicros);
        }
        assert use.begin();
        try {
            boolean limited = timeoutNanos >= 0 && timeoutNanos < Long.MAX_VALUE;
            long burstNanos = burstMicros * 1000L;
            if (waitCount <= 1 || burstNanos == 0 || limited && timeoutNanos <= burstNanos) {
                return give(waitCount, limited ? timeoutNanos : NO_LIMIT, false);
            }
            int taken = give(waitCount, burstNanos, true);
            if (completions.ready() > 0 || !sqpoll && submissions.pending() > 0) {
                return taken;
            }
            return taken + give(1, limited ? timeoutNanos - burstNanos : NO_LIMIT, false);
        } finally {
            assert use.end();
        }
    }

    /** Submits and waits once, for a burst if another call is to follow where nothing has come. */
    private int give(int waitCount, long timeoutNanos, boolean forBurst) throws IOException {
        int published = submissions.publish();
        int wait = waitCount > 0 && completions.ready() < waitCount ? waitCount : 0;
        return sqpoll ? handOver(published, wait, timeoutNanos, forBurst) : enter(wait, timeoutNanos, forBurst);
    }

    /** Without SQPOLL: the kernel takes entries during the call. */
    private int enter(int wait, long timeoutNanos, boolean forBurst) throws IOException {
        int toSubmit = submissions.pending();
        int flags = wait > 0 || deferred ? getEvents : kernelRequests();
        if (toSubmit == 0 && wait == 0 && (deferred ? !deferredUntold && kernelRequests() == 0 : flags == 0)) {
            return 0;
        }
        int result = enter(toSubmit, wait, flags, timeoutNanos, forBurst);
        if (result < 0) {
            return tolerate(result);
        }
        submittedEntries += result;
        return result;
    }

    /** With SQPOLL: a call only wakes the kernel thread, waits, or fetches what overflowed. */
    private int handOver(int published, int wait, long timeoutNanos, boolean forBurst) throws IOException {
        submittedEntries += published;
        int flags = wait > 0 ? getEvents : kernelRequests();
        if (submissions.needsWakeup()) {
            flags |= EnterFlag.SQ_WAKEUP;
        }
        if (flags != 0) {
            int result = enter(0, wait, flags, timeoutNanos, forBurst);
            if (result < 0) {
                tolerate(result);
            }
        }
        return published;
    }

    /** What the kernel asks for by its flags word. */
    private int kernelRequests() {
        return (submissions.flags() & (SqRingFlag.CQ_OVERFLOW | SqRingFlag.TASKRUN)) != 0 ? EnterFlag.GETEVENTS : 0;
    }

    /** One {@code io_uring_enter(2)}: entries taken, or {@code -errno}. */
    private int enter(int toSubmit, int wait, int flags, long timeoutNanos, boolean forBurst) {
        int fd = memory.fd;
        if (registrations.ringFdUsable()) {
            fd = registrations.ringFdIndex();
            flags |= EnterFlag.REGISTERED_RING;
        }
        if (wait == 0 || timeoutNanos == NO_LIMIT) {
            return arguments.enter(fd, toSubmit, wait, flags);
        }
        return forBurst ? arguments.enterForBurst(fd, toSubmit, wait, flags, timeoutNanos)
                : arguments.enterTimed(fd, toSubmit, wait, flags, timeoutNanos);
    }

    /**
     * Nothing was taken. A signal (the caller may want to look at its state before waiting again), an expired wait
     * and a lack of memory or of room in the completion queue leave the entries queued; all else is the caller's to
     * know.
     */
    private static int tolerate(int result) throws IOException {
        switch (-result) {
            case Errno.EINTR, Errno.ETIME, Errno.EAGAIN, Errno.EBUSY -> {
                return 0;
            }
            default -> throw new SystemCallException("io_uring_enter", -result);
        }
    }

    /**
     * Passes each completion that is there to a consumer, in the kernel's order; those that arrive meanwhile stay for
     * the next call. No system call is made.
     *
     * <p>A completion is taken when its consumer is called: if the consumer throws, this one is gone and the next
     * call goes on after it. The consumer may prepare operations, submit, and close the ring (which ends the
     * iteration); it must not iterate itself.
     *
     * @param consumer called for each; the {@link Completion} is valid only during the call
     * @return how many were taken
     * @throws IllegalStateException if the ring is closed, or if called by a consumer
     */
    public int forEachCompletion(Consumer<? super Completion> consumer) {
        checkOpen();
        if (iterating) {
            throw new IllegalStateException("forEachCompletion called by its own consumer");
        }
        assert use.begin();
        iterating = true;
        try {
            int count = 0;
            int end = completions.tail();
            while (completions.head() != end && !closed) {
                completions.take(completion);
                reapedCompletions++;
                count++;
                if ((completion.flags() & CqeFlag.MORE) == 0) {
                    endedOperations++;
                }
                consumer.accept(completion);
            }
            return count;
        } finally {
            iterating = false;
            assert use.end();
        }
    }

    /**
     * How many completions can be taken without waiting. No system call is made.
     *
     * @return the number
     * @throws IllegalStateException if the ring is closed
     */
    public int readyCompletions() {
        checkOpen();
        return completions.ready();
    }

    /**
     * Whether completions wait in the kernel because the completion queue was full; the next system call that waits, or
     * that is made for this reason, brings them. No system call is made.
     *
     * @return true when the kernel says so ({@code IORING_SQ_CQ_OVERFLOW}, Linux 5.8)
     * @throws IllegalStateException if the ring is closed
     */
    public boolean hasOverflow() {
        checkOpen();
        return (submissions.flags() & SqRingFlag.CQ_OVERFLOW) != 0;
    }

    /**
     * How many completions the kernel has lost, final ones and others: the completion queue was full, and there was no memory
     * to keep them until there is room. Nobody is told what they were. No system call is made.
     *
     * @return the count since the ring was opened, modulo 2<sup>32</sup>
     * @throws IllegalStateException if the ring is closed
     */
    public long lostCompletions() {
        checkOpen();
        return Integer.toUnsignedLong(completions.lost());
    }

    /**
     * How many entries are prepared and not yet taken by the kernel. With {@link RingParameters#SQPOLL} the kernel thread
     * frees the slots of entries after it has worked on them: those that have completed may still be counted for a moment.
     *
     * @return the number
     * @throws IllegalStateException if the ring is closed
     */
    public int pendingSubmissions() {
        checkOpen();
        assert use.begin();
        int pending = submissions.pending();
        assert use.end();
        return pending;
    }

    // ---- queries --------------------------------------------------------------------------------------------------

    /**
     * The ring's file descriptor, for {@link #prepMsgRing} of another ring and for polling; it belongs to the ring.
     *
     * @return the descriptor
     */
    public int fd() {
        return memory.fd;
    }

    /**
     * The flags that the ring was set up with.
     *
     * @return {@code IORING_SETUP_*}
     */
    public int setupFlags() {
        return memory.setupFlags;
    }

    /**
     * The features that the kernel reported.
     *
     * @return {@code IORING_FEAT_*}
     */
    public int features() {
        return memory.features;
    }

    /**
     * Size of the submission queue.
     *
     * @return the number of entries, a power of two
     */
    public int submissionEntries() {
        return submissions.entries();
    }

    /**
     * Size of the completion queue.
     *
     * @return the number of entries, a power of two
     */
    public int completionEntries() {
        return completions.entries();
    }

    /**
     * How often {@code io_uring_enter(2)} was called. Any thread may ask; the answer can lag behind.
     *
     * @return the count since the ring was opened
     */
    public long enterCalls() {
        return arguments.calls();
    }

    /**
     * How many entries the kernel took. Any thread may ask; the answer can lag behind.
     *
     * @return the count since the ring was opened
     */
    public long submittedEntries() {
        return submittedEntries;
    }

    /**
     * How many completions were taken. Any thread may ask; the answer can lag behind.
     *
     * @return the count since the ring was opened
     */
    public long reapedCompletions() {
        return reapedCompletions;
    }

    /**
     * Ends all operations and releases the ring. Entries that the kernel has not taken are dropped; operations in
     * flight are cancelled, and the call waits until the kernel has let go of all of them, because only then may
     * their memory, the provided buffers and the queues be used for something else. Before Linux 5.19 the kernel cannot
     * cancel all at once, and the call waits until they end by themselves: cancel them beforehand. Their completions are not
     * delivered, and what these would have brought is lost: end accepts and opens beforehand, and take their descriptors.
     * Does nothing if the ring is closed.
     *
     * <p>It cannot wait where the kernel has lost completions ({@link #lostCompletions}), or where the only thread that may
     * submit has ended. The provided buffers are not freed then; leave alone what other operations were given.
     *
     * @throws IllegalStateException if the ring has {@link RingParameters#SINGLE_ISSUER} and another thread, which is
     *     alive, owns it; the ring stays open then
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (issuer != null && issuer != Thread.currentThread() && issuer.isAlive()) {
            throw new IllegalStateException("only " + issuer + " may close this ring (SINGLE_ISSUER)");
        }
        assert use.begin();
        try {
            boolean released = submittedEntries == 0
                    || new Drain(memory, arguments, submittedEntries - endedOperations).run();
            closed = true;
            registrations.close(released);
        } finally {
            if (closed) {
                memory.close();
                arguments.close();
                releaseTimespecs();
            }
            assert use.end();
        }
    }

    /**
     * For diagnostics.
     *
     * @return descriptor, sizes and flags
     */
    @Override
    public String toString() {
        return "IoUring[fd=" + memory.fd + ", entries=" + submissions.entries() + "/" + completions.entries()
                + ", setupFlags=0x" + Integer.toHexString(memory.setupFlags) + ", features=0x"
                + Integer.toHexString(memory.features) + (closed ? ", closed]" : "]");
    }
}
