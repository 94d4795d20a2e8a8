package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers that start the next operation at once, for ever. */
class HandlerChainTest extends Conformance {
    private static final int ROUNDS = 200_000;
    private static final int MANY_ROUNDS = 2_000_000;

    /** Starts the operation again from its own handler until told to stop, then passes on its last outcome. */
    private static final class Chain implements CompletionHandler<Integer, Object> {
        private final Outcome<Integer> end = new Outcome<>();
        private final BooleanSupplier goOn;
        private final Then.Action<Chain> operation;
        private int depth;
        private int deepest;
        private volatile int rounds;

        Chain(BooleanSupplier goOn, Then.Action<Chain> operation) {
            this.goOn = goOn;
            this.operation = operation;
        }

        Chain start() throws Exception {
            operation.take(this);
            return this;
        }

        /** What came last, however long it takes, as long as it goes on. */
        int awaitEnd() throws Exception {
            int[] seen = new int[1];
            do {
                seen[0] = rounds;
            } while (Eventually.within(Eventually.DEADLINE, () -> rounds != seen[0] || end.hasArrived())
                    && !end.hasArrived());
            return end.value();
        }

        @Override
        public void completed(Integer result, Object attachment) {
            // One call after the other.
            rounds = rounds + 1;
            if (!goOn.getAsBoolean()) {
                end.completed(rounds, null);
                return;
            }
            try {
                operation.take(this);
            } catch (Throwable t) {
                end.failed(t, null);
            }
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            end.failed(failure, attachment);
        }
    }

    private static BooleanSupplier times(int count) {
        int[] left = {count};
        return () -> --left[0] > 0;
    }

    @ParameterizedTest
    @EnumSource
    void reads_that_complete_at_once_do_not_exhaust_the_stack(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        Chain chain = new Chain(
                times(ROUNDS), next -> pair.channel().read(ByteBuffer.allocate(0), null, next)).start();
        assertEquals(ROUNDS, chain.awaitEnd());
    }

    @ParameterizedTest
    @EnumSource
    void writes_that_complete_at_once_do_not_exhaust_the_stack(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        ByteBuffer nothing = ByteBuffer.allocateDirect(0);
        Chain chain = new Chain(times(ROUNDS), next -> pair.channel().write(nothing, null, next)).start();
        assertEquals(ROUNDS, chain.awaitEnd());
    }

    @ParameterizedTest
    @EnumSource
    void failures_that_come_at_once_do_not_exhaust_the_stack(GroupKind kind) throws Exception {
        AsynchronousSocketChannel channel = socket(group(kind));
        channel.close();
        Outcome<Integer> end = new Outcome<>();
        channel.read(ByteBuffer.allocate(1), null, new CompletionHandler<Integer, Object>() {
            private int rounds;

            @Override
            public void completed(Integer result, Object attachment) {
                end.failed(new AssertionError("a closed channel was read"), null);
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                if (++rounds == ROUNDS / 10) {
                    end.completed(rounds, null);
                } else {
                    channel.read(ByteBuffer.allocate(1), null, this);
                }
            }
        });
        assertEquals(ROUNDS / 10, end.value());
    }

    @ParameterizedTest
    @EnumSource
    void reads_and_writes_of_data_that_is_there_do_not_exhaust_the_stack(GroupKind kind) throws Exception {
        List<AsynchronousSocketChannel> ends = bothEnds(group(kind));
        AsynchronousSocketChannel one = ends.getFirst();
        AsynchronousSocketChannel other = ends.getLast();
        int count = 20_000;
        ByteBuffer target = ByteBuffer.allocate(1);
        Chain reads = new Chain(times(count), next -> other.read(target.clear(), null, next)).start();
        ByteBuffer source = ByteBuffer.allocateDirect(1);
        Chain writes = new Chain(times(count), next -> one.write(source.clear(), null, next)).start();
        assertEquals(count, writes.awaitEnd());
        assertEquals(count, reads.awaitEnd());
    }

    /** Calls of handlers on one stack are few, however many operations complete at once. */
    @Test
    void the_stack_holds_few_handlers_at_a_time() throws Exception {
        Pair pair = pair(group(GroupKind.FIXED_OF_ONE));
        Chain chain = new Chain(times(10_000), next -> {
            next.depth++;
            next.deepest = Math.max(next.deepest, next.depth);
            pair.channel().read(ByteBuffer.allocate(0), null, next);
            next.depth--;
        }).start();
        assertEquals(10_000, chain.end.value());
        assertTrue(chain.deepest <= 64, () -> "handlers on one stack: " + chain.deepest);
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_that_is_never_idle_does_not_starve_another_one(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair busy = pair(group);
        Pair quiet = pair(group);
        AtomicBoolean goOn = new AtomicBoolean(true);
        closing((AutoCloseable) () -> goOn.set(false));
        Chain chain =
                new Chain(goOn::get, next -> busy.channel().read(ByteBuffer.allocate(0), null, next)).start();
        for (int i = 0; i < 20; i++) {
            quiet.assertReads();
        }
        goOn.set(false);
        assertTrue(chain.end.value() > 0);
    }

    @Test
    void millions_of_rounds_neither_exhaust_the_stack_nor_starve_another_channel() throws Exception {
        TestGroup group = group(GroupKind.FIXED_OF_ONE);
        Pair busy = pair(group);
        Pair quiet = pair(group);
        AtomicInteger served = new AtomicInteger();
        int[] rounds = {0};
        // Goes on until the other channel was served before as many were over, however late this thread asks for that.
        Chain chain = new Chain(() -> ++rounds[0] < MANY_ROUNDS || served.get() < 2,
                next -> busy.channel().read(ByteBuffer.allocate(0), null, next)).start();
        while (!chain.end.hasArrived()) {
            int asked = chain.rounds;
            quiet.assertReads();
            if (chain.rounds - asked < MANY_ROUNDS) {
                served.incrementAndGet();
            }
        }
        assertEquals(rounds[0], chain.end.value());
    }

    @ParameterizedTest
    @EnumSource
    void a_channel_that_always_has_data_does_not_starve_another_one(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        List<AsynchronousSocketChannel> ends = bothEnds(group);
        Pair quiet = pair(group);
        AtomicBoolean goOn = new AtomicBoolean(true);
        closing((AutoCloseable) () -> goOn.set(false));
        ByteBuffer source = ByteBuffer.allocateDirect(4096);
        ByteBuffer target = ByteBuffer.allocateDirect(4096);
        Chain writes =
                new Chain(goOn::get, next -> ends.getFirst().write(source.clear(), null, next)).start();
        Chain reads = new Chain(() -> true, next -> ends.getLast().read(target.clear(), null, next)).start();
        for (int i = 0; i < 20; i++) {
            Outcome<Integer> read = new Outcome<>();
            quiet.channel().read(ByteBuffer.allocate(1), 1, TimeUnit.DAYS, null, read);
            quiet.send((byte) i);
            assertEquals(1, read.value());
            Outcome<Integer> write = new Outcome<>();
            quiet.channel().write(ByteBuffer.wrap(new byte[] {(byte) i}), null, write);
            assertEquals(1, write.value());
            assertArrayEquals(new byte[] {(byte) i}, quiet.take(1));
        }
        goOn.set(false);
        assertTrue(writes.end.value() > 0);
        ends.getLast().close();
        assertTrue(reads.end.failureOrNull() != null);
    }
}
