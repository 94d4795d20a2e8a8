package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.WritePendingException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadWriteTest extends Conformance {
    @ParameterizedTest
    @EnumSource
    void a_read_takes_what_is_there_and_not_more(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        pair.send((byte) 1, (byte) 2, (byte) 3);
        ByteBuffer buffer = ByteBuffer.allocate(100);
        Outcome<Integer> read = new Outcome<>();
        Object attachment = new Object();
        pair.channel().read(buffer, attachment, read);
        assertEquals(3, read.value());
        assertSame(attachment, read.attachment());
        group.assertOwns(read.thread());
        assertArrayEquals(new byte[] {1, 2, 3}, received(buffer));
    }

    @ParameterizedTest
    @EnumSource
    void a_read_waits_for_the_first_byte(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        Outcome<Integer> handler = new Outcome<>();
        pair.channel().read(buffer, null, handler);
        handler.assertPending();
        pair.send((byte) 7);
        assertEquals(1, handler.value());
        group.assertOwns(handler.thread());

        Future<Integer> future = pair.channel().read(buffer);
        assertFalse(future.isDone());
        pair.send((byte) 8);
        assertEquals(1, Futures.value(future));
        assertArrayEquals(new byte[] {7, 8}, received(buffer));
    }

    @ParameterizedTest
    @EnumSource
    void a_write_tells_how_much_was_taken(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        Outcome<Integer> write = new Outcome<>();
        pair.channel().write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 5, write);
        assertEquals(3, write.value());
        assertEquals(5, write.attachment());
        group.assertOwns(write.thread());
        assertEquals(2, Futures.value(pair.channel().write(ByteBuffer.wrap(new byte[] {4, 5}))));
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, pair.take(5));
    }

    @ParameterizedTest
    @EnumSource
    void a_write_larger_than_the_socket_buffer_completes_with_a_part(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        int size = 8 << 20;
        for (ByteBuffer buffer : new ByteBuffer[] {ByteBuffer.allocate(size), ByteBuffer.allocateDirect(size)}) {
            Outcome<Integer> write = new Outcome<>();
            smallPair(group).channel().write(buffer, null, write);
            int taken = write.value();
            assertTrue(taken > 0 && taken < size, () -> "taken: " + taken);
            assertEquals(taken, buffer.position());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FIXED_OF_ONE", "CACHED", "CUSTOM"})
    void a_pending_write_completes_when_the_far_end_reads(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = smallPair(group);
        Outcome<Integer> write = new Outcome<>();
        int taken = fill(pair, write);
        write.assertPending();
        pair.take(taken);
        int more = write.value();
        assertTrue(more > 0);
        group.assertOwns(write.thread());
        pair.take(more);
    }

    @ParameterizedTest
    @EnumSource(names = {"FIXED_OF_ONE", "CACHED", "CUSTOM"})
    void reading_and_writing_do_not_wait_for_each_other(GroupKind kind) throws Exception {
        Pair pair = smallPair(group(kind));
        Outcome<Integer> write = new Outcome<>();
        fill(pair, write);
        ByteBuffer buffer = ByteBuffer.allocate(10);
        Future<Integer> read = pair.channel().read(buffer);
        pair.send((byte) 1);
        assertEquals(1, Futures.value(read));
        write.assertPending();
    }

    @Test
    void a_second_read_is_refused_directly_while_one_is_pending() throws Exception {
        Pair pair = pair(anyGroup());
        ByteBuffer buffer = ByteBuffer.allocate(10);
        Future<Integer> pending = pair.channel().read(buffer);
        AsynchronousSocketChannel channel = pair.channel();
        ByteBuffer[] buffers = {ByteBuffer.allocate(1)};
        assertThrows(ReadPendingException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertThrows(ReadPendingException.class, () -> channel.read(ByteBuffer.allocate(0)));
        assertThrows(
                ReadPendingException.class, () -> channel.read(ByteBuffer.allocate(1), null, new Outcome<Integer>()));
        assertThrows(
                ReadPendingException.class,
                () -> channel.read(buffers, 0, 1, 0, TimeUnit.SECONDS, null, new Outcome<Long>()));
        pair.send((byte) 9);
        assertEquals(1, Futures.value(pending));
        assertEquals(9, buffer.get(0));
    }

    @Test
    void a_second_write_is_refused_directly_while_one_is_pending() throws Exception {
        Pair pair = smallPair(anyGroup());
        fill(pair, new Outcome<>());
        AsynchronousSocketChannel channel = pair.channel();
        ByteBuffer[] buffers = {ByteBuffer.allocate(1)};
        assertThrows(WritePendingException.class, () -> channel.write(ByteBuffer.allocate(1)));
        assertThrows(WritePendingException.class, () -> channel.write(ByteBuffer.allocate(0)));
        assertThrows(
                WritePendingException.class,
                () -> channel.write(ByteBuffer.allocate(1), null, new Outcome<Integer>()));
        assertThrows(
                WritePendingException.class,
                () -> channel.write(buffers, 0, 1, 0, TimeUnit.SECONDS, null, new Outcome<Long>()));
    }

    @ParameterizedTest
    @EnumSource
    void another_operation_can_start_inside_the_handler_and_right_after_a_future(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        Outcome<Integer> second = new Outcome<>();
        ByteBuffer buffer = ByteBuffer.allocate(2).limit(1);
        pair.channel()
                .read(
                        buffer,
                        null,
                        new Then<>(result -> pair.channel().read(buffer.limit(2), null, second)));
        pair.send((byte) 1, (byte) 2);
        assertEquals(1, second.value());
        assertArrayEquals(new byte[] {1, 2}, received(buffer));
        for (int i = 0; i < 100; i++) {
            assertEquals(1, Futures.value(pair.channel().write(ByteBuffer.allocate(1))));
        }
    }

    @Test
    void an_unconnected_channel_refuses_directly() throws Exception {
        AsynchronousSocketChannel channel = socket(anyGroup());
        ByteBuffer[] buffers = {ByteBuffer.allocate(1)};
        assertThrows(NotYetConnectedException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertThrows(NotYetConnectedException.class, () -> channel.read(ByteBuffer.allocate(0)));
        assertThrows(NotYetConnectedException.class, () -> channel.write(ByteBuffer.allocate(1)));
        assertThrows(NotYetConnectedException.class, () -> channel.write(ByteBuffer.allocate(0)));
        assertThrows(
                NotYetConnectedException.class,
                () -> channel.read(ByteBuffer.allocate(1), null, new Outcome<Integer>()));
        assertThrows(
                NotYetConnectedException.class,
                () -> channel.write(buffers, 0, 1, 0, TimeUnit.SECONDS, null, new Outcome<Long>()));
        assertThrows(NotYetConnectedException.class, channel::shutdownInput);
        assertThrows(NotYetConnectedException.class, channel::shutdownOutput);
        assertTrue(channel.isOpen());
    }

    @Test
    void bad_arguments_are_refused_directly() throws Exception {
        Pair pair = pair(anyGroup());
        AsynchronousSocketChannel channel = pair.channel();
        ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
        assertThrows(IllegalArgumentException.class, () -> channel.read(readOnly));
        assertThrows(IllegalArgumentException.class, () -> channel.read(readOnly, null, new Outcome<Integer>()));
        assertThrows(
                IllegalArgumentException.class,
                () -> channel.read(readOnly, 1, TimeUnit.SECONDS, null, new Outcome<Integer>()));
        assertThrows(NullPointerException.class, () -> channel.read(null));
        assertThrows(NullPointerException.class, () -> channel.write(null));
        assertThrows(NullPointerException.class, () -> channel.read(ByteBuffer.allocate(1), null, null));
        assertThrows(NullPointerException.class, () -> channel.write(ByteBuffer.allocate(1), null, null));
        pair.send((byte) 1);
        assertEquals(1, Futures.value(channel.read(ByteBuffer.allocate(1))), "nothing was left pending");
    }

    @ParameterizedTest
    @EnumSource
    void operations_without_bytes_complete_with_zero_at_once(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        assertEquals(0, Futures.value(pair.channel().read(ByteBuffer.allocate(0))));
        assertEquals(0, Futures.value(pair.channel().write(ByteBuffer.allocateDirect(0))));
        Outcome<Integer> read = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(5).position(5), null, read);
        assertEquals(0, read.value());
        group.assertOwns(read.thread());
        Outcome<Integer> write = new Outcome<>();
        pair.channel().write(ByteBuffer.allocate(5).limit(0), 1, TimeUnit.SECONDS, null, write);
        assertEquals(0, write.value());
        group.assertOwns(write.thread());
    }

    @Test
    void a_reset_connection_fails_reads_with_an_io_exception_and_stays_open() throws Exception {
        Pair pair = pair(anyGroup());
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(1));
        pair.peer().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.peer().close();
        assertEquals("Connection reset", Futures.failure(IOException.class, read).getMessage());
        assertTrue(pair.channel().isOpen());
    }

    @Test
    void a_reset_is_told_once_and_then_comes_the_end_of_the_stream() throws Exception {
        Pair pair = pair(anyGroup());
        pair.peer().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.peer().close();
        Futures.failure(IOException.class, pair.channel().read(ByteBuffer.allocate(1)));
        for (int i = 0; i < 2; i++) {
            assertEquals(-1, Futures.value(pair.channel().read(ByteBuffer.allocate(1))));
        }
    }

    @Test
    void writing_to_a_reset_connection_fails_with_an_io_exception() throws Exception {
        Pair pair = pair(anyGroup());
        pair.peer().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.peer().close();
        Outcome<Integer> write = new Outcome<>();
        pair.channel().write(ByteBuffer.allocate(1), null, write);
        assertTrue(write.failureOrNull() instanceof IOException, () -> "not an IOException");
        assertTrue(pair.channel().isOpen());
    }

    @Test
    void a_reset_fails_a_pending_write() throws Exception {
        Pair pair = smallPair(anyGroup());
        Outcome<Integer> write = new Outcome<>();
        fill(pair, write);
        pair.peer().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.peer().close();
        assertTrue(write.failureOrNull() instanceof IOException, () -> "not an IOException");
    }
}
