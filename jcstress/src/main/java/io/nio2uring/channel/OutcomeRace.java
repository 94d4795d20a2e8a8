package io.nio2uring.channel;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.InterruptedByTimeoutException;

import io.nio2uring.loop.Baton;
import io.nio2uring.sys.Errno;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * The outcome of an operation: of completion, time limit, cancel and close exactly one determines it, and the user's
 * buffer is not touched after the user was told of another. Each pair of them, and all together from two sides; from
 * three: {@link ThreeSides}.
 *
 * <p>The loop brings a completion to the product's {@link TransferOperation#take}; the user cancels or closes. A result
 * is what the user was told by {@code cancel} and the buffer's position then, the outcome, and the position after all.
 */
public final class OutcomeRace {
    private static final int ECANCELED = -Errno.ECANCELED;

    private OutcomeRace() {
    }

    /** Completion against cancel: the product claims the outcome before it touches the buffer. */
    @JCStressTest
    @Outcome(id = "true, 0, cancelled, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled, and the bytes thrown away.")
    @Outcome(id = "false, 5, done 5, 5", expect = Expect.ACCEPTABLE,
            desc = "Too late: done, and the buffer is the user's.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "Two outcomes, or a buffer that changes after the cancel. Loop and user take "
                    + "the outcome under one lock, and a cancel waits while the loop has claimed it.")
    @State
    public static class CompletionAgainstCancel extends PendingRead {
        @Actor
        public void loop() {
            read.take(COUNT, 0);
        }

        @Actor
        public void user(LLLL_Result result) {
            cancel(result);
        }

