package io.nio2uring.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Reuse of a completion queue slot: the kernel gets it back only after the application has read it.
 *
 * <p>The queue has one slot, which holds a completion (41). The application takes it through the product's
 * {@link CompletionQueue}, which then moves the head with release. The kernel writes the next one (42) if the head says
 * that there is room; it reads the head with {@code READ_ONCE} and relies on the branch ({@code io_cqe_cache_refill}),
 * for which acquire is the nearest thing in Java. A result is {@code user_data} and {@code res} that the application
 * got, and whether the kernel used the slot anew.
 */
public final class CompletionSlotReuse {
    private CompletionSlotReuse() {
    }

    abstract static class Ring extends CompletionRing {
        Ring() {
            super(1);
            writeFirst(41);
            Cursors.publish(tailAddress, 1);
        }

        final void completeNext(III_Result result) {
            if (Cursors.theirs(headAddress) == 1) {
                writeFirst(42);
                Cursors.publish(tailAddress, 2);
                result.r3 = 1;
            }
        }
    }

    /** The product's order: the contents, then the head with release. */
    @JCStressTest
    @Outcome(id = "41, 41, 0", expect = Expect.ACCEPTABLE, desc = "Taken, and the kernel saw no room yet.")
    @Outcome(id = "41, 41, 1", expect = Expect.ACCEPTABLE, desc = "Taken, and the slot was used anew after that.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "The next entry's bytes in this one. The release store of the head keeps "
                    + "the reading of the slot before it.")
    @State
    public static class HeadReleased extends Ring {
        @Actor
        public void application(III_Result result) {
            queue.take(completion);
            result.r1 = (int) completion.userData();
            result.r2 = completion.result();
        }

        @Actor
        public void kernel(III_Result result) {
            completeNext(result);
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the head is moved first. */
    @JCStressTest
    @Outcome(id = "41, 41, [01]", expect = Expect.ACCEPTABLE, desc = "The kernel came too late to do harm.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "The next entry's bytes, or some of them: the kernel used "
            + "the slot anew before it was read.")
    @State
    public static class HeadFirst extends Ring {
        @Actor
        public void application(III_Result result) {
            Cursors.publish(headAddress, 1);
            result.r1 = userDataOfFirst();
            result.r2 = resultOfFirst();
        }

        @Actor
        public void kernel(III_Result result) {
            completeNext(result);
        }
    }
}
