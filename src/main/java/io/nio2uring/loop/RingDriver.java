package io.nio2uring.loop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.nio2uring.abi.Feature;
import io.nio2uring.abi.SetupFlag;
import io.nio2uring.jfr.Recorder;
import io.nio2uring.ring.Completion;
import io.nio2uring.ring.IoUring;
import io.nio2uring.ring.ProvidedBufferRing;
import io.nio2uring.ring.RingParameters;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.KernelThread;
import io.nio2uring.sys.SystemCallException;

/** Takes a loop's operations to the kernel and back through a ring, and has the loop woken by an event descriptor. */
final class RingDriver extends Driver {
    static final long NO_TIMEOUT = -1;

    /** {@code user_data} of entries whose completion nobody waits for; no slot has this number. */
    private static final long NOBODY = 0xFFFF_FFFFL;
    /** {@code user_data} of the poll of the wake-up descriptor, in the low half; the high half counts its arming. */
    private static final long WAKE_UP = 0xFFFF_FFFEL;
    /** In the low half, beside the slot: the completion of a cancellation whose result matters. Below those two. */
    private static final long WITHDRAWAL = 0x8000_0000L;
    /** The same of one that asks whether its operation is still there. */
    private static final long SEARCH = 0xC000_0000L;
    private static final int POLLIN = 1;
    private static final int MAX_GROUP = 0xFFFF;
    /**
     * How long the kernel's thread has to come to what was submitted, and how often that is looked for. It gets its turn as any
     * thread does, on a machine that has too much to do after a good while.
     */
    private static final long SQPOLL_PATIENCE_NANOS = 5_000_000_000L;
    private static final long SQPOLL_LOOK_NANOS = 20_000;

    private final IoUring ring;
    private final int wakeUpFd;
    private ProvidedBufferRing receiveBuffers;
    private WaitingLine receiveLine;
    private StagingBuffers stagingBuffers;
    private WaitingLine stagingLine;

    private final Consumer<Completion> route = this::route;
    private int wakeUpGeneration;
    private boolean wakeUpArmed;
    private Thread wakeUpArmedBy;
    private final Burst burst = new Burst();
    private Thread leader;
    private final Losses losses = new Losses(slots);
    private final Predicate<Operation> search = this::search;
    private final Trouble losesCompletions;
    /** Whether buffers may have been lost with their completions. */
    private boolean lostBuffers;

    /** A driver without buffers of its own, of the loop with the given name. Ring and descriptor stay the caller's. */
    RingDriver(String name, IoUring ring, int wakeUpFd) {
        super(name);
        this.ring = ring;
        this.wakeUpFd = wakeUpFd;
        losesCompletions = new Trouble(name
                + ": the kernel has lost completions, since its completion queue was full and "
                + "there was no memory to keep more. Operations concerned fail. Remedy: more memory for the machine, or a "
                + "larger nio2uring.ring.completionEntries");
    }

    /**
     * Sets up a ring and its buffers.
     *
     * @throws IOException when the kernel refuses; everything acquired so far is released
     */
    static RingDriver open(String name, LoopOptions options) throws IOException {
        IoUring ring = openRing(options);
        int fd = -1;
        boolean complete = false;
        try {
            if (options.polling().napiMicros() > 0) {
                registerNapi(ring, options.polling().napiMicros());
            }
            ProvidedBufferRing buffers =
                    ring.registerBufRing(options.receiveBuffers(), options.receiveBufferBytes(), 0);
            fd = FileCalls.eventfd(0, FileCalls.EFD_CLOEXEC | FileCalls.EFD_NONBLOCK);
            if (fd < 0) {
                throw new IOException("eventfd: " + Errno.text(-fd));
            }
            RingDriver driver = new RingDriver(name, ring, fd);
            driver.receiveBuffers = buffers;
            driver.receiveLine = driver.newLine("receive buffer", buffers::entries);
            StagingBuffers staging = new StagingBuffers(options.stagingBuffers(), options.stagingBufferBytes());
            driver.stagingBuffers = staging;
            driver.stagingLine = driver.newLine("staging buffer", staging::available);
            complete = true;
            return driver;
        } finally {
            if (!complete) {
                ring.close();
                if (fd >= 0) {
                    FileCalls.close(fd);
                }
            }
        }
    }

