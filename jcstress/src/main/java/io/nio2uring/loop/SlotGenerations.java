package io.nio2uring.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Slot generations: a completion of an earlier use of a slot never reaches the later one.
 *
 * <p>One owner of the ring ends an operation and gives its slot to the next; another owner has a completion of the
 * earlier use in hand, a cancelled request's perhaps, and asks the product's {@link SlotTable} whom it is for. The
 * {@link Baton} keeps the owners apart. A result is whom it found: 1 for the earlier operation, 2 for the later, 0 for
 * nobody, -1 for an owner that was not let in; and whether the slot had been given on.
 */
public final class SlotGenerations {
    private SlotGenerations() {
    }

    abstract static class Table {
        final IdleOperation earlier = new IdleOperation();
        final IdleOperation later = new IdleOperation();
        final SlotTable slots = new SlotTable(1);
        final Baton baton = new Baton();
        final long userData;

        Table() {
            slots.acquire(earlier);
            userData = slots.userData(earlier);
        }

        final void reuse() {
            slots.release(earlier);
            slots.acquire(later);
        }

        final int name(Operation operation) {
            return operation == null ? 0 : operation == earlier ? 1 : 2;
        }
    }

    /** The product's order: generation and slot under the baton. */
    @JCStressTest
    @Outcome(id = "-1, [01]", expect = Expect.ACCEPTABLE, desc = "The other owner held the ring.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The other owner was refused: nothing has changed.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Found before the slot was given on.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The slot was given on, and the completion finds nobody.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "The completion reached the later operation, whose buffer the kernel still "
                    + "uses, or missed the earlier. A slot's generation changes with its holder, and the baton shows "
                    + "both together.")
    @State
    public static class Owned extends Table {
        @Actor
        public void reuser(II_Result result) {
            if (baton.tryTake()) {
                reuse();
                baton.release();
                result.r2 = 1;
            }
        }

        @Actor
        public void finder(II_Result result) {
            result.r1 = -1;
            if (baton.tryTake()) {
                result.r1 = name(slots.find(userData));
                baton.release();
            }
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: a slot's number, without a generation. */
    @JCStressTest
    @Outcome(id = {"-1, [01]", "1, [01]"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "The completion reached the later operation, which "
                    + "was given the same slot.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "An operation was in the slot all the time.")
    @State
    public static class WithoutGeneration extends Table {
        private IdleOperation holder = earlier;

        @Actor
        public void reuser(II_Result result) {
            if (baton.tryTake()) {
                reuse();
                holder = later;
                baton.release();
                result.r2 = 1;
            }
        }

        @Actor
        public void finder(II_Result result) {
            result.r1 = -1;
            if (baton.tryTake()) {
                // What the user data would be if it named the slot alone: always that of its present holder.
                result.r1 = name(slots.find(slots.userData(holder)));
                baton.release();
            }
        }
    }

    /**
     * Broken twin that shows on every processor and in every compiler mode: a generation, but nothing that keeps the
     * owners apart.
     */
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "The completion reached the later operation: the "
                    + "slot was given on between the look at its generation and that at its holder.")
    @State
    public static class Unowned extends Table {
        @Actor
        public void reuser(II_Result result) {
            reuse();
            result.r2 = 1;
        }

        @Actor
        public void finder(II_Result result) {
            result.r1 = name(slots.find(userData));
        }
    }
}
