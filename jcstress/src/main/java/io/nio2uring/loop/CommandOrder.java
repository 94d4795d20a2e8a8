package io.nio2uring.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The command queue: none is lost, none comes twice, each producer's order is kept, and their contents are there.
 *
 * <p>A result is what an actor took and what was left after all, as digits in the order in which they were taken; a
 * command whose number is not visible would be a 0.
 */
public final class CommandOrder {
    private CommandOrder() {
    }

    abstract static class Commands {
        final NumberedCommand first = new NumberedCommand();
        final NumberedCommand second = new NumberedCommand();
    }

    /** The product's queue between a producer and the consumer. */
    @JCStressTest
    @Outcome(id = "0, 12", expect = Expect.ACCEPTABLE, desc = "The consumer came too early.")
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "The consumer came between the two.")
    @Outcome(id = "12, 0", expect = Expect.ACCEPTABLE, desc = "The consumer took both, oldest first.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, out of order or without contents. The producer's "
            + "compare-and-set releases what it wrote, the consumer's exchange acquires it and leaves nothing behind.")
    @State
    public static class OneProducer extends Commands {
        private final CommandQueue queue = new CommandQueue();

        @Actor
        public void producer() {
            queue.push(first.with(1));
            queue.push(second.with(2));
        }

        @Actor
        public void consumer(II_Result result) {
            result.r1 = NumberedCommand.digits(queue.takeAll());
        }

        @Arbiter
        public void rest(II_Result result) {
            result.r2 = NumberedCommand.digits(queue.takeAll());
        }
    }

    /** The product's queue between two producers, of which the second is the consumer, too. */
    @JCStressTest
    @Outcome(id = {"34, 12", "134, 2", "314, 2", "341, 2"}, expect = Expect.ACCEPTABLE,
            desc = "The consumer came before the other producer had pushed all.")
    @Outcome(id = {"1234, 0", "1324, 0", "1342, 0", "3124, 0", "3142, 0", "3412, 0"}, expect = Expect.ACCEPTABLE,
            desc = "All were there, each producer's in order.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled or out of order. A push takes effect only if the head is "
            + "still what the command was linked to.")
    @State
    public static class TwoProducers extends Commands {
        private final NumberedCommand third = new NumberedCommand();
        private final NumberedCommand fourth = new NumberedCommand();
        private final CommandQueue queue = new CommandQueue();

        @Actor
        public void producer() {
            queue.push(first.with(1));
            queue.push(second.with(2));
        }

        @Actor
        public void producerAndConsumer(II_Result result) {
            queue.push(third.with(3));
            queue.push(fourth.with(4));
            result.r1 = NumberedCommand.digits(queue.takeAll());
        }

        @Arbiter
        public void rest(II_Result result) {
            result.r2 = NumberedCommand.digits(queue.takeAll());
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the head is read, then written. */
    @JCStressTest
    @Outcome(id = {"12", "21"}, expect = Expect.ACCEPTABLE, desc = "One producer came after the other.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "A command is lost: both were linked to the same head.")
    @State
    public static class HeadReadThenWritten extends Commands {
        private volatile Command head;

        private void push(Command command) {
            command.next = head;
            head = command;
        }

        @Actor
        public void oneProducer() {
            push(first.with(1));
        }

        @Actor
        public void anotherProducer() {
            push(second.with(2));
        }

        @Arbiter
        public void rest(I_Result result) {
            result.r1 = NumberedCommand.digits(head);
        }
    }
}