    private static IoUring openRing(LoopOptions options) throws IOException {
        try {
            return IoUring.open(parameters(options));
        } catch (SystemCallException e) {
            int cpu = options.polling().sqpollCpu();
            if (e.errno() == Errno.EINVAL && cpu >= 0) {
                throw new IOException(
                        "nio2uring.sqpoll.cpu is " + cpu + ", which may be no processor that this process "
                                + "can use; choose another or leave it out. " + e.getMessage(),
                        e);
            }
            throw e;
        }
    }

    private static void registerNapi(IoUring ring, int micros) throws IOException {
        try {
            ring.registerNapi(micros);
        } catch (IOException e) {
            throw new IOException(
                    "nio2uring.napi is " + micros + ", but the kernel refuses it; it needs Linux 6.9. Leave it "
                            + "out. " + e.getMessage(),
                    e);
        }
    }

    private static RingParameters parameters(LoopOptions options) {
        RingParameters sizes = RingParameters.of(options.submissionEntries())
                .withCompletionEntries(options.completionEntries()).withSetupFlags(IoUring
                        .supportedSetupFlags(SetupFlag.CLAMP | SetupFlag.SUBMIT_ALL | SetupFlag.NO_SQARRAY));
        Polling polling = options.polling();
        // With SQPOLL it is the kernel's thread that runs the work of completions, and COOP_TASKRUN is refused.
        return polling.sqpoll() ? sizes.withSqpoll(polling.sqpollIdleMillis(), polling.sqpollCpu())
                : sizes.withSetupFlags(IoUring.supportedSetupFlags(SetupFlag.COOP_TASKRUN | SetupFlag.TASKRUN_FLAG));
    }

    ProvidedBufferRing receiveBuffers() {
        return receiveBuffers;
    }

    WaitingLine receiveLine() {
        return receiveLine;
    }

    StagingBuffers stagingBuffers() {
        return stagingBuffers;
    }

    WaitingLine stagingLine() {
        return stagingLine;
    }

    @Override
    boolean prepareCancel(Operation operation) {
        long target = slots.userData(operation);
        if (ring.prepCancel(target, NOBODY)) {
            return true;
        }
        flush();
        return ring.prepCancel(target, NOBODY);
    }

    @Override
    boolean prepare(Operation operation) {
        long userData = slots.userData(operation);
        operation.submitted = burst.submitted();
        if (writeEntry(operation, userData)) {
            return true;
        }
        if (Recorder.isOn() && ring.pendingSubmissions() == ring.submissionEntries()) {
            Recorder.submissionQueueFull(name, ring.submissionEntries());
        }
        flush();
        return writeEntry(operation, userData);
    }

    private boolean writeEntry(Operation operation, long userData) {
        operation.submitter = leader;
        operation.entry = ring.submittedEntries() + ring.pendingSubmissions();
        operation.withdrawn = false;
        operation.missingSince = 0;
        return operation.prepare(ring, userData);
    }

    /** Makes room in the submission queue. What the kernel does not take now stays queued. */
    private void flush() {
        try {
            ring.submit();
        } catch (IOException e) {
            // The entries stay, and the leader meets the same error where it can report it.
            progressed = false;
        }
    }

    @Override
    boolean enter() throws IOException {
        return took(submitAndWait(0, NO_TIMEOUT, 0));
    }

    @Override
    boolean enterFor(long nanos) throws IOException {
        if (inFlight() < Burst.LEAST_IN_FLIGHT) {
            return took(submitAndWait(1, nanos, 0));
        }
        int waitCount = burst.waitCount();
        long start = System.nanoTime();
        int submitted = submitAndWait(waitCount, nanos, waitCount > 1 ? Burst.MICROS : 0);
        burst.waited(waitCount, ring.readyCompletions(), System.nanoTime() - start);
        return took(submitted);
    }

    private int submitAndWait(int waitCount, long nanos, int burstMicros) throws IOException {
        try {
            return ring.submitAndWait(waitCount, nanos, burstMicros);
        } catch (SystemCallException e) {
            if (e.errno() != Errno.EBADR) {
                throw e;
            }
            // Completions were lost; their number, which is looked at each time, tells so, too.
            return 0;
        }
    }

