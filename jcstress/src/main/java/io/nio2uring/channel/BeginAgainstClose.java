package io.nio2uring.channel;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A channel that is closed while an operation begins: the close knows of the operation, or the operation does not
 * begin.
 *
 * <p>Else the descriptor would be released at once, and the operation reach the kernel with a number that is another
 * socket's by then. A result is what stood in the operation's way (0 for nothing) and what the close found.
 */
public final class BeginAgainstClose {
    private BeginAgainstClose() {
    }

    abstract static class Channel {
        final Endpoint endpoint = new Endpoint(null, null, null, DescriptorSocket.connected(-1), 0);
    }

    /** The product's {@link ChannelState}: busy flag and close flag in one word. */
    @JCStressTest
    @Outcome(id = "0, BUSY", expect = Expect.ACCEPTABLE, desc = "The operation began, and the close cancels it.")
    @Outcome(id = "256, IDLE", expect = Expect.ACCEPTABLE, desc = "The close came first, and the operation is refused.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "The descriptor would be released under an operation, or a close wait for "
                    + "one that never began. Looking for the close and setting the busy flag are one compare-and-set.")
    @State
    public static class OneWord extends Channel {
        @Actor
        public void beginner(IL_Result result) {
            result.r1 = endpoint.tryBegin(ChannelState.READING, ChannelState.CLOSED);
        }

        @Actor
        public void closer(IL_Result result) {
            result.r2 = endpoint.markClosed();
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: check, then act. */
    @JCStressTest
    @Outcome(id = {"0, BUSY", "256, IDLE"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "0, IDLE", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "The descriptor would be released under the "
                    + "operation: the close came between its look and its flag.")
    @State
    public static class LookedThenBegun extends Channel {
        @Actor
        public void beginner(IL_Result result) {
            if (endpoint.isOpen()) {
                endpoint.set(ChannelState.READING);
            } else {
                result.r1 = ChannelState.CLOSED;
            }
        }

        @Actor
        public void closer(IL_Result result) {
            result.r2 = endpoint.markClosed();
        }
    }

    /** The product's {@link ChannelState} with two threads that close: one of them does it. */
    @JCStressTest
    @Outcome(id = {"IDLE, ALREADY", "ALREADY, IDLE"}, expect = Expect.ACCEPTABLE, desc = "One of the two closes.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "Closed twice or not at all: a read-modify-write tells one thread that it "
                    + "set the flag.")
    @State
    public static class TwoCloses extends Channel {
        @Actor
        public void closer(LL_Result result) {
            result.r1 = endpoint.markClosed();
        }

        @Actor
        public void anotherCloser(LL_Result result) {
            result.r2 = endpoint.markClosed();
        }
    }
}
