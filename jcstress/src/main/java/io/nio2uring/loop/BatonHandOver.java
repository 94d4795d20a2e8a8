package io.nio2uring.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Hand-over of a ring between threads: never two owners, never none with work pending, and what the first wrote the
 * second sees.
 *
 * <p>What the baton guards is a plain field here, {@code visits}; each owner adds one.
 */
public final class BatonHandOver {
    /** How often a successor tries: one try would mostly miss the leader's handler. */
    private static final int TRIES = 10;

    private BatonHandOver() {
    }

    abstract static class Ring {
        final Attendant leader = new IdleAttendant();
        final Attendant other = new IdleAttendant();
        final Baton baton = new Baton();
        /** Plain on purpose: the baton has to make it visible. */
        int visits;

        /** Long enough to be taken over meanwhile. */
        static void handler() {
            Thread.onSpinWait();
        }

        /** Led by the leader, who holds the baton. */
        Ring() {
            baton.tryTake();
            baton.appoint(leader);
        }
    }

    /**
     * The product's {@link Baton} when a leader goes into a handler and another attendant takes the ring over, if it
     * can, before the leader comes back, and then goes into a handler itself. A result is what leader and successor saw
     * of each other's and the handler's visits, 0 for the one that did not get the ring.
     */
    @JCStressTest
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "The leader came back in time.")
    @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "The successor has it, and saw what the leader wrote.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN,
            desc = "Nobody has it. A leader that was not deposed gets the baton "
                    + "back as soon as the other lets go.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two owners, or one that does not see what the other wrote. The lock is "
            + "taken by compare-and-set (acquire) and let go by a release store, and the leader changes only under it.")
    @State
    public static class Relief extends Ring {
        @Actor
        public void leader(II_Result result) {
            visits++;
            baton.release();
            handler();
            if (baton.resume(leader)) {
                result.r1 = ++visits;
            }
        }

        @Actor
        public void successor(II_Result result) {
            for (int tries = TRIES; tries > 0 && result.r2 == 0; tries--) {
                if (baton.tryTake()) {
                    baton.appoint(other);
                    result.r2 = ++visits;
                    // Into a handler itself.
                    baton.release();
                }
            }
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the successor looks, and does not lock. */
    @JCStressTest
    @Outcome(id = {"2, 0", "0, 2"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "Two owners: the leader came back between the successor's "
            + "look and its appointment.")
    @State
    public static class ReliefWithoutLock extends Ring {
        @Actor
        public void leader(II_Result result) {
            visits++;
            baton.release();
            handler();
            if (baton.resume(leader)) {
                result.r1 = ++visits;
            }
        }

        @Actor
        public void successor(II_Result result) {
            for (int tries = TRIES; tries > 0 && result.r2 == 0; tries--) {
                if (baton.isFree()) {
                    baton.appoint(other);
                    result.r2 = ++visits;
                }
            }
        }
    }

    /**
     * The product's {@link Baton} when another attendant holds it in passing: the leader always gets it back. A result
     * is whether leader and visitor got it, and the visits after all.
     */
    @JCStressTest
    @Outcome(id = "1, 0, 2", expect = Expect.ACCEPTABLE, desc = "The visitor was refused.")
    @Outcome(id = "1, 1, 3", expect = Expect.ACCEPTABLE, desc = "Both held it, one after the other.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The leader lost the ring to nobody, or the two held it at once.")
    @State
    public static class Visit extends Ring {
        @Actor
        public void leader(III_Result result) {
            visits++;
            baton.release();
            if (baton.resume(leader)) {
                visits++;
                baton.release();
                result.r1 = 1;
            }
        }

        @Actor
        public void visitor(III_Result result) {
            if (baton.tryTake()) {
                visits++;
                baton.release();
                result.r2 = 1;
            }
        }

        @Arbiter
        public void count(III_Result result) {
            result.r3 = visits;
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the lock is looked at, then taken. */
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1", "1, 1, 2"}, expect = Expect.ACCEPTABLE, desc = "One after the other.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "Two owners at once, and one's visit is lost.")
    @State
    public static class LookedThenTaken {
        private volatile int held;
        private int visits;

        private boolean visit() {
            if (held != 0) {
                return false;
            }
            held = 1;
            visits++;
            held = 0;
            return true;
        }

        @Actor
        public void one(III_Result result) {
            result.r1 = visit() ? 1 : 0;
        }

        @Actor
        public void another(III_Result result) {
            result.r2 = visit() ? 1 : 0;
        }

        @Arbiter
        public void count(III_Result result) {
            result.r3 = visits;
        }
    }

    /** A leader that leaves the ring, and a watcher that is nominated; as in {@link EventLoop} and {@link Watcher}. */
    abstract static class Departure extends Ring {
        /** True from an earlier nomination, which the watcher is about to follow. */
        volatile boolean nominated = true;

        final boolean attend() {
            if (!nominated) {
                return false;
            }
            nominated = false;
            if (!baton.tryTake()) {
                return false;
            }
            if (baton.leader() != null) {
                baton.release();
                return false;
            }
            baton.appoint(other);
            return true;
        }
    }

    /** The product's order: leave, let go, nominate. A result is whether the watcher took it now or later. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE,
            desc = "The watcher has it, at once or when it looks again.")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN,
            desc = "Nobody has it and nobody will. The nomination comes after the "
                    + "letting go and is sequentially consistent, so a watcher that used it up finds the baton free.")
    @State
    public static class NominatedLast extends Departure {
        @Actor
        public void leader() {
            baton.appoint(null);
            baton.release();
            nominated = true;
        }

        @Actor
        public void watcher(II_Result result) {
            result.r1 = attend() ? 1 : 0;
        }

        @Arbiter
        public void later(II_Result result) {
            result.r2 = attend() ? 1 : 0;
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: nominated before letting go. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "Nobody has it and nobody will: the watcher used "
                    + "its nomination up while the leader still held the baton.")
    @State
    public static class NominatedFirst extends Departure {
        @Actor
        public void leader() {
            nominated = true;
            baton.appoint(null);
            baton.release();
        }

        @Actor
        public void watcher(II_Result result) {
            result.r1 = attend() ? 1 : 0;
        }

        @Arbiter
        public void later(II_Result result) {
            result.r2 = attend() ? 1 : 0;
        }
    }
}
