package io.nio2uring.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The sleep of a loop's leader: it finds the command that a producer has pushed, or the producer wakes it.
 *
 * <p>Through the product's {@link CommandQueue} and {@link SleepState} the producer pushes a command, then asks whether
 * it must signal; the leader says that it sleeps, then looks at the queue, as {@link EventLoop} does. A result is
 * whether the producer signals, whether the leader found the command, and whether the leader knows of a signal when it
 * ends its sleep (it must read each one before the descriptor may be closed).
 */
public final class WakeUp {
    private WakeUp() {
    }

    abstract static class Loop {
        private final NumberedCommand command = new NumberedCommand();
        final CommandQueue commands = new CommandQueue();
        /**
         * Keeps the two in different cache lines, as they are allocated one after the other: in one line a store and a
         * load wait for the same line, and the processor hardly ever shows that it may exchange them.
         */
        final byte[] apart = new byte[128];
        final SleepState sleepState = new SleepState();

        final void push() {
            commands.push(command.with(1));
        }
    }

    /** The product's order on both sides: store, then look. */
    @JCStressTest
    @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "The leader found the command and does not sleep.")
    @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The leader sleeps, and the producer wakes it.")
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Both; the leader knows that a signal is coming.")
    @Outcome(id = "0, 0, .*", expect = Expect.FORBIDDEN,
            desc = "A lost wake-up: the leader sleeps over the command. Push "
                    + "and sleep are sequentially consistent, so at least one look comes after both stores.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "Signalled, and the leader does not know, or the other way round. The two "
                    + "compare-and-sets that end a sleep cannot both succeed.")
    @State
    public static class StoredThenLooked extends Loop {
        @Actor
        public void producer(III_Result result) {
            push();
            result.r1 = sleepState.rouse() ? 1 : 0;
        }

        @Actor
        public void leader(III_Result result) {
            sleepState.fallAsleep();
            if (!commands.isEmpty()) {
                result.r2 = 1;
                result.r3 = sleepState.awake() ? 0 : 1;
            }
        }

        @Arbiter
        public void wokenUp(III_Result result) {
            if (result.r2 == 0) {
                result.r3 = sleepState.awake() ? 0 : 1;
            }
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: check, then act. */
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "A lost wake-up: the producer came between the "
                    + "leader's look at the queue and its word that it sleeps.")
    @State
    public static class LookedThenStored extends Loop {
        @Actor
        public void producer(II_Result result) {
            push();
            result.r1 = sleepState.rouse() ? 1 : 0;
        }

        @Actor
        public void leader(II_Result result) {
            boolean empty = commands.isEmpty();
            sleepState.fallAsleep();
            result.r2 = empty ? 0 : 1;
        }
    }

    /**
     * Broken twin: the leader's word is a release store, which may come after its look at the queue. Shows on x86-64
     * under C2; interpreter and C1 put so much between the two that the store buffer was empty by then whenever it was
     * tried.
     */
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "A lost wake-up: the leader's store was still in "
                    + "the processor's store buffer when it looked at the queue, which release and acquire allow.")
    @State
    public static class StoredWithRelease extends Loop {
        private static final VarHandle ASLEEP;

        static {
            try {
                ASLEEP = MethodHandles.lookup().findVarHandle(StoredWithRelease.class, "asleep", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private boolean asleep;

        @Actor
        public void producer(II_Result result) {
            push();
            result.r1 = (boolean) ASLEEP.getAcquire(this) ? 1 : 0;
        }

        @Actor
        public void leader(II_Result result) {
            ASLEEP.setRelease(this, true);
            result.r2 = commands.isEmpty() ? 0 : 1;
        }
    }
}
