package io.nio2uring.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The end of a command queue: a command is refused, or it keeps the queue open.
 *
 * <p>A result is whether the push was accepted, whether the queue was closed, and whether a command was left in it.
 */
public final class QueueClosing {
    private QueueClosing() {
    }

    /** The product's queue, which is closed by the compare-and-set that finds it empty. */
    @JCStressTest
    @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "Closed, and the command refused.")
    @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The command came first, and the queue stays open.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "Accepted by a queue that nobody will look at any more, or refused without "
                    + "need. Looking whether it is empty and closing it are one compare-and-set.")
    @State
    public static class ClosedIfEmpty {
        private final NumberedCommand command = new NumberedCommand();
        private final CommandQueue queue = new CommandQueue();

        @Actor
        public void producer(III_Result result) {
            result.r1 = queue.push(command.with(1)) ? 1 : 0;
        }

        @Actor
        public void consumer(III_Result result) {
            result.r2 = queue.closeIfEmpty() ? 1 : 0;
        }

        @Arbiter
        public void rest(III_Result result) {
            result.r3 = NumberedCommand.digits(queue.takeAll());
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: check, then act. */
    @JCStressTest
    @Outcome(id = {"0, 1, 0", "1, 0, 1"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Accepted by a queue that nobody will look "
            + "at any more: each came between the other's look and deed.")
    @State
    public static class EmptyThenClosed {
        private final NumberedCommand command = new NumberedCommand();
        private final CommandQueue queue = new CommandQueue();
        private volatile boolean closed;

        @Actor
        public void producer(III_Result result) {
            if (!closed) {
                queue.push(command.with(1));
                result.r1 = 1;
            }
        }

        @Actor
        public void consumer(III_Result result) {
            if (queue.isEmpty()) {
                closed = true;
                result.r2 = 1;
            }
        }

        @Arbiter
        public void rest(III_Result result) {
            result.r3 = NumberedCommand.digits(queue.takeAll());
        }
    }
}
