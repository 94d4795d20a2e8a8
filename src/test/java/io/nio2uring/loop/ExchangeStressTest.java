package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.nio2uring.ring.Completion;
import io.nio2uring.ring.IoUring;
import io.nio2uring.ring.RingParameters;
import io.nio2uring.sys.FileCalls;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Several producers hand operations to one thread, which takes them through the kernel: the command queue, the sleep
 * handshake and both queues of the ring at full speed, against a kernel that runs in another thread (SQPOLL) and, in the
 * two modes that there are without it, one that does not.
 */
class ExchangeStressTest {
    private static final int PRODUCERS = 3;
    private static final int BATCH = 64;
    private static final int PER_PRODUCER = (10_000_000 / PRODUCERS / BATCH + 1) * BATCH;
    /** After how many batches a producer lets everything in flight end, so that the loop goes to sleep. */
    private static final int BATCHES_TO_PAUSE = 128;
    private static final int IN_FLIGHT = 64 * BATCH;
    private static final int POLLIN = 1;
    /** Far more than any wake-up takes. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(20);
    /** Larger than any {@code user_data} of an operation. */
    private static final long WAKE_UP = 1L << 62;

    /** One operation: which, by whom, and a checksum of both. */
    private static final class Exchange extends Command {
        final long userData;

        Exchange(int producer, int number) {
            long data = (long) producer << 32 | number;
            userData = data | checksum(data) << 40;
        }

        @Override
        protected void run(EventLoop loop) {
            throw new AssertionError("taken by the test");
        }
    }

    private enum Mode {
        COOPERATIVE, DEFERRED, POLLED;

        IoUring open() throws IOException {
            return switch (this) {
                case COOPERATIVE -> IoUring.open(parameters(RingParameters.COOP_TASKRUN));
                case DEFERRED -> IoUring.open(parameters(RingParameters.SINGLE_ISSUER | RingParameters.DEFER_TASKRUN));
                // Larger: where the kernel's thread has to share a processor, each full queue costs it a time slice.
                case POLLED -> IoUring.newSqpoll(1024, 1);
            };
        }

        private static RingParameters parameters(int flags) {
            return RingParameters.of(256).withSetupFlags(flags);
        }
    }

    private static long checksum(long data) {
        return data * 0x9E3779B97F4A7C15L >>> 44;
    }

    private final CommandQueue commands = new CommandQueue();
    private final SleepState sleepState = new SleepState();
    private final Semaphore permits = new Semaphore(IN_FLIGHT, true);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final BitSet[] seen = new BitSet[PRODUCERS];
    private int wakeUpFd;
    private long completed;
    private int permitsToGive;
    private boolean wakeUpArmed;
    private long waits;

    private void produce(int producer) {
        try {
            for (int number = 0; number < PER_PRODUCER && failure.get() == null; number++) {
                if (number % BATCH == 0) {
                    boolean pause = number % (BATCH * BATCHES_TO_PAUSE) == 0;
                    assertTrue(permits.tryAcquire(pause ? IN_FLIGHT : BATCH, 60, TimeUnit.SECONDS),
                            "the loop has stopped taking operations");
                    permits.release(pause ? IN_FLIGHT - BATCH : 0);
                }
                assertTrue(commands.push(new Exchange(producer, number)));
                if (sleepState.rouse()) {
                    FileCalls.signalEventfd(wakeUpFd);
                }
            }
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
        }
    }

    private void take(Completion completion) {
        long userData = completion.userData();
        if (userData == WAKE_UP) {
            wakeUpArmed = completion.hasMore();
            return;
        }
        long data = userData & 0xFF_FFFF_FFFFL;
        int producer = (int) (data >>> 32);
        assertEquals(checksum(data), userData >>> 40, "checksum");
        assertFalse(seen[producer].get((int) data), "completed twice");
        seen[producer].set((int) data);
        completed++;
        if (++permitsToGive == BATCH) {
            permits.release(BATCH);
            permitsToGive = 0;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void tenMillionOperationsOfSeveralProducersAreNeitherLostNorDoubled(Mode mode) throws Exception {
        wakeUpFd = FileCalls.eventfd(0, FileCalls.EFD_CLOEXEC | FileCalls.EFD_NONBLOCK);
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            seen[i] = new BitSet(PER_PRODUCER);
            int producer = i;
            producers.add(new Thread(() -> produce(producer), "producer-" + i));
        }
        try (IoUring ring = mode.open()) {
            producers.forEach(Thread::start);
            exchange(ring);
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
        }
        for (Thread producer : producers) {
            producer.join();
        }
        FileCalls.close(wakeUpFd);
        if (failure.get() != null) {
            throw new AssertionError(completed + " operations had completed", failure.get());
        }
        for (BitSet numbers : seen) {
            assertEquals(PER_PRODUCER, numbers.cardinality());
        }
        assertTrue(waits > 100, () -> "the loop has waited only " + waits + " times, which tests no wake-up");
    }

    private void exchange(IoUring ring) throws IOException {
        while (completed < (long) PRODUCERS * PER_PRODUCER && failure.get() == null) {
            for (Command command = commands.takeAll(); command != null;) {
                Command following = command.next;
                command.next = null;
                prepare(ring, ((Exchange) command).userData);
                command = following;
            }
            if (!wakeUpArmed) {
                wakeUpArmed = ring.prepPollAdd(wakeUpFd, POLLIN, true, WAKE_UP);
            }
            sleepState.fallAsleep();
            boolean mayWait = wakeUpArmed && commands.isEmpty();
            long start = System.nanoTime();
            ring.submitAndWait(mayWait ? 1 : 0, STUCK_NANOS);
            waits += mayWait ? 1 : 0;
            assertTrue(ring.readyCompletions() > 0 || System.nanoTime() - start < STUCK_NANOS,
                    () -> "nothing has ended a wait; commands: " + !commands.isEmpty() + ", " + ring);
            sleepState.awake();
            ring.forEachCompletion(this::take);
        }
    }

    private void prepare(IoUring ring, long userData) throws IOException {
        while (!ring.prepNop(userData)) {
            // Who looked for room all the time would keep the processor from the kernel's thread, which empties a polled
            // ring. A wait has to end by itself, since that thread tells what it has taken after what has completed: all
            // completions may have been taken from a queue that still seems full.
            ring.submitAndWait(1, Driver.RETRY_NANOS);
            ring.forEachCompletion(this::take);
        }
    }
}
