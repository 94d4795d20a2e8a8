package io.nio2uring.ring;

import io.nio2uring.abi.SqRingFlag;
import io.nio2uring.sys.RawMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The sleep of an SQPOLL thread: it sees the new entry, or the application sees that it must be woken.
 *
 * <p>The application publishes an entry, then asks the product's {@link SubmissionQueue} whether the kernel thread
 * needs to be woken. The kernel thread does as {@code io_sq_thread}: sets {@code IORING_SQ_NEED_WAKEUP}, a full barrier
 * ({@code smp_mb__after_atomic}), looks at the tail once more, and sleeps if there is nothing. A result is whether the
 * application wakes it and the tail that it saw.
 */
public final class SqpollSleep {
    private SqpollSleep() {
    }

    abstract static class Ring extends SubmissionRing {
        Ring() {
            super(2);
        }

        final void fallAsleep(II_Result result) {
            RawMemory.putInt(flagsAddress, SqRingFlag.NEED_WAKEUP);
            Cursors.fullFence();
            result.r2 = Cursors.theirs(tailAddress);
        }
    }

    /** The product's order: tail, full fence, flags. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The kernel thread sees the entry and does not sleep.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "It sleeps, and the application wakes it.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Both see each other; a wake-up too many does no harm.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN,
            desc = "Asleep and unnoticed: the entry would wait for the next one. "
                    + "The full fences keep each side's store before its load, so at least one load comes after both "
                    + "stores.")
    @State
    public static class Fenced extends Ring {
        @Actor
        public void application(II_Result result) {
            push(42);
            queue.publish();
            result.r1 = queue.needsWakeup() ? 1 : 0;
        }

        @Actor
        public void kernel(II_Result result) {
            fallAsleep(result);
        }
    }

    /**
     * Broken twin: release and acquire, but no fence between them. Shows on x86-64 under C2; interpreter and C1 put so
     * much between store and load that the store buffer was empty by then whenever it was tried.
     */
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "Asleep and unnoticed: the store of the tail was "
                    + "still in the processor's store buffer when the flags were loaded, which release and acquire "
                    + "allow.")
    @State
    public static class Unfenced extends Ring {
        @Actor
        public void application(II_Result result) {
            push(42);
            queue.publish();
            result.r1 = (queue.flags() & SqRingFlag.NEED_WAKEUP) != 0 ? 1 : 0;
        }

        @Actor
        public void kernel(II_Result result) {
            fallAsleep(result);
        }
    }
}
