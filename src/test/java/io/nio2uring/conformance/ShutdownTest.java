package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a stream, from both sides. */
class ShutdownTest extends Conformance {
    @ParameterizedTest
    @EnumSource
    void the_end_of_the_stream_is_minus_one_again_and_again(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        pair.send((byte) 5);
        pair.peer().shutdownOutput();
        ByteBuffer buffer = ByteBuffer.allocate(4);
        assertEquals(1, Futures.value(pair.channel().read(buffer)));
        for (int i = 0; i < 5; i++) {
            assertEquals(-1, Futures.value(pair.channel().read(buffer)));
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(buffer, null, read);
            assertEquals(-1, read.value());
            group.assertOwns(read.thread());
            Outcome<Long> scatter = new Outcome<>();
            pair.channel().read(new ByteBuffer[] {buffer}, 0, 1, 0, TimeUnit.SECONDS, null, scatter);
            assertEquals(-1L, scatter.value());
        }
        assertEquals(1, buffer.position());
        assertEquals(0, Futures.value(pair.channel().read(ByteBuffer.allocate(0))));
        assertEquals(3, Futures.value(pair.channel().write(ByteBuffer.allocate(3))), "the other direction is open");
    }

    @ParameterizedTest
    @EnumSource
    void a_pending_read_ends_with_the_stream(GroupKind kind) throws Exception {
        Pair first = pair(group(kind));
        Outcome<Integer> handler = new Outcome<>();
        first.channel().read(ByteBuffer.allocate(4), null, handler);
        first.peer().close();
        assertEquals(-1, handler.value());

        Pair second = pair(anyGroup());
        Future<Integer> future = second.channel().read(ByteBuffer.allocateDirect(4));
        second.peer().shutdownOutput();
        assertEquals(-1, Futures.value(future));
    }

    @ParameterizedTest
    @EnumSource
    void after_shutdown_of_output_writes_fail_and_the_far_end_sees_the_end(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        AsynchronousSocketChannel channel = pair.channel();
        assertEquals(2, Futures.value(channel.write(ByteBuffer.wrap(new byte[] {1, 2}))));
        assertSame(channel, channel.shutdownOutput());
        assertSame(channel, channel.shutdownOutput(), "a second shutdown does nothing");
        assertArrayEquals(new byte[] {1, 2}, pair.take(2));
        assertEquals(-1, pair.peer().read(ByteBuffer.allocate(1)));

        Futures.failure(ClosedChannelException.class, channel.write(ByteBuffer.allocate(1)));
        Futures.failure(ClosedChannelException.class, channel.write(ByteBuffer.allocate(0)));
        Outcome<Integer> write = new Outcome<>();
        channel.write(ByteBuffer.allocate(1), null, write);
        write.failure(ClosedChannelException.class);
        group.assertOwns(write.thread());
        Outcome<Long> gather = new Outcome<>();
        channel.write(new ByteBuffer[] {ByteBuffer.allocate(1)}, 0, 1, 0, TimeUnit.SECONDS, null, gather);
        gather.failure(ClosedChannelException.class);
        assertTrue(channel.isOpen());

        pair.send((byte) 3);
        assertEquals(1, Futures.value(channel.read(ByteBuffer.allocate(1))), "the other direction is open");
    }

