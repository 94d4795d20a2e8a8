package io.nio2uring.channel;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The end of a group: exactly one thread is told that it is over, and no channel is alive then.
 *
 * <p>Through the product's {@link Membership}, which {@link RingChannelGroup} asks. A result says for each actor
 * whether its call succeeded (an addition) or ended the group (a removal, a shutdown).
 */
public final class GroupTermination {
    private static final Object CHANNEL = "a channel";
    private static final Object OTHER_CHANNEL = "another channel";

    private GroupTermination() {
    }

    /** A channel is opened while the group is shut down, and closed after all. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The channel came first, and its close ends the group.")
    @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "The group was over, and the channel refused.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "A channel in a group that has terminated, or a group that never does, or "
                    + "twice. Looking whether it is shut down and adding are done under one lock.")
    @State
    public static class OpenAgainstShutdown {
        private final Membership<Object> members = new Membership<>();

        @Actor
        public void opener(III_Result result) {
            result.r1 = members.add(CHANNEL) ? 1 : 0;
        }

        @Actor
        public void stopper(III_Result result) {
            result.r2 = members.shutDown() ? 1 : 0;
        }

        @Arbiter
        public void closer(III_Result result) {
            result.r3 = result.r1 == 1 && members.remove(CHANNEL) ? 1 : 0;
        }
    }

    /** The last channel is closed while the group is shut down. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "Whoever comes last ends the group.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "A group that never terminates, or twice. Leaving, shutting down and looking "
                    + "whether that was all are done under one lock.")
    @State
    public static class LastCloseAgainstShutdown {
        private final Membership<Object> members = new Membership<>();

        public LastCloseAgainstShutdown() {
            members.add(CHANNEL);
        }

        @Actor
        public void closer(II_Result result) {
            result.r1 = members.remove(CHANNEL) ? 1 : 0;
        }

        @Actor
        public void stopper(II_Result result) {
            result.r2 = members.shutDown() ? 1 : 0;
        }
    }

    /** Two last channels of a group that was shut down are closed. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "Whoever comes last ends the group.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A group that never terminates, or twice.")
    @State
    public static class TwoLastCloses {
        private final Membership<Object> members = new Membership<>();

        public TwoLastCloses() {
            members.add(CHANNEL);
            members.add(OTHER_CHANNEL);
            members.shutDown();
        }

        @Actor
        public void closer(II_Result result) {
            result.r1 = members.remove(CHANNEL) ? 1 : 0;
        }

        @Actor
        public void anotherCloser(II_Result result) {
            result.r2 = members.remove(OTHER_CHANNEL) ? 1 : 0;
        }
    }

    /** Broken twin: the same with a counter and a flag, each correct by itself. */
    abstract static class Loose {
        final AtomicInteger count = new AtomicInteger();
        volatile boolean shutdown;

        final boolean add() {
            if (shutdown) {
                return false;
            }
            count.incrementAndGet();
            return true;
        }

        final boolean remove() {
            count.decrementAndGet();
            return isOver();
        }

        final boolean shutDown() {
            shutdown = true;
            return isOver();
        }

        private boolean isOver() {
            return shutdown && count.get() == 0;
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: check, then act. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "A channel in a group that has terminated: the "
                    + "shutdown came between the opener's look and its deed.")
    @State
    public static class LookedThenAdded extends Loose {
        @Actor
        public void opener(II_Result result) {
            result.r1 = add() ? 1 : 0;
        }

        @Actor
        public void stopper(II_Result result) {
            result.r2 = shutDown() ? 1 : 0;
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the deed, then a separate look. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Terminated twice: both looked after both had "
            + "acted.")
    @State
    public static class ActedThenLooked extends Loose {
        public ActedThenLooked() {
            add();
        }

        @Actor
        public void closer(II_Result result) {
            result.r1 = remove() ? 1 : 0;
        }

        @Actor
        public void stopper(II_Result result) {
            result.r2 = shutDown() ? 1 : 0;
        }
    }
}