    @Override
    void awaitFileReleases() {
        try {
            ring.awaitFileReleases();
        } catch (IOException e) {
            // They are let go of a moment later.
        }
    }

    @Override
    boolean awaitStart() throws IOException {
        boolean came = false;
        if ((ring.setupFlags() & SetupFlag.SQPOLL) != 0) {
            long start = System.nanoTime();
            while (ring.pendingSubmissions() > 0 && System.nanoTime() - start < SQPOLL_PATIENCE_NANOS) {
                LockSupport.parkNanos(SQPOLL_LOOK_NANOS);
                // That thread may wait for room, or sleep.
                came |= enter();
            }
        }
        return came;
    }

    private boolean took(int submitted) {
        if (Recorder.isOn() && ring.hasOverflow()) {
            Recorder.completionQueueOverflow(name, ring.completionEntries());
        }
        burst.nextTurn();
        waiters.gather();
        try {
            progressed = ring.forEachCompletion(route) > 0 || submitted > 0;
        } finally {
            waiters.release();
        }
        lookForLosses();
        return progressed;
    }

    private void lookForLosses() {
        if (losses.haveGrown(ring.lostCompletions())) {
            losesCompletions.tell(null);
            // That of the poll may be among them: it is armed anew, whoever leads.
            wakeUpArmedBy = null;
            losses.suspectAll();
        }
        if (losses.haveSuspects()) {
            losses.cancelSuspects(search);
        }
        if (lostBuffers && losses.haveAllBeenAsked()) {
            replaceBuffers();
        }
    }

    private boolean search(Operation operation) {
        long target = slots.userData(operation);
        return ring.prepCancel(target, target | SEARCH);
    }

    @Override
    boolean isObstructed() {
        return super.isObstructed() || losses.haveSuspects() || lostBuffers;
    }

    /**
     * Takes others, since it is not known which are missing. What waits on the old ones ends as if those were all in use, and
     * begins anew. Their memory is kept for as long as the ring: a completion that has yet to be taken may name one.
     */
    private void replaceBuffers() {
        ProvidedBufferRing old = receiveBuffers;
        try {
            receiveBuffers = ring.registerBufRing(old.entries(), old.bufferSizeBytes(), old.group() + 1 & MAX_GROUP);
        } catch (IOException | OutOfMemoryError e) {
            // Until the next time.
            return;
        }
        lostBuffers = false;
        old.close();
    }

    private void route(Completion completion) {
        long userData = completion.userData();
        int low = (int) userData;
        if (low >= 0) {
            Operation operation = slots.find(userData);
            if (operation != null && operation.inKernel && !completion.hasMore()) {
                burst.completed(operation.submitted);
                finish(operation, completion.result(), completion.flags());
            }
        } else if (low < (int) WAKE_UP) {
            answer(slots.find(userData & ~SEARCH), (userData & SEARCH) == SEARCH, completion.result());
        } else if (userData == wakeUpData() && !completion.hasMore()) {
            wakeUpArmed = false;
        }
    }

    /** Takes what has become of a cancellation; of an operation that has ended meanwhile nobody wants to know. */
    private void answer(Operation operation, boolean ofSearch, int result) {
        if (operation == null) {
            return;
        }
        if (!ofSearch) {
            operation.withdrawn |= result == 0;
        } else if (result == -Errno.ENOENT) {
            miss(operation);
        }
    }

    private void miss(Operation operation) {
        if (losses.isGone(operation)) {
            finish(operation, -Errno.EBADR, 0);
        } else {
            // Not only when it is certain: if a buffer has gone, too, that may have been the last one.
            lostBuffers |= receiveBuffers != null && operation.line() == receiveLine;
        }
    }

    @Override
    void ledBy(Thread newLeader) {
        leader = newLeader;
        if (ring.pendingSubmissions() > 0) {
            slots.passOn(ring.submittedEntries(), newLeader);
            // The poll may be among them.
            wakeUpArmedBy = null;
        }
    }

