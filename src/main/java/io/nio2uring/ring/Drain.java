package io.nio2uring.ring;

import java.util.concurrent.ThreadLocalRandom;

import io.nio2uring.abi.CqeFlag;
import io.nio2uring.abi.EnterFlag;
import io.nio2uring.abi.OpFlag;
import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.SetupFlag;
import io.nio2uring.sys.Errno;

/**
 * Ends all operations of a ring and waits until the kernel has let go of them. {@code close(2)} of a ring does not:
 * it leaves both to a worker, afterwards.
 *
 * <p>Everything is cancelled again and again until a cancel finds nothing and every operation has had its final
 * completion. Once would not do: a cancel misses an operation that is just running and then goes on waiting. Counting
 * alone would not either: a message of another ring that is not marked as ours are ({@link IoUring#prepMsgRing})
 * looks like a final completion.
 *
 * <p>An entry with {@code IOSQE_IO_DRAIN} would stand for the same, but the kernel runs it in a worker thread, which
 * takes long to create, and holds back every entry after it, so that nothing could be cancelled again but by other
 * calls.
 */
final class Drain {
    /** How long to wait for completions before cancelling again. */
    private static final long RETRY_NANOS = 10_000_000L;

    private static final int CANCEL_EVERYTHING = OpFlag.ASYNC_CANCEL_ALL | OpFlag.ASYNC_CANCEL_ANY;

    private final RingMemory memory;
    private final SubmissionQueue submissions;
    private final CompletionQueue completions;
    private final EnterArguments arguments;
    private final boolean sqpoll;
    /** Which completion is the cancel's. User data is the application's: this can only be unlikely to be used by it. */
    private final long cancelUserData = ThreadLocalRandom.current().nextLong();
    private final Completion completion = new Completion();

    /** Operations taken by the kernel less final completions. */
    private long inFlight;
    private boolean cancelCompleted;
    private boolean cancelFoundNothing;

    /**
     * Prepares for it.
     *
     * @param inFlight operations that the kernel took and that have had no final completion; with SQPOLL those that
     *     it is still to take as well
     */
    Drain(RingMemory memory, EnterArguments arguments, long inFlight) {
        this.memory = memory;
        this.submissions = memory.submissions;
        this.completions = memory.completions;
        this.arguments = arguments;
        this.inFlight = inFlight;
        this.sqpoll = (memory.setupFlags & SetupFlag.SQPOLL) != 0;
    }

    /**
     * Does it.
     *
     * @return false if it cannot be known: the kernel does not let this thread, since the only one that may has ended, or
     *     it has lost completions; then it may use the operations' memory for a while yet
     */
    boolean run() {
        if (sqpoll) {
            submissions.withdrawUnpublished();
        } else {
            // The kernel takes entries only during a call, so none of these was started.
            submissions.withdraw();
        }
        while (true) {
            if (!cancel()) {
                return false;
            }
            if (inFlight <= 0 && cancelFoundNothing) {
                return true;
            }
            if (inFlight <= completions.lost() && cancelFoundNothing) {
                // Those may have ended, which nobody will be told of any more.
                return false;
            }
            if (inFlight > 0 && !enter(1)) {
                return false;
            }
            reap();
        }
    }

    /**
     * Cancels everything and awaits the cancel's own completion, unless that may have been lost; false if the kernel refuses this
     * thread.
     */
    private boolean cancel() {
        cancelCompleted = false;
        cancelFoundNothing = false;
        int lost = completions.lost();
        while (!submissions.push(Opcode.ASYNC_CANCEL, 0, 0, -1, 0L, 0L, 0, CANCEL_EVERYTHING, cancelUserData, 0, 0)) {
            // Full only with SQPOLL: its thread has not taken everything yet.
            if (!enter(0)) {
                return false;
            }
            Thread.onSpinWait();
        }
        submissions.publish();
        inFlight++;
        while (!cancelCompleted && completions.lost() == lost) {
            if (!enter(1)) {
                return false;
            }
            reap();
        }
        return true;
    }

    private void reap() {
        int end = completions.tail();
        while (completions.head() != end) {
            completions.take(completion);
            if ((completion.flags() & CqeFlag.MORE) == 0) {
                inFlight--;
            }
            if (completion.userData() == cancelUserData) {
                cancelCompleted = true;
                // A number of operations, or an error of a kernel before 5.19, where one can only wait for them.
                cancelFoundNothing = completion.result() <= 0;
            }
        }
    }

    /** One call, which waits for a limited time; false if the kernel refuses this thread. */
    private boolean enter(int wait) {
        int flags = EnterFlag.GETEVENTS;
        int toSubmit = 0;
        if (!sqpoll) {
            toSubmit = submissions.pending();
        } else if (submissions.needsWakeup()) {
            flags |= EnterFlag.SQ_WAKEUP;
        }
        int result = arguments.enterTimed(memory.fd, toSubmit, wait, flags, RETRY_NANOS);
        return switch (result < 0 ? -result : 0) {
            // Lack of memory, and of room for completions, which the next reaping makes: see IoUring.tolerate. EBADR: some
            // were lost.
            case 0, Errno.EINTR, Errno.ETIME, Errno.EAGAIN, Errno.EBUSY, Errno.EBADR -> true;
            default -> false;
        };
    }
}