        @Arbiter
        public void afterwards(LLLL_Result result) {
            examine(result);
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the buffer first, then the claim. */
    @JCStressTest
    @Outcome(id = {"true, 0, cancelled, 0", "false, 5, done 5, 5"}, expect = Expect.ACCEPTABLE,
            desc = "In order by luck.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "Cancelled, and yet the buffer has changed, perhaps while the "
                    + "user was using it for something else.")
    @State
    public static class BufferBeforeClaim extends PendingRead {
        @Actor
        public void loop() {
            buffer.position(COUNT);
            if (future.claim()) {
                future.settle(COUNT, null);
            }
        }

        @Actor
        public void user(LLLL_Result result) {
            cancel(result);
        }

        @Arbiter
        public void afterwards(LLLL_Result result) {
            examine(result);
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: check, then act. */
    @JCStressTest
    @Outcome(id = {"true, 0, cancelled, 0", "false, 5, done 5, 5"}, expect = Expect.ACCEPTABLE,
            desc = "In order by luck.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "Cancelled, and yet done: the cancel came between the loop's "
                    + "look and its deed.")
    @State
    public static class LookedThenSettled extends PendingRead {
        @Actor
        public void loop() {
            if (!future.isWithdrawn()) {
                buffer.position(COUNT);
                future.settle(COUNT, null);
            }
        }

        @Actor
        public void user(LLLL_Result result) {
            cancel(result);
        }

        @Arbiter
        public void afterwards(LLLL_Result result) {
            examine(result);
        }
    }

    /** Completion against close: the loop alone determines the outcome, by what the channel's state says. */
    @JCStressTest
    @Outcome(id = "BUSY, closed, 0", expect = Expect.ACCEPTABLE, desc = "Closed while it was pending.")
    @Outcome(id = "BUSY, done 5, 5", expect = Expect.ACCEPTABLE, desc = "Closed when the outcome was certain already.")
    @Outcome(id = "IDLE, done 5, 5", expect = Expect.ACCEPTABLE, desc = "Closed after the end.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "No outcome, or one that does not go with the buffer. Closing only asks for "
                    + "the end; the loop looks at the state once, before it claims the outcome.")
    @State
    public static class CompletionAgainstClose extends PendingRead {
        @Actor
        public void loop() {
            read.take(COUNT, 0);
        }

        @Actor
        public void user(LLL_Result result) {
            result.r1 = endpoint.markClosed();
        }

        @Arbiter
        public void afterwards(LLL_Result result) {
            result.r2 = outcome();
            result.r3 = buffer.position();
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the closing thread settles, too. */
    @JCStressTest
    @Outcome(id = {"BUSY, closed, 0", "BUSY, done 5, 5", "IDLE, done 5, 5"}, expect = Expect.ACCEPTABLE,
            desc = "In order by luck.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "Told that it was closed, and yet the buffer has changed: both "
                    + "determined the outcome.")
    @State
    public static class CloserSettles extends PendingRead {
        @Actor
        public void loop() {
            read.take(COUNT, 0);
        }

        @Actor
        public void user(LLL_Result result) {
            ChannelState.Closing found = endpoint.markClosed();
            if (found == ChannelState.Closing.BUSY) {
                future.settle(null, new AsynchronousCloseException());
            }
            result.r1 = found;
        }

        @Arbiter
        public void afterwards(LLL_Result result) {
            result.r2 = outcome();
            result.r3 = buffer.position();
        }
    }

    /** Time limit against cancel: the kernel has let go after the limit has passed. */
    @JCStressTest
    @Outcome(id = "true, 0, cancelled, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled in time.")
    @Outcome(id = "false, 0, timed out, 0", expect = Expect.ACCEPTABLE, desc = "Timed out before.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "Two outcomes or none, or bytes that never came. Time limit and cancel end "
                    + "the operation by the same claim.")
    @State
    public static class TimeLimitAgainstCancel extends PendingRead {
        @Actor
        public void loop() {
            read.expire();
            read.take(ECANCELED, 0);
        }

        @Actor
        public void user(LLLL_Result result) {
            cancel(result);
        }

        @Arbiter
        public void afterwards(LLLL_Result result) {
            examine(result);
        }
    }

    /**
     * Completion against time limit, which two threads of the group bring in turn: the product's {@link Baton} lets one
     * of them at the operation, and the other then finds that it has ended.
     */
    @JCStressTest
    @Outcome(id = "done 5, 5", expect = Expect.ACCEPTABLE, desc = "The bytes came in time.")
    @Outcome(id = "timed out, 0", expect = Expect.ACCEPTABLE, desc = "The limit had passed before.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "Two outcomes or none. Both are brought under ownership of the loop, which "
                    + "shows the second owner that the first has ended the operation.")
    @State
    public static class CompletionAgainstTimeLimit extends PendingRead {
        private final Baton baton = new Baton();
        /** Plain on purpose: the baton has to make it visible. In the product the operation has left its slot. */
        private boolean ended;

        private void bring(int kernelResult) {
            if (!ended) {
                ended = true;
                if (kernelResult == ECANCELED) {
                    read.expire();
                }
                read.take(kernelResult, 0);
            }
        }

        @Actor
        public void completion() {
            if (baton.tryTake()) {
                bring(COUNT);
                baton.release();
            }
        }

        @Actor
        public void timeLimit() {
            if (baton.tryTake()) {
                bring(ECANCELED);
                baton.release();
            }
        }

        @Arbiter
        public void afterwards(LL_Result result) {
            result.r1 = outcome();
            result.r2 = buffer.position();
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the two owners are not kept apart. */
    @JCStressTest
    @Outcome(id = {"done 5, 5", "timed out, 0"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "Timed out, and yet the buffer has changed; or the one ended the operation while the other was at it.")
    @State
    public static class CompletionAndTimeLimitAtOnce extends PendingRead {
        private boolean ended;

        @Actor
        public void completion() {
            if (!ended) {
                ended = true;
                buffer.position(COUNT);
                future.settle(COUNT, null);
            }
        }

        @Actor
        public void timeLimit() {
            if (!ended) {
                ended = true;
                future.settle(null, new InterruptedByTimeoutException());
            }
        }

        @Arbiter
        public void afterwards(LL_Result result) {
            result.r1 = outcome();
            result.r2 = buffer.position();
        }
    }

    /** Time limit against close: the loop determines the outcome, and whichever it sees, it is one of the two. */
    @JCStressTest
    @Outcome(id = "BUSY, closed, 0", expect = Expect.ACCEPTABLE, desc = "Closed while it was pending.")
    @Outcome(id = "BUSY, timed out, 0", expect = Expect.ACCEPTABLE,
            desc = "Closed when the outcome was certain already.")
    @Outcome(id = "IDLE, timed out, 0", expect = Expect.ACCEPTABLE, desc = "Closed after the end.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "No outcome, or bytes that never came. Closing only asks for the end; the "
                    + "loop looks at the state once, before it claims the outcome.")
    @State
    public static class TimeLimitAgainstClose extends PendingRead {
        @Actor
        public void loop() {
            read.expire();
            read.take(ECANCELED, 0);
        }

        @Actor
        public void user(LLL_Result result) {
            result.r1 = endpoint.markClosed();
        }

        @Arbiter
        public void afterwards(LLL_Result result) {
            result.r2 = outcome();
            result.r3 = buffer.position();
        }
    }

    /** Cancel against close, by two users; the kernel lets go afterwards, having received something all the same. */
    @JCStressTest
    @Outcome(id = "true, BUSY, cancelled, 0", expect = Expect.ACCEPTABLE,
            desc = "Cancelled: closing asks for the end, and does not determine it.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "A close that determines the outcome, or bytes in a buffer that was given "
                    + "back. The loop claims the outcome before it touches the buffer, and the cancel came before that.")
    @State
    public static class CancelAgainstClose extends PendingRead {
        @Actor
        public void canceller(LLLL_Result result) {
            result.r1 = future.withdraw();
        }

        @Actor
        public void closer(LLLL_Result result) {
            result.r2 = endpoint.markClosed();
        }

        @Arbiter
        public void afterwards(LLLL_Result result) {
            read.take(COUNT, 0);
            examine(result);
        }
    }

    /** All together: the limit has passed and the bytes came nevertheless, while the user closes and cancels. */
    @JCStressTest
    @Outcome(id = "true, 0, cancelled, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled in time.")
    @Outcome(id = "false, 5, done 5, 5", expect = Expect.ACCEPTABLE, desc = "Done before all else.")
    @Outcome(id = "false, 0, closed, 0", expect = Expect.ACCEPTABLE, desc = "Closed while it was pending.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two outcomes or none, or one that does not go with the buffer. Whoever "
            + "comes first under the future's lock determines it, and the loop touches the buffer only if that is the "
            + "loop.")
    @State
    public static class AllTogether extends PendingRead {
        @Actor
        public void loop() {
            read.expire();
            read.take(COUNT, 0);
        }

        @Actor
        public void user(LLLL_Result result) {
            endpoint.markClosed();
            cancel(result);
        }

        @Arbiter
        public void afterwards(LLLL_Result result) {
            examine(result);
        }
    }
}