    /**
     * Not where a thread of the kernel has submitted all; nor before Linux 6.10, where the thread may be past the mark that
     * {@link #relieve} relies on while it waits for the ring's lock, which is such a sleep, too. The first feature since
     * that the kernel tells of is that of 6.12.
     */
    boolean canRelieve() {
        return (ring.setupFlags() & SetupFlag.SQPOLL) == 0 && (ring.features() & Feature.MIN_TIMEOUT) != 0;
    }

    /**
     * What a thread has submitted is told by that thread. What waits for its socket is cancelled here, which the kernel marks
     * at once; if the thread has slept all the time, it will find the mark before it does anything else, and so nothing but
     * the word of the cancellation is left to come of it. That is not awaited: it finds an older generation of its slot.
     */
    @Override
    boolean relieve(Worker worker, long sleep) throws IOException {
        List<Operation> held = new ArrayList<>();
        slots.forEach(operation -> {
            if (isHeldBy(worker, operation)) {
                held.add(operation);
            }
        });
        for (Operation operation : held) {
            if (isHeldBy(worker, operation) && !withdraw(operation)) {
                enter();
                if (isHeldBy(worker, operation)) {
                    withdraw(operation);
                }
            }
        }
        enter();
        if (KernelThread.uninterruptibleSleep(worker.kernelThread()) != sleep) {
            // It has gone on, and tells of them itself.
            return true;
        }
        boolean relieved = true;
        for (Operation operation : held) {
            if (isHeldBy(worker, operation)) {
                if (operation.withdrawn) {
                    operation.outlived();
                    finish(operation, -Errno.ECANCELED, 0);
                } else {
                    relieved = false;
                }
            }
        }
        return relieved;
    }

    private static boolean isHeldBy(Worker worker, Operation operation) {
        return operation.inKernel && operation.submitter == worker.thread;
    }

    private boolean withdraw(Operation operation) {
        // Of an earlier cancellation it is not known whether the thread was in the middle of the operation.
        operation.withdrawn = false;
        long target = slots.userData(operation);
        return ring.prepCancel(target, target | WITHDRAWAL);
    }

    /**
     * Has the wake-up descriptor polled on behalf of the present leader: the poll of a thread that is busy elsewhere
     * would be seen late, that of a thread that has died not at all.
     *
     * @return false when the queue is full
     */
    @Override
    boolean armWakeUp() {
        Thread current = Thread.currentThread();
        if (wakeUpArmed && wakeUpArmedBy == current) {
            return true;
        }
        if (wakeUpArmed) {
            if (!ring.prepCancel(wakeUpData(), NOBODY)) {
                flush();
                return false;
            }
            wakeUpArmed = false;
        }
        wakeUpGeneration++;
        wakeUpArmed = ring.prepPollAdd(wakeUpFd, POLLIN, true, wakeUpData());
        if (!wakeUpArmed) {
            flush();
        }
        wakeUpArmedBy = current;
        return wakeUpArmed;
    }

    private long wakeUpData() {
        return (long) wakeUpGeneration << 32 | WAKE_UP;
    }

    @Override
    void signal() {
        FileCalls.signalEventfd(wakeUpFd);
    }

    @Override
    void close(long signals) {
        ring.close();
        stagingBuffers.close();
        // A thread that has claimed the right to signal may not have done so yet, and must not hit a descriptor that
        // has the same number by then.
        for (long missing = signals; missing > 0;) {
            long found = FileCalls.readEventfd(wakeUpFd);
            if (found == 0) {
                // It may wait for this very processor.
                Thread.yield();
            }
            missing -= found;
        }
        FileCalls.close(wakeUpFd);
    }

    @Override
    int setupFlags() {
        return ring.setupFlags();
    }

    @Override
    long submitted() {
        return ring.submittedEntries();
    }

    @Override
    long completed() {
        return ring.reapedCompletions();
    }

    @Override
    long enters() {
        return ring.enterCalls();
    }

    @Override
    int buffersInUse() {
        return stagingBuffers.inUse();
    }

    @Override
    void describe(StringBuilder text) {
        text.append("  ring ").append(ring.fd()).append(": ").append(ring.pendingSubmissions()).append(" of ")
                .append(ring.submissionEntries()).append(" submissions pending, ").append(ring.readyCompletions())
                .append(" of ").append(ring.completionEntries()).append(" completions to be taken\n");
    }
}
