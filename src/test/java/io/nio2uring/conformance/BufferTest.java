package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reads and writes do to a buffer, and what they leave alone. */
class BufferTest extends Conformance {
    private static final int SIZE = 16;

    /** Each with sixteen bytes between its position and its limit, and something of its own around them. */
    static Stream<ByteBuffer> shapes() {
        return Stream.of(
                ByteBuffer.allocate(SIZE),
                ByteBuffer.allocateDirect(SIZE),
                ByteBuffer.allocate(100).position(30).limit(46),
                ByteBuffer.allocateDirect(100).position(30).limit(46),
                ByteBuffer.wrap(new byte[100], 50, SIZE),
                ByteBuffer.wrap(new byte[100], 50, SIZE).slice(),
                ByteBuffer.allocate(100).slice(17, 40).position(3).limit(19),
                ByteBuffer.allocateDirect(100).slice(17, 40).position(3).limit(19),
                ByteBuffer.allocate(100).position(5).duplicate().limit(21),
                ByteBuffer.allocateDirect(100).position(5).duplicate().limit(21),
                ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN),
                ByteBuffer.allocateDirect(SIZE).order(ByteOrder.LITTLE_ENDIAN),
                ByteBuffer.allocateDirect(SIZE).order(ByteOrder.BIG_ENDIAN));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void a_read_moves_the_position_by_its_result_and_nothing_else(ByteBuffer buffer) throws Exception {
        Pair pair = pair(anyGroup());
        int position = buffer.position();
        int limit = buffer.limit();
        ByteOrder order = buffer.order();
        byte[] around = outside(buffer, position, limit);
        byte[] first = randomBytes(5, 1);
        byte[] second = randomBytes(SIZE, 2);

        pair.send(first);
        assertEquals(5, Futures.value(pair.channel().read(buffer)));
        assertEquals(position + 5, buffer.position());
        pair.send(second);
        Outcome<Integer> rest = new Outcome<>();
        pair.channel().read(buffer, null, rest);
        int count = rest.value();
        assertEquals(position + 5 + count, buffer.position());
        assertEquals(limit, buffer.limit());
        assertSame(order, buffer.order());

        byte[] got = new byte[5 + count];
        buffer.duplicate().position(position).get(got);
        byte[] expected = new byte[5 + count];
        System.arraycopy(first, 0, expected, 0, 5);
        System.arraycopy(second, 0, expected, 5, count);
        assertArrayEquals(expected, got);
        assertArrayEquals(around, outside(buffer, position, limit));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void a_pending_read_sees_the_buffer_as_it_was_given(ByteBuffer buffer) throws Exception {
        Pair pair = pair(anyGroup());
        int position = buffer.position();
        Future<Integer> read = pair.channel().read(buffer);
        byte[] sent = randomBytes(SIZE, 3);
        pair.send(sent);
        int count = Futures.value(read);
        assertEquals(position + count, buffer.position());
        for (int i = 0; i < count; i++) {
            assertEquals(sent[i], buffer.get(position + i));
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void a_write_takes_what_is_between_position_and_limit(ByteBuffer buffer) throws Exception {
        Pair pair = pair(anyGroup());
        byte[] content = randomBytes(SIZE, 4);
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.duplicate().put(content);
        byte[] around = outside(buffer, position, limit);

        Outcome<Integer> write = new Outcome<>();
        pair.channel().write(buffer, null, write);
        assertEquals(SIZE, write.value());
        assertArrayEquals(content, pair.take(SIZE));
        assertEquals(limit, buffer.position());
        assertEquals(limit, buffer.limit());
        assertArrayEquals(around, outside(buffer, position, limit));

        ByteBuffer readOnly = buffer.asReadOnlyBuffer().position(position);
        assertEquals(SIZE, Futures.value(pair.channel().write(readOnly)));
        assertArrayEquals(content, pair.take(SIZE));
        assertEquals(limit, readOnly.position());
    }

    private static byte[] outside(ByteBuffer buffer, int position, int limit) {
        ByteBuffer all = buffer.duplicate().clear();
        byte[] rest = new byte[buffer.capacity() - (limit - position)];
        all.get(0, rest, 0, position);
        all.get(limit, rest, position, buffer.capacity() - limit);
        return rest;
    }

    @Test
    void a_slice_of_an_array_is_filled_in_the_array() throws Exception {
        Pair pair = pair(anyGroup());
        byte[] array = new byte[10];
        ByteBuffer slice = ByteBuffer.wrap(array, 4, 3).slice();
        pair.send((byte) 1, (byte) 2, (byte) 3, (byte) 4);
        assertEquals(3, Futures.value(pair.channel().read(slice)));
        assertArrayEquals(new byte[] {0, 0, 0, 0, 1, 2, 3, 0, 0, 0}, array);
        assertFalse(slice.hasRemaining());
    }

    @Test
    void what_a_read_failed_to_get_does_not_move_the_position() throws Exception {
        Pair pair = pair(anyGroup());
        pair.peer().close();
        ByteBuffer buffer = ByteBuffer.allocate(10).position(4);
        assertEquals(-1, Futures.value(pair.channel().read(buffer)));
        assertEquals(4, buffer.position());
        assertEquals(10, buffer.limit());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_mapped_file_is_a_buffer_like_any_other(boolean readOnly) throws Exception {
        Pair pair = pair(anyGroup());
        Path file = Files.createTempFile("nio2uring", ".mapped");
        byte[] content = randomBytes(10_000, 5);
        Files.write(file, content);
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = open.map(
                    readOnly ? FileChannel.MapMode.READ_ONLY : FileChannel.MapMode.READ_WRITE, 0, content.length);
            int written = Futures.value(pair.channel().write(mapped));
            assertEquals(written, mapped.position());
            byte[] got = pair.take(written);
            for (int i = 0; i < written; i++) {
                assertEquals(content[i], got[i]);
            }
            if (!readOnly) {
                mapped.clear();
                pair.send((byte) 1, (byte) 2);
                assertEquals(2, Futures.value(pair.channel().read(mapped)));
                assertEquals(2, mapped.get(1));
            }
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_buffer_that_only_the_operation_holds_is_not_collected(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        Outcome<Integer> read = new Outcome<>();
        byte[] got = new byte[8];
        readIntoForgotten(pair.channel(), got, read);
        for (int i = 0; i < 3; i++) {
            System.gc();
            assertEquals(1, ByteBuffer.allocateDirect(1 << 20).put((byte) 1).position());
        }
        byte[] sent = randomBytes(8, 6);
        pair.send(sent);
        assertEquals(8, read.value());
        assertArrayEquals(sent, got);
    }

    private static void readIntoForgotten(AsynchronousSocketChannel channel, byte[] got, Outcome<Integer> read) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        channel.read(
                buffer,
                null,
                new Then<>(count -> {
                    buffer.flip().get(got, 0, count);
                    read.completed(count, null);
                }));
    }

    @Test
    void large_buffers_of_both_kinds_are_read_and_written_whole() throws Exception {
        Pair pair = pair(anyGroup());
        byte[] content = randomBytes(3 << 20, 7);
        for (boolean direct : new boolean[] {true, false}) {
            ByteBuffer buffer = direct
                    ? ByteBuffer.allocateDirect(content.length)
                    : ByteBuffer.allocate(content.length);
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    pair.send(content);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            while (buffer.hasRemaining()) {
                assertTrue(Futures.value(pair.channel().read(buffer)) > 0);
            }
            sender.join();
            assertArrayEquals(content, received(buffer));
        }
    }
}
