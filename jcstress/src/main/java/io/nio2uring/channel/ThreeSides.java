package io.nio2uring.channel;

import java.nio.channels.AsynchronousCloseException;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * The outcome of an operation, from three sides at once: the loop brings completion and time limit, one user cancels,
 * another closes.
 *
 * <p>jcstress leaves out tests with more actors than processors. The build tells it of three, whatever there are, in a
 * run of its own (jcstress-three-sides in pom.xml).
 */
public final class ThreeSides {
    private ThreeSides() {
    }

    /** The limit has passed and the bytes came nevertheless, while one user cancels and another closes. */
    @JCStressTest
    @Outcome(id = "true, 0, cancelled, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled in time.")
    @Outcome(id = "false, 5, done 5, 5", expect = Expect.ACCEPTABLE, desc = "Done before all else.")
    @Outcome(id = "false, 0, closed, 0", expect = Expect.ACCEPTABLE, desc = "Closed while it was pending.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two outcomes or none, or one that does not go with the buffer. Whoever "
            + "comes first under the future's lock determines it, and the loop touches the buffer only if that is the "
            + "loop.")
    @State
    public static class OneClaims extends PendingRead {
        @Actor
        public void loop() {
            read.expire();
            read.take(COUNT, 0);
        }

        @Actor
        public void canceller(LLLL_Result result) {
            cancel(result);
        }

        @Actor
        public void closer() {
            endpoint.markClosed();
        }

        @Arbiter
        public void afterwards(LLLL_Result result) {
            examine(result);
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the closing thread settles, too. */
    @JCStressTest
    @Outcome(id = {"true, 0, cancelled, 0", "false, 5, done 5, 5", "false, 0, closed, 0"},
            expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "Two outcomes: the closing thread looked whether there was "
            + "one, and another came between its look and its deed.")
    @State
    public static class CloserSettles extends PendingRead {
        @Actor
        public void loop() {
            read.expire();
            read.take(COUNT, 0);
        }

        @Actor
        public void canceller(LLLL_Result result) {
            cancel(result);
        }

        @Actor
        public void closer() {
            endpoint.markClosed();
            if (!future.isSettled()) {
                future.settle(null, new AsynchronousCloseException());
            }
        }

        @Arbiter
        public void afterwards(LLLL_Result result) {
            examine(result);
        }
    }
}
