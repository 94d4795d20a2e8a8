package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeoutTest extends Conformance {
    private static final long SHORT_MILLIS = 30;

    private static Outcome<Integer> timedRead(AsynchronousSocketChannel channel, ByteBuffer buffer, long millis) {
        Outcome<Integer> read = new Outcome<>();
        channel.read(buffer, millis, TimeUnit.MILLISECONDS, null, read);
        return read;
    }

    /** Lets this much time pass, measured by the timeout of another connection. */
    private void letPass(TestGroup group, long millis) throws Exception {
        timedRead(pair(group).channel(), ByteBuffer.allocate(1), millis).failure(InterruptedByTimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_read_without_data_is_interrupted_when_its_time_is_up_and_not_before(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        long start = System.nanoTime();
        Outcome<Integer> read = timedRead(pair.channel(), ByteBuffer.allocate(8), 100);
        read.failure(InterruptedByTimeoutException.class);
        long elapsed = System.nanoTime() - start;
        assertTrue(elapsed >= TimeUnit.MILLISECONDS.toNanos(100), () -> elapsed + " ns");
        group.assertOwns(read.thread());
        assertTrue(pair.channel().isOpen());
    }

    @ParameterizedTest
    @EnumSource
    void after_a_timeout_reading_is_dead_and_writing_is_alive(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        AsynchronousSocketChannel channel = pair.channel();
        timedRead(channel, ByteBuffer.allocate(8), SHORT_MILLIS).failure(InterruptedByTimeoutException.class);
        ByteBuffer[] buffers = {ByteBuffer.allocate(1)};
        assertThrowsExactly(IllegalStateException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertThrowsExactly(IllegalStateException.class, () -> channel.read(ByteBuffer.allocate(0)));
        assertThrowsExactly(
                IllegalStateException.class, () -> channel.read(ByteBuffer.allocate(1), null, new Outcome<Integer>()));
        assertThrowsExactly(
                IllegalStateException.class,
                () -> channel.read(buffers, 0, 1, 0, TimeUnit.SECONDS, null, new Outcome<Long>()));
        assertEquals(2, Futures.value(channel.write(ByteBuffer.wrap(new byte[] {1, 2}))));
        assertArrayEquals(new byte[] {1, 2}, pair.take(2));
    }

    @ParameterizedTest
    @EnumSource
    void after_a_timeout_writing_is_dead_and_reading_is_alive(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = smallPair(group);
        AsynchronousSocketChannel channel = pair.channel();
        // Ends when a write finds the socket buffer full for the whole of its timeout.
        Throwable failure = null;
        while (failure == null) {
            Outcome<Integer> write = new Outcome<>();
            channel.write(ByteBuffer.allocate(64 * 1024), SHORT_MILLIS, TimeUnit.MILLISECONDS, null, write);
            failure = write.failureOrNull();
            group.assertOwns(write.thread());
        }
        assertEquals(InterruptedByTimeoutException.class, failure.getClass());
        ByteBuffer[] buffers = {ByteBuffer.allocate(1)};
        assertThrowsExactly(IllegalStateException.class, () -> channel.write(ByteBuffer.allocate(1)));
        assertThrowsExactly(IllegalStateException.class, () -> channel.write(ByteBuffer.allocate(0)));
        assertThrowsExactly(
                IllegalStateException.class,
                () -> channel.write(buffers, 0, 1, 0, TimeUnit.SECONDS, null, new Outcome<Long>()));
        pair.send((byte) 1);
        assertEquals(1, Futures.value(channel.read(ByteBuffer.allocate(1))));
    }

    @Test
    void gathering_writes_and_scattering_reads_time_out_too() throws Exception {
        TestGroup group = anyGroup();
        Pair reading = pair(group);
        Outcome<Long> scatter = new Outcome<>();
        ByteBuffer[] buffers = {ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8)};
        reading.channel().read(buffers, 0, 2, SHORT_MILLIS, TimeUnit.MILLISECONDS, null, scatter);
        scatter.failure(InterruptedByTimeoutException.class);

        Pair writing = smallPair(group);
        Throwable failure = null;
        while (failure == null) {
            Outcome<Long> gather = new Outcome<>();
            ByteBuffer[] sources = {ByteBuffer.allocate(40_000), ByteBuffer.allocateDirect(40_000)};
            writing.channel().write(sources, 0, 2, SHORT_MILLIS, TimeUnit.MILLISECONDS, null, gather);
            failure = gather.failureOrNull();
        }
        assertEquals(InterruptedByTimeoutException.class, failure.getClass());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void no_byte_reaches_the_buffer_after_the_timeout(boolean direct) throws Exception {
        TestGroup group = anyGroup();
        for (int round = 0; round < 10; round++) {
            Pair pair = pair(group);
            ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(64) : ByteBuffer.allocate(64);
            timedRead(pair.channel(), buffer, SHORT_MILLIS / 3).failure(InterruptedByTimeoutException.class);
            byte[] late = new byte[64];
            Arrays.fill(late, (byte) 0xAA);
            pair.send(late);
            // A round trip and another operation of the same group: time enough for the bytes to go astray.
            Futures.value(pair.channel().write(ByteBuffer.allocate(1)));
            pair.take(1);
            letPass(group, 5);
            pair.channel().close();
            assertEquals(0, buffer.position());
            assertEquals(ByteBuffer.allocate(64), buffer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_timeout_racing_with_data_has_one_outcome(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        for (int round = 0; round < 40; round++) {
            Pair pair = pair(group);
            ByteBuffer buffer = ByteBuffer.allocate(16);
            Outcome<Integer> read = timedRead(pair.channel(), buffer, 2);
            long sendAt = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(1500 + 40 * round);
            while (System.nanoTime() < sendAt) {
                Thread.onSpinWait();
            }
            pair.send((byte) 1, (byte) 2, (byte) 3);
            if (read.failureOrNull() == null) {
                assertEquals(3, read.value());
                assertArrayEquals(new byte[] {1, 2, 3}, received(buffer));
                pair.send((byte) 4);
                assertEquals(1, Futures.value(pair.channel().read(buffer)), "reading goes on");
            } else {
                read.failure(InterruptedByTimeoutException.class);
                assertThrows(IllegalStateException.class, () -> pair.channel().read(ByteBuffer.allocate(1)));
                assertEquals(0, buffer.position());
            }
            pair.close();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void a_timeout_of_zero_or_less_is_none(long timeout) throws Exception {
        TestGroup group = anyGroup();
        Pair pair = pair(group);
        Outcome<Integer> read = timedRead(pair.channel(), ByteBuffer.allocate(8), timeout);
        letPass(group, SHORT_MILLIS);
        read.assertPending();
        pair.send((byte) 1);
        assertEquals(1, read.value());
        Outcome<Integer> write = new Outcome<>();
        pair.channel().write(ByteBuffer.allocate(5), timeout, TimeUnit.DAYS, null, write);
        assertEquals(5, write.value());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void where_there_is_no_limit_no_unit_is_needed(long timeout) throws Exception {
        Pair pair = pair(anyGroup());
        Outcome<Integer> read = new Outcome<>();
        Outcome<Integer> write = new Outcome<>();
        Outcome<Long> scatter = new Outcome<>();
        Outcome<Long> gather = new Outcome<>();
        ByteBuffer[] buffers = {ByteBuffer.allocate(2), ByteBuffer.allocate(2)};
        pair.channel().read(ByteBuffer.allocate(1), timeout, null, null, read);
        pair.channel().write(ByteBuffer.allocate(3), timeout, null, null, write);
        assertEquals(3, write.value());
        pair.channel().write(buffers, 0, 2, timeout, null, null, gather);
        assertEquals(4L, gather.value());
        pair.send((byte) 1);
        assertEquals(1, read.value());
        buffers[0].clear();
        pair.send((byte) 1, (byte) 2);
        pair.channel().read(buffers, 0, 2, timeout, null, null, scatter);
        assertEquals(2L, scatter.value());
    }

    @ParameterizedTest
    @EnumSource
    void a_very_large_timeout_does_not_overflow(TimeUnit unit) throws Exception {
        TestGroup group = anyGroup();
        Pair pair = pair(group);
        Outcome<Integer> read = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(8), Long.MAX_VALUE, unit, null, read);
        letPass(group, SHORT_MILLIS);
        read.assertPending();
        pair.send((byte) 1);
        assertEquals(1, read.value());
        Outcome<Integer> write = new Outcome<>();
        pair.channel().write(ByteBuffer.allocate(5), Long.MAX_VALUE, unit, null, write);
        assertEquals(5, write.value());
    }

    @Test
    void timeouts_near_the_clocks_own_overflow_do_not_fire() throws Exception {
        TestGroup group = anyGroup();
        List<Outcome<Integer>> reads = new ArrayList<>();
        for (long timeout : new long[] {
            Long.MAX_VALUE - 1, Long.MAX_VALUE - System.nanoTime(), Long.MAX_VALUE / 2, Integer.MAX_VALUE * 1_000_000L
        }) {
            Outcome<Integer> read = new Outcome<>();
            pair(group).channel().read(ByteBuffer.allocate(8), timeout, TimeUnit.NANOSECONDS, null, read);
            reads.add(read);
        }
        letPass(group, SHORT_MILLIS);
        reads.forEach(Outcome::assertPending);
    }

    @Test
    void the_timer_of_a_read_that_completed_does_not_touch_the_next_one() throws Exception {
        TestGroup group = anyGroup();
        Pair pair = pair(group);
        for (int round = 0; round < 5; round++) {
            ByteBuffer buffer = ByteBuffer.allocate(8);
            Outcome<Integer> first = timedRead(pair.channel(), buffer, 100);
            pair.send((byte) 1);
            if (first.failureOrNull() != null) {
                pair = pair(group); // a machine so slow that the time was up shows nothing
                continue;
            }
            Outcome<Integer> second = new Outcome<>();
            pair.channel().read(buffer, null, second);
            letPass(group, 130);
            second.assertPending();
            pair.send((byte) 2);
            assertEquals(1, second.value());
        }
    }

    @Test
    void closing_before_the_time_is_up_fails_the_read_once() throws Exception {
        TestGroup group = anyGroup();
        Outcome<Integer> read;
        boolean timeIsUp;
        do {
            Pair pair = pair(group);
            long begunNanos = System.nanoTime();
            read = timedRead(pair.channel(), ByteBuffer.allocate(8), 5 * SHORT_MILLIS);
            pair.channel().close();
            timeIsUp = System.nanoTime() - begunNanos >= TimeUnit.MILLISECONDS.toNanos(5 * SHORT_MILLIS);
            // A machine so slow shows nothing.
        } while (timeIsUp && read.failureOrNull() instanceof InterruptedByTimeoutException);
        read.failure(AsynchronousCloseException.class);
        letPass(group, 7 * SHORT_MILLIS);
    }

    @Test
    void short_timeouts_fire_among_many_long_ones() throws Exception {
        TestGroup group = anyGroup();
        List<Outcome<Integer>> reads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            reads.add(timedRead(pair(group).channel(), ByteBuffer.allocate(8), i % 2 == 0 ? 60_000 : 20 + i));
        }
        for (int i = 1; i < reads.size(); i += 2) {
            reads.get(i).failure(InterruptedByTimeoutException.class);
        }
        for (int i = 0; i < reads.size(); i += 2) {
            assertFalse(reads.get(i).hasArrived());
        }
    }

    @Test
    void a_timeout_inside_a_chain_of_handlers_is_reported_there() throws Exception {
        TestGroup group = anyGroup();
        Pair pair = pair(group);
        Outcome<Integer> second = new Outcome<>();
        pair.channel()
                .read(
                        ByteBuffer.allocate(8),
                        null,
                        new Then<>(result -> pair.channel()
                                .read(ByteBuffer.allocate(8), SHORT_MILLIS, TimeUnit.MILLISECONDS, null, second)));
        pair.send((byte) 1);
        second.failure(InterruptedByTimeoutException.class);
        group.assertOwns(second.thread());
    }
}