    @Test
    void after_shutdown_of_output_options_can_be_read_but_not_set() throws Exception {
        AsynchronousSocketChannel channel = pair(anyGroup()).channel();
        channel.shutdownOutput();
        assertEquals(false, channel.getOption(StandardSocketOptions.TCP_NODELAY));
        assertThrows(IOException.class, () -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true));
    }

    @ParameterizedTest
    @EnumSource
    void after_shutdown_of_input_reads_end_at_once(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        AsynchronousSocketChannel channel = pair.channel();
        assertSame(channel, channel.shutdownInput());
        assertSame(channel, channel.shutdownInput(), "a second shutdown does nothing");
        for (int i = 0; i < 3; i++) {
            assertEquals(-1, Futures.value(channel.read(ByteBuffer.allocate(1))));
            assertEquals(-1, Futures.value(channel.read(ByteBuffer.allocate(0))));
            Outcome<Integer> read = new Outcome<>();
            channel.read(ByteBuffer.allocate(1), null, read);
            assertEquals(-1, read.value());
            group.assertOwns(read.thread());
            Outcome<Long> scatter = new Outcome<>();
            channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)}, 0, 1, 0, TimeUnit.SECONDS, null, scatter);
            assertEquals(-1L, scatter.value());
        }
        assertEquals(1, Futures.value(channel.write(ByteBuffer.allocate(1))), "the other direction is open");
        pair.take(1);
    }

    @Test
    void what_had_arrived_before_the_shutdown_of_input_is_not_read_any_more() throws Exception {
        Pair pair = pair(anyGroup());
        pair.send((byte) 1, (byte) 2);
        assertEquals(1, Futures.value(pair.channel().read(ByteBuffer.allocate(1))));
        pair.channel().shutdownInput();
        assertEquals(-1, Futures.value(pair.channel().read(ByteBuffer.allocate(1))));
    }

    @ParameterizedTest
    @EnumSource
    void a_pending_read_ends_when_the_input_is_shut_down(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        Outcome<Integer> read = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(1), null, read);
        pair.channel().shutdownInput();
        assertEquals(-1, read.value());
    }

    @Test
    void a_pending_write_ends_somehow_when_the_output_is_shut_down() throws Exception {
        Pair pair = smallPair(anyGroup());
        Outcome<Integer> write = new Outcome<>();
        int taken = fill(pair, write);
        pair.channel().shutdownOutput();
        assertTrue(write.failureOrNull() instanceof IOException, "nothing more can be written");
        pair.take(taken);
        assertEquals(-1, pair.peer().read(ByteBuffer.allocate(1)));
    }

    @Test
    void both_directions_shut_down_are_not_a_closed_channel() throws Exception {
        Pair pair = pair(anyGroup());
        AsynchronousSocketChannel channel = pair.channel().shutdownInput().shutdownOutput();
        assertTrue(channel.isOpen());
        assertEquals(-1, Futures.value(channel.read(ByteBuffer.allocate(1))));
        Futures.failure(ClosedChannelException.class, channel.write(ByteBuffer.allocate(1)));
        assertTrue(channel.getRemoteAddress() != null);
    }

    @Test
    void two_channels_say_goodbye_to_each_other() throws Exception {
        List<AsynchronousSocketChannel> ends = bothEnds(group(GroupKind.FIXED_OF_THREE));
        AsynchronousSocketChannel one = ends.getFirst();
        AsynchronousSocketChannel other = ends.getLast();
        Future<Integer> last = other.read(ByteBuffer.allocate(1));
        one.shutdownOutput();
        assertEquals(-1, Futures.value(last));
        assertEquals(1, Futures.value(other.write(ByteBuffer.wrap(new byte[] {1}))));
        other.close();
        assertEquals(1, Futures.value(one.read(ByteBuffer.allocate(4))));
        assertEquals(-1, Futures.value(one.read(ByteBuffer.allocate(4))));
    }

    @Test
    void a_connection_that_was_reset_can_still_be_shut_down() throws Exception {
        List<AsynchronousSocketChannel> ends = bothEnds(group(GroupKind.FIXED_OF_THREE));
        AsynchronousSocketChannel one = ends.getFirst();
        AsynchronousSocketChannel other = ends.getLast();
        assertEquals(2, Futures.value(one.write(ByteBuffer.allocate(2))));
        assertEquals(1, Futures.value(other.read(ByteBuffer.allocate(1))));
        Future<Integer> end = one.read(ByteBuffer.allocate(1));
        // With a byte that nobody has read.
        other.close();
        Futures.failure(IOException.class, end);
        assertSame(one, one.shutdownInput());
        assertSame(one, one.shutdownOutput());
        assertEquals(-1, Futures.value(one.read(ByteBuffer.allocate(1))));
        Futures.failure(ClosedChannelException.class, one.write(ByteBuffer.allocate(1)));
    }
}
