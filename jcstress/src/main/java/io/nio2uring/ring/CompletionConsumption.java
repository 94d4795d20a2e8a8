package io.nio2uring.ring;

import io.nio2uring.sys.RawMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Consumption of a completion queue entry: what the tail covers is there.
 *
 * <p>The kernel writes an entry, then moves the tail with release ({@code smp_store_release} in
 * {@code io_commit_cqring}). The application asks the product's {@link CompletionQueue} what is ready, and takes it. A
 * result is the number of entries that were ready, and {@code user_data} and {@code res} of the one that was taken.
 */
public final class CompletionConsumption {
    private CompletionConsumption() {
    }

    abstract static class Ring extends CompletionRing {
        Ring() {
            super(2);
        }

        final void complete() {
            writeFirst(42);
            Cursors.publish(tailAddress, 1);
        }

        final void take(III_Result seen) {
            queue.take(completion);
            seen.r2 = (int) completion.userData();
            seen.r3 = completion.result();
        }
    }

    /** The product's order: the tail with acquire, then the contents. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "Nothing was ready.")
    @Outcome(id = "1, 42, 42", expect = Expect.ACCEPTABLE, desc = "Ready, and the contents are there.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A completion with the slot's earlier contents would go to an operation "
            + "that has long ended. The acquire load of the tail keeps the reading of the contents after it.")
    @State
    public static class TailAcquired extends Ring {
        @Actor
        public void kernel() {
            complete();
        }

        @Actor
        public void application(III_Result seen) {
            seen.r1 = queue.ready();
            if (seen.r1 != 0) {
                take(seen);
            }
        }
    }

    /**
     * Broken twin: the tail is loaded plainly, and the contents are not behind a branch.
     *
     * <p>Not observed on x86-64: the processor performs loads in order, and HotSpot's compilers were not seen to
     * exchange these two, although they may (the Java memory model orders no plain loads of different words). A weakly
     * ordered processor may, too, even across a branch.
     */
    @JCStressTest
    @Outcome(id = "1, 42, 42", expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "0, .*", expect = Expect.ACCEPTABLE, desc = "Nothing was ready, so the contents do not count.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "Ready without contents: the contents were read before the "
            + "tail. Not to be expected on x86-64, whose loads stay in order, unless a compiler exchanges them.")
    @State
    public static class TailLoadedPlainly extends Ring {
        @Actor
        public void kernel() {
            complete();
        }

        @Actor
        public void application(III_Result seen) {
            seen.r1 = RawMemory.getInt(tailAddress);
            seen.r2 = userDataOfFirst();
            seen.r3 = resultOfFirst();
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the contents are read first. */
    @JCStressTest
    @Outcome(id = "1, 42, 42", expect = Expect.ACCEPTABLE, desc = "All was there before both.")
    @Outcome(id = "0, .*", expect = Expect.ACCEPTABLE, desc = "Nothing was ready, so the contents do not count.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "Ready without contents: the kernel completed between the "
            + "two looks.")
    @State
    public static class ContentsFirst extends Ring {
        @Actor
        public void kernel() {
            complete();
        }

        @Actor
        public void application(III_Result seen) {
            seen.r2 = userDataOfFirst();
            seen.r3 = resultOfFirst();
            seen.r1 = queue.ready();
        }
    }
}
