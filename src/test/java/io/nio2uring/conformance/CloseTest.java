package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseTest extends Conformance {
    @ParameterizedTest
    @EnumSource
    void closing_fails_a_pending_read(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair first = pair(group);
        Outcome<Integer> handler = new Outcome<>();
        first.channel().read(ByteBuffer.allocate(8), null, handler);
        first.channel().close();
        handler.failure(AsynchronousCloseException.class);
        group.assertOwns(handler.thread());

        Pair second = pair(group);
        Future<Integer> future = second.channel().read(ByteBuffer.allocateDirect(8));
        second.channel().close();
        Futures.failure(AsynchronousCloseException.class, future);
    }

    @Test
    void closing_fails_pending_scattering_reads() throws Exception {
        Pair pair = pair(anyGroup());
        Outcome<Long> handler = new Outcome<>();
        ByteBuffer[] buffers = {ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8)};
        pair.channel().read(buffers, 0, 2, 1, TimeUnit.DAYS, null, handler);
        pair.channel().close();
        handler.failure(AsynchronousCloseException.class);
        assertEquals(0, buffers[0].position());
    }

    @ParameterizedTest
    @EnumSource(names = {"FIXED_OF_ONE", "CACHED", "CUSTOM"})
    void closing_fails_a_pending_write_and_a_pending_read_each_once(GroupKind kind) throws Exception {
        Pair pair = smallPair(group(kind));
        Outcome<Integer> write = new Outcome<>();
        fill(pair, write);
        Outcome<Integer> read = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        pair.channel().close();
        write.failure(AsynchronousCloseException.class);
        read.failure(AsynchronousCloseException.class);
    }

    @Test
    void the_far_end_sees_the_end_of_the_stream_also_when_a_read_was_pending() throws Exception {
        Pair pair = pair(anyGroup());
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        pair.channel().close();
        assertEquals(-1, pair.peer().read(ByteBuffer.allocate(1)));
        Futures.failure(AsynchronousCloseException.class, read);
    }

    /** As TCP has it: the far end is told that its bytes were lost. */
    @Test
    void closing_with_bytes_that_nobody_has_read_resets_the_connection() throws Exception {
        Pair pair = pair(anyGroup());
        pair.send(new byte[100]);
        assertEquals(1, Futures.value(pair.channel().read(ByteBuffer.allocate(1))));
        pair.channel().close();
        assertThrows(SocketException.class, () -> pair.take(1));
    }

    @Test
    void what_was_written_before_the_close_arrives() throws Exception {
        Pair pair = pair(anyGroup());
        byte[] sent = randomBytes(1000, 1);
        assertEquals(sent.length, Futures.value(pair.channel().write(ByteBuffer.wrap(sent))));
        pair.channel().close();
        assertEquals(ByteBuffer.wrap(sent), ByteBuffer.wrap(pair.take(sent.length)));
        assertEquals(-1, pair.peer().read(ByteBuffer.allocate(1)));
    }

    @ParameterizedTest
    @EnumSource
    void operations_on_a_closed_channel_fail_through_handler_and_future(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousSocketChannel channel = pair(group).channel();
        channel.close();
        Futures.failure(ClosedChannelException.class, channel.read(ByteBuffer.allocate(1)));
        Futures.failure(ClosedChannelException.class, channel.read(ByteBuffer.allocate(0)));
        Futures.failure(ClosedChannelException.class, channel.write(ByteBuffer.allocate(1)));
        Futures.failure(ClosedChannelException.class, channel.write(ByteBuffer.allocate(0)));

        ByteBuffer[] buffers = {ByteBuffer.allocate(1)};
        Outcome<Integer> read = new Outcome<>();
        Outcome<Integer> write = new Outcome<>();
        Outcome<Long> scatter = new Outcome<>();
        Outcome<Long> gather = new Outcome<>();
        channel.read(ByteBuffer.allocate(1), null, read);
        channel.write(ByteBuffer.allocate(1), null, write);
        channel.read(buffers, 0, 1, 0, TimeUnit.SECONDS, null, scatter);
        channel.write(buffers, 0, 1, 0, TimeUnit.SECONDS, null, gather);
        for (Outcome<?> outcome : List.of(read, write, scatter, gather)) {
            outcome.failure(ClosedChannelException.class);
            group.assertOwns(outcome.thread());
        }
    }

    @Test
    void everything_else_on_a_closed_channel_throws_directly() throws Exception {
        AsynchronousSocketChannel channel = pair(anyGroup()).channel();
        channel.close();
        assertThrowsExactly(ClosedChannelException.class, channel::getLocalAddress);
        assertThrowsExactly(ClosedChannelException.class, channel::getRemoteAddress);
        assertThrowsExactly(ClosedChannelException.class, channel::shutdownInput);
        assertThrowsExactly(ClosedChannelException.class, channel::shutdownOutput);
        assertThrowsExactly(ClosedChannelException.class, () -> channel.bind(null));
        assertThrowsExactly(
                ClosedChannelException.class, () -> channel.getOption(StandardSocketOptions.TCP_NODELAY));
        assertThrowsExactly(
                ClosedChannelException.class, () -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true));
        assertFalse(channel.supportedOptions().isEmpty());
    }

    @Test
    void bad_arguments_come_before_the_closed_channel() throws Exception {
        AsynchronousSocketChannel channel = pair(anyGroup()).channel();
        channel.close();
        ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
        assertThrows(IllegalArgumentException.class, () -> channel.read(readOnly));
        assertThrows(NullPointerException.class, () -> channel.read(ByteBuffer.allocate(1), null, null));
        assertThrows(
                UnsupportedOperationException.class, () -> channel.setOption(StandardSocketOptions.SO_LINGER, 1));
    }

    @Test
    void closing_again_does_nothing() throws Exception {
        Pair pair = pair(anyGroup());
        assertTrue(pair.channel().isOpen());
        pair.channel().close();
        assertFalse(pair.channel().isOpen());
        pair.channel().close();
        assertFalse(pair.channel().isOpen());
    }

    @Test
    void closing_a_channel_that_was_never_connected_is_fine() throws Exception {
        TestGroup group = anyGroup();
        group.socket().close();
        group.server().close();
    }

    @ParameterizedTest
    @EnumSource
    void closing_races_with_data_and_each_read_has_one_outcome(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        for (int round = 0; round < 60; round++) {
            Pair pair = pair(group);
            ByteBuffer buffer = ByteBuffer.allocate(4);
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(buffer, null, read);
            Future<Object> closed = Futures.inVirtualThread(() -> {
                pair.channel().close();
                return null;
            });
            pair.send((byte) 1, (byte) 2, (byte) 3, (byte) 4);
            Futures.value(closed);
            if (read.failureOrNull() == null) {
                assertEquals(4, read.value());
                assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), buffer.flip());
            } else {
                read.failure(AsynchronousCloseException.class);
            }
            pair.peer().close();
        }
    }

    @Test
    void closing_from_many_threads_at_once_fails_the_read_once() throws Exception {
        TestGroup group = group(GroupKind.FIXED_OF_THREE);
        for (int round = 0; round < 20; round++) {
            Pair pair = pair(group);
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(4), null, read);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Object>> closers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                closers.add(Futures.inVirtualThread(() -> {
                    start.await();
                    pair.channel().close();
                    return null;
                }));
            }
            start.countDown();
            for (Future<Object> closer : closers) {
                Futures.value(closer);
            }
            read.failure(AsynchronousCloseException.class);
        }
    }

    @Test
    void channels_opened_while_others_close_never_see_their_operations() throws Exception {
        TestGroup group = group(GroupKind.FIXED_OF_THREE);
        for (int round = 0; round < 100; round++) {
            Pair old = pair(group);
            Outcome<Integer> oldRead = new Outcome<>();
            ByteBuffer oldBuffer = ByteBuffer.allocate(8);
            old.channel().read(oldBuffer, null, oldRead);
            old.close();
            // Likely to get the descriptor numbers that were just given back.
            Pair fresh = pair(group);
            ByteBuffer buffer = ByteBuffer.allocate(8);
            Outcome<Integer> read = new Outcome<>();
            fresh.channel().read(buffer, null, read);
            fresh.send((byte) round);
            assertEquals(1, read.value());
            assertEquals((byte) round, buffer.get(0));
            oldRead.failure(AsynchronousCloseException.class);
            assertEquals(0, oldBuffer.position());
            fresh.close();
        }
    }
}
