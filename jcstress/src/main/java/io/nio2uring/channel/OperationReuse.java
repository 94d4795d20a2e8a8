package io.nio2uring.channel;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/**
 * Reuse of an operation's object: the next operation begins when nothing of the one before can touch it any more.
 *
 * <p>The loop ends a read through the product's {@link TransferOperation#take}. The user begins the next as the channel
 * does: takes the busy flag of {@link ChannelState}, then fills in the same object. A result is what stood in the way
 * (0 for nothing), and whether the object has the new read's future and buffer after all.
 */
public final class OperationReuse {
    private OperationReuse() {
    }

    /** The product's order: everything is forgotten, then the busy flag cleared. */
    @JCStressTest
    @Outcome(id = "1, false", expect = Expect.ACCEPTABLE, desc = "The first read was still under way.")
    @Outcome(id = "0, true", expect = Expect.ACCEPTABLE, desc = "The second read has begun, and is whole.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "The end of the first read wiped out the second. The busy flag is cleared "
                    + "after the last access to the object and set before the first, both by read-modify-write.")
    @State
    public static class ForgottenThenCleared extends PendingRead {
        @Actor
        public void loop() {
            read.take(COUNT, 0);
        }

        @Actor
        public void user(IZ_Result result) {
            result.r1 = endpoint.tryBegin(ChannelState.READING, ChannelState.CLOSED);
            if (result.r1 == 0) {
                beginAnother();
            }
        }

        @Arbiter
        public void afterwards(IZ_Result result) {
            result.r2 = isWhole();
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the busy flag is cleared first. */
    @JCStressTest
    @Outcome(id = {"1, false", "0, true"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "0, false", expect = Expect.ACCEPTABLE_INTERESTING, desc = "The end of the first read wiped out the "
            + "second: its user would wait for ever.")
    @State
    public static class ClearedThenForgotten extends PendingRead {
        @Actor
        public void loop() {
            endpoint.clear(ChannelState.READING);
            read.abandon();
        }

        @Actor
        public void user(IZ_Result result) {
            result.r1 = endpoint.tryBegin(ChannelState.READING, ChannelState.CLOSED);
            if (result.r1 == 0) {
                beginAnother();
            }
        }

        @Arbiter
        public void afterwards(IZ_Result result) {
            result.r2 = isWhole();
        }
    }
}
