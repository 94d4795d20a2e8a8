package io.nio2uring.ring;

import io.nio2uring.sys.RawMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Reuse of a submission queue slot: an entry is overwritten only after the kernel has read it.
 *
 * <p>The queue has one slot, which holds a published entry (41). The kernel reads it, then moves the head with release
 * ({@code smp_store_release} in {@code io_commit_sqring}). The application pushes another (42) through the product's
 * {@link SubmissionQueue}, which reads the head with acquire. A result is the {@code user_data} that the kernel read
 * and whether the push succeeded.
 */
public final class SubmissionSlotReuse {
    private SubmissionSlotReuse() {
    }

    abstract static class Ring extends SubmissionRing {
        Ring() {
            super(1);
            push(41);
            queue.publish();
        }

        final void consume(II_Result result) {
            result.r1 = userDataOfFirst();
            Cursors.publish(headAddress, 1);
        }
    }

    /** The product's order: the head with acquire, then the slot. */
    @JCStressTest
    @Outcome(id = "41, 0", expect = Expect.ACCEPTABLE, desc = "Full: the kernel had not let go of the slot.")
    @Outcome(id = "41, 1", expect = Expect.ACCEPTABLE, desc = "The kernel was done, and the slot was used anew.")
    @Outcome(id = {"42, .*"}, expect = Expect.FORBIDDEN, desc = "Overwritten while the kernel read it. The acquire "
            + "load of the head keeps the writing of the slot after it, the kernel's release keeps the reading before.")
    @State
    public static class HeadAcquired extends Ring {
        @Actor
        public void kernel(II_Result result) {
            consume(result);
        }

        @Actor
        public void application(II_Result result) {
            result.r2 = push(42) ? 1 : 0;
        }
    }

    /**
     * Broken twin: the head is loaded plainly.
     *
     * <p>Not observed on x86-64 in any compiler mode: the processor lets no store pass an earlier load, and the stores
     * depend on the load through a branch, before which no compiler may put them. For a reader of the memory model it
     * is a race nevertheless: nothing there relates the kernel's reading to the application's writing.
     */
    @JCStressTest
    @Outcome(id = {"41, 0", "41, 1"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "42, .*", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "Overwritten while the kernel read it. Not to "
                    + "be expected on x86-64, where no store passes an earlier load.")
    @State
    public static class HeadLoadedPlainly extends Ring {
        @Actor
        public void kernel(II_Result result) {
            consume(result);
        }

        @Actor
        public void application(II_Result result) {
            if (RawMemory.getInt(headAddress) == 1) {
                overwriteFirst(42);
                result.r2 = 1;
            }
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: nobody looks at the head. */
    @JCStressTest
    @Outcome(id = "41, 1", expect = Expect.ACCEPTABLE, desc = "The kernel happened to be done.")
    @Outcome(id = "42, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Overwritten before the kernel read it: the "
            + "first entry is lost and the second executed twice.")
    @State
    public static class HeadIgnored extends Ring {
        @Actor
        public void kernel(II_Result result) {
            consume(result);
        }

        @Actor
        public void application(II_Result result) {
            overwriteFirst(42);
            result.r2 = 1;
        }
    }
}
