package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

class CommandQueueTest {
    private static final long PATIENCE_SECONDS = 20;

    private static final class Numbered extends Command {
        final int producer;
        final int number;
        volatile boolean taken;

        Numbered(int producer, int number) {
            this.producer = producer;
            this.number = number;
        }

        @Override
        protected void run(EventLoop loop) {
            throw new AssertionError("no loop here");
        }
    }

    private final CommandQueue queue = new CommandQueue();

    @Test
    void takesAllAtOnceOldestFirst() {
        Numbered first = new Numbered(0, 1);
        Numbered second = new Numbered(0, 2);
        Numbered third = new Numbered(0, 3);
        assertTrue(queue.push(first) && queue.push(second) && queue.push(third));

        Command taken = queue.takeAll();

        assertSame(first, taken);
        assertSame(second, first.next);
        assertSame(third, second.next);
        assertNull(third.next);
        assertTrue(queue.isEmpty());
        assertNull(queue.takeAll());
    }

    @Test
    void aQueueWithCommandsDoesNotClose() {
        queue.push(new Numbered(0, 1));
        assertFalse(queue.closeIfEmpty());
        assertTrue(queue.push(new Numbered(0, 2)), "still open");
    }

    @Test
    void aClosedQueueRefusesAndStaysEmpty() {
        assertTrue(queue.closeIfEmpty());
        assertTrue(queue.closeIfEmpty(), "closing twice");
        assertFalse(queue.push(new Numbered(0, 1)));
        assertNull(queue.takeAll());
        assertTrue(queue.isEmpty());
    }

    @Test
    void nothingIsLostOrDoubledAndEachProducersOrderIsKept() throws InterruptedException {
        int producers = 4;
        int commandsEach = 50_000;
        for (int producer = 0; producer < producers; producer++) {
            int self = producer;
            Thread.ofPlatform().daemon().start(() -> {
                for (int number = 0; number < commandsEach; number++) {
                    queue.push(new Numbered(self, number));
                }
            });
        }
        int[] next = new int[producers];
        int taken = 0;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (taken < producers * commandsEach) {
            assertTrue(System.nanoTime() - deadline < 0, () -> "only came: " + java.util.Arrays.toString(next));
            for (Command command = queue.takeAll(); command != null; command = command.next) {
                Numbered numbered = (Numbered) command;
                assertEquals(next[numbered.producer]++, numbered.number);
                taken++;
            }
        }
        assertTrue(queue.isEmpty());
    }

    /** What was accepted is taken; what comes after the close is told so. */
    @Test
    void closingRacingProducersLosesNothing() throws InterruptedException {
        for (int round = 0; round < 30; round++) {
            CommandQueue contested = new CommandQueue();
            int producers = 2;
            AtomicInteger accepted = new AtomicInteger();
            CountDownLatch finished = new CountDownLatch(producers);
            List<Thread> threads = new ArrayList<>();
            for (int producer = 0; producer < producers; producer++) {
                threads.add(Thread.ofPlatform().daemon().start(() -> {
                    for (Numbered command; contested.push(command = new Numbered(0, 0));) {
                        accepted.incrementAndGet();
                        // Leaves gaps in which the queue is found empty.
                        for (int spins = 0; !command.taken && spins < 1000; spins++) {
                            Thread.onSpinWait();
                        }
                    }
                    finished.countDown();
                }));
            }
            int taken = 0;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            do {
                assertTrue(System.nanoTime() - deadline < 0, "never found empty");
                for (Command command = contested.takeAll(); command != null; command = command.next) {
                    ((Numbered) command).taken = true;
                    taken++;
                }
            } while (taken < 20 || !contested.closeIfEmpty());
            assertTrue(finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "a producer was not told");
            assertEquals(accepted.get(), taken);
        }
    }
}
