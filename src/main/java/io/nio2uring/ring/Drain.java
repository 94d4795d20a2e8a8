package io.nio2uring.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ThreadLocalRandom;

import io.nio2uring.abi.EnterFlag;
import io.nio2uring.abi.OpFlag;
import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.RegisterOp;
import io.nio2uring.abi.SetupFlag;
import io.nio2uring.abi.SqeFlag;
import io.nio2uring.abi.SyncCancelReg;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.Libc;

/**
 * Ends all operations of a ring and waits until the kernel has let go of them.
 *
 * <p>{@code close(2)} of a ring does not wait: the kernel cancels afterwards, in a worker. Counting completions is
 * not exact, since messages of other rings complete here too. So a marker is submitted that the kernel starts only
 * when every earlier operation has ended ({@code IOSQE_IO_DRAIN}), after a request to cancel them all.
 */
final class Drain {
    /** How long to wait before cancelling again what the cancel has missed. */
    private static final long RETRY_NANOS = 10_000_000L;

    private final RingMemory memory;
    private final SubmissionQueue submissions;
    private final CompletionQueue completions;
    private final EnterArguments arguments;
    private final Thread issuer;
    private final boolean sqpoll;
    /** User data is the application's, so the marker's can only be unlikely to be taken. */
    private final long marker = ThreadLocalRandom.current().nextLong();
    private final Completion completion = new Completion();

    Drain(RingMemory memory, EnterArguments arguments, Thread issuer) {
        this.memory = memory;
        this.submissions = memory.submissions;
        this.completions = memory.completions;
        this.arguments = arguments;
        this.issuer = issuer;
        this.sqpoll = (memory.setupFlags & SetupFlag.SQPOLL) != 0;
    }

    /**
     * Does it.
     *
     * @return false if it is impossible because the only thread that may has ended: the kernel may then still use the
     *     operations' memory for a while
     * @throws IllegalStateException if the only thread that may is another one
     */
    boolean run() {
        if (issuer != null && issuer != Thread.currentThread() && issuer.isAlive()) {
            throw new IllegalStateException("only " + issuer + " may close this ring (SINGLE_ISSUER)");
        }
        if (!sqpoll) {
            submissions.withdraw();
        }
        return submit(Opcode.ASYNC_CANCEL, 0, OpFlag.ASYNC_CANCEL_ALL | OpFlag.ASYNC_CANCEL_ANY, ~marker)
                && submit(Opcode.NOP, SqeFlag.IO_DRAIN, 0, marker) && awaitMarker();
    }

    private boolean submit(int opcode, int sqeFlags, int opFlags, long userData) {
        while (!submissions.push(opcode, sqeFlags, 0, -1, 0L, 0L, 0, opFlags, userData, 0, 0)) {
            // With SQPOLL only: the kernel thread has not taken what is there.
            if (!enter(0)) {
                return false;
            }
            Thread.onSpinWait();
        }
        submissions.publish();
        do {
            if (!enter(0)) {
                return false;
            }
        } while (!sqpoll && submissions.pending() != 0);
        return true;
    }

    private boolean awaitMarker() {
        while (!reapUntilMarker()) {
            if (!enter(1)) {
                return false;
            }
            if (completions.ready() == 0) {
                cancelAgain();
            }
        }
        return true;
    }

    private boolean reapUntilMarker() {
        int end = completions.tail();
        while (completions.head() != end) {
            completions.take(completion);
            // Whatever the result: once the kernel lets the marker start it may do so in a worker, where the renewed
            // cancel can find it (seen on Linux 6.18). What it stands for, that nothing is before it, holds then.
            if (completion.userData() == marker) {
                return true;
            }
        }
        return false;
    }

    /** One call; false if the kernel refuses this thread. */
    private boolean enter(int wait) {
        int flags = EnterFlag.GETEVENTS;
        int toSubmit = 0;
        if (!sqpoll) {
            toSubmit = submissions.pending();
        } else if (submissions.needsWakeup()) {
            flags |= EnterFlag.SQ_WAKEUP;
        }
        int result = arguments.enterTimed(memory.fd, toSubmit, wait, flags, RETRY_NANOS);
        switch (result < 0 ? -result : 0) {
            case 0, Errno.EINTR, Errno.ETIME, Errno.EAGAIN, Errno.EBUSY -> {
                // EBUSY and EAGAIN: completions that overflowed leave when there is room.
                if (result == -Errno.EBUSY || result == -Errno.EAGAIN) {
                    reapUntilMarker();
                }
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    /**
     * A cancel misses an operation that is just running; when that goes on waiting, nothing would end it. Behind the
     * marker an entry would not start, so this is a call (Linux 6.0); an older kernel leaves no better way than to
     * wait.
     */
    private void cancelAgain() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argument = arena.allocate(SyncCancelReg.SIZE_BYTES, Long.BYTES);
            argument.set(ValueLayout.JAVA_INT, SyncCancelReg.FD_OFFSET, -1);
            argument.set(ValueLayout.JAVA_INT, SyncCancelReg.FLAGS_OFFSET,
                    OpFlag.ASYNC_CANCEL_ALL | OpFlag.ASYNC_CANCEL_ANY);
            // A timeout of 0: the argument is zeroed.
            Libc.ioUringRegister(memory.fd, RegisterOp.REGISTER_SYNC_CANCEL, argument, 1);
        }
    }
}
