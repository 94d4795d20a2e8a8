package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.LoopOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 6: every accepted operation ends in exactly one of completed, failed, cancelled, whatever comes together:
 * data, a timeout, a cancellation, a close.
 */
class ExactlyOnceTest {
    private static final int ROUNDS = 700;
    private static final int LENGTH = 32;

    private enum End {
        COMPLETED, TIMED_OUT, CLOSED, CANCELLED
    }

    private static Stream<Arguments> groups() {
        return Stream.of(Arguments.of(1L, 1, LoopOptions.DEFAULT), Arguments.of(2L, 2, LoopOptions.DEFAULT),
                Arguments.of(3L, 1, new LoopOptions(1, 2, 1, 64, 1, 64)),
                Arguments.of(4L, 2, new LoopOptions(2, 2, 2, 64, 1, 64)),
                Arguments.of(5L, 2, LoopOptions.DEFAULT.with(OpenGroup.SPINNING)),
                Arguments.of(6L, 1, LoopOptions.DEFAULT.with(OpenGroup.SQPOLL)),
                Arguments.of(7L, 2, new LoopOptions(2, 2, 2, 64, 1, 64).with(OpenGroup.SQPOLL)));
    }

    private final Map<End, Integer> ends = new EnumMap<>(End.class);

    private void count(End end) {
        ends.merge(end, 1, Integer::sum);
    }

    @ParameterizedTest(name = "seed {0}, {1} threads, {2}")
    @MethodSource("groups")
    void handlersAreCalledOnceWhenDataTimeoutAndCloseMeet(long seed, int threads, LoopOptions options)
            throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<Outcome<Integer>> outcomes = new ArrayList<>();
        List<ByteBuffer> buffers = new ArrayList<>();
        try (OpenGroup group = OpenGroup.fixed(threads, options);
                ExecutorService others = Executors.newFixedThreadPool(2)) {
            CyclicBarrier start = new CyclicBarrier(3);
            for (int round = 0; round < ROUNDS; round++) {
                Pair pair = group.pair();
                ByteBuffer buffer = random.nextBoolean() ? ByteBuffer.allocate(LENGTH)
                        : ByteBuffer.allocateDirect(LENGTH);
                Outcome<Integer> read = new Outcome<>();
                outcomes.add(read);
                buffers.add(buffer);
                long timeoutMicros = random.nextInt(4) == 0 ? 0 : random.nextInt(1, 300);
                // Which of the others take part, and after how long.
                boolean sends = random.nextInt(4) != 0;
                boolean closes = !sends && timeoutMicros == 0 || random.nextBoolean();
                int sendSpins = random.nextInt(6000);
                int closeSpins = random.nextInt(6000);
                Future<?> sender = others.submit(() -> {
                    await(start);
                    spin(sendSpins);
                    if (sends) {
                        pair.peer().getOutputStream().write(new byte[LENGTH]);
                    }
                    return null;
                });
                Future<?> closer = others.submit(() -> {
                    await(start);
                    spin(closeSpins);
                    if (closes) {
                        pair.channel().close();
                    }
                    return null;
                });
                await(start);
                try {
                    pair.channel().read(buffer, timeoutMicros, TimeUnit.MICROSECONDS, null, read);
                } finally {
                    Waits.result(sender, "sender");
                    Waits.result(closer, "closer");
                }
                if (random.nextInt(8) == 0) {
                    // The others stay pending while later rounds go on.
                    Waits.until(read::isThere, "outcome of round " + round);
                }
            }
            for (Outcome<Integer> read : outcomes) {
                Waits.until(read::isThere, "outcome");
            }
        }
        // Nothing runs any more: the counts are final.
        for (int round = 0; round < ROUNDS; round++) {
            Outcome<Integer> read = outcomes.get(round);
            assertEquals(1, read.calls(), "round " + round);
            int position = buffers.get(round).position();
            if (read.isFailure()) {
                assertEquals(0, position, "round " + round);
                count(endOf(read.failure("read")));
            } else {
                assertEquals(LENGTH, read.value("read"), "round " + round);
                assertEquals(LENGTH, position, "round " + round);
                count(End.COMPLETED);
            }
        }
        assertSeen(End.COMPLETED, End.TIMED_OUT, End.CLOSED);
    }

    @ParameterizedTest(name = "seed {0}, {1} threads, {2}")
    @MethodSource("groups")
    void futuresEndOnceWhenDataCancelAndCloseMeet(long seed, int threads, LoopOptions options) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        try (OpenGroup group = OpenGroup.fixed(threads, options);
                ExecutorService others = Executors.newFixedThreadPool(2)) {
            CyclicBarrier start = new CyclicBarrier(3);
            for (int round = 0; round < ROUNDS; round++) {
                Pair pair = group.pair();
                ByteBuffer buffer = random.nextBoolean() ? ByteBuffer.allocate(LENGTH)
                        : ByteBuffer.allocateDirect(LENGTH);
                Future<Integer> read = pair.channel().read(buffer);
                boolean closes = random.nextInt(3) == 0;
                boolean interrupts = random.nextInt(4) == 0;
                int sendSpins = random.nextInt(6000);
                int closeSpins = random.nextInt(6000);
                int cancelSpins = random.nextInt(6000);
                boolean cancels = random.nextInt(4) != 0;
                Future<?> sender = others.submit(() -> {
                    await(start);
                    spin(sendSpins);
                    try {
                        pair.peer().getOutputStream().write(new byte[LENGTH]);
                    } catch (java.net.SocketException e) {
                        // Closed or cancelled with interruption before this came.
                        return null;
                    }
                    return null;
                });
                Future<?> closer = others.submit(() -> {
                    await(start);
                    spin(closeSpins);
                    if (closes) {
                        pair.channel().close();
                    }
                    return null;
                });
                await(start);
                spin(cancelSpins);
                boolean cancelled = cancels && read.cancel(interrupts);
                boolean again = read.cancel(false);
                assertTrue(!cancelled || read.isDone() && read.isCancelled());
                End end = end(read, round);
                if (cancelled) {
                    assertEquals(End.CANCELLED, end, "round " + round);
                } else if (!again) {
                    assertTrue(end == End.COMPLETED || end == End.CLOSED, "round " + round + ": " + end);
                }
                assertEquals(end, end(read, round), "the same when asked again");
                assertEquals(end == End.COMPLETED ? LENGTH : 0, buffer.position(), "round " + round);
                count(end);
                Waits.result(sender, "sender");
                Waits.result(closer, "closer");
                assertEquals(end == End.COMPLETED ? LENGTH : 0, buffer.position(), "round " + round);
                pair.channel().close();
            }
        }
        assertSeen(End.COMPLETED, End.CANCELLED);
    }

    private End end(Future<Integer> read, int round) {
        try {
            assertEquals(LENGTH, Waits.get(read, "read " + round));
            return End.COMPLETED;
        } catch (CancellationException e) {
            return End.CANCELLED;
        } catch (ExecutionException e) {
            return endOf(e.getCause());
        }
    }

    private static End endOf(Throwable failure) {
        return switch (failure) {
            case InterruptedByTimeoutException _ -> End.TIMED_OUT;
            case AsynchronousCloseException _ -> End.CLOSED;
            case java.nio.channels.ClosedChannelException _ -> End.CLOSED;
            default -> throw new AssertionError("unexpected", failure);
        };
    }

    private void assertSeen(End... expected) {
        for (End end : expected) {
            assertTrue(ends.getOrDefault(end, 0) > 0, () -> "the race was never won by " + end + ": " + ends);
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    private static void await(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await(Waits.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
