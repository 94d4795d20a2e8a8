package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScatterGatherTest extends Conformance {
    /** Linux takes 1024 buffers in one call. */
    private static final int IOV_MAX = 1024;

    private static Outcome<Long> write(AsynchronousSocketChannel channel, ByteBuffer[] all, int offset, int length) {
        Outcome<Long> outcome = new Outcome<>();
        channel.write(all, offset, length, 0, TimeUnit.SECONDS, null, outcome);
        return outcome;
    }

    private static Outcome<Long> read(AsynchronousSocketChannel channel, ByteBuffer[] all, int offset, int length) {
        Outcome<Long> outcome = new Outcome<>();
        channel.read(all, offset, length, 0, TimeUnit.SECONDS, null, outcome);
        return outcome;
    }

    /** Buffers of all kinds in turn: heap, direct, a slice, a view with an offset, and one that is empty. */
    private static ByteBuffer[] mixed(int count, int size) {
        ByteBuffer[] buffers = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = switch (i % 5) {
                case 0 -> ByteBuffer.allocate(size);
                case 1 -> ByteBuffer.allocateDirect(size);
                case 2 -> ByteBuffer.allocateDirect(size + 3).slice(3, size);
                case 3 -> ByteBuffer.wrap(new byte[size + 8], 4, size);
                default -> ByteBuffer.allocate(0);
            };
        }
        return buffers;
    }

    private static int remaining(ByteBuffer[] buffers) {
        return Arrays.stream(buffers).mapToInt(ByteBuffer::remaining).sum();
    }

    private static ByteBuffer[] filled(ByteBuffer[] buffers, byte[] content) {
        int at = 0;
        for (ByteBuffer buffer : buffers) {
            int count = buffer.remaining();
            buffer.duplicate().put(content, at, count);
            at += count;
        }
        return buffers;
    }

    @ParameterizedTest
    @EnumSource
    void more_buffers_than_one_call_takes_are_written_in_order(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        ByteBuffer[] buffers = mixed(3 * IOV_MAX, 7);
        byte[] content = randomBytes(remaining(buffers), 3);
        filled(buffers, content);
        long written = 0;
        int rounds = 0;
        while (written < content.length) {
            Outcome<Long> write = write(pair.channel(), buffers, 0, buffers.length);
            written += write.value();
            group.assertOwns(write.thread());
            assertEquals(content.length - written, remaining(buffers), "positions tell what was written");
            assertTrue(++rounds < 100, "no progress");
        }
        assertArrayEquals(content, pair.take(content.length));
    }

    @ParameterizedTest
    @EnumSource
    void more_buffers_than_one_call_takes_are_filled_in_order(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        ByteBuffer[] buffers = mixed(3 * IOV_MAX, 7);
        ByteBuffer[] copies = Arrays.stream(buffers).map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new);
        byte[] content = randomBytes(remaining(buffers), 4);
        pair.send(content);
        long taken = 0;
        while (taken < content.length) {
            Outcome<Long> read = read(pair.channel(), buffers, 0, buffers.length);
            long count = read.value();
            assertTrue(count > 0);
            taken += count;
            group.assertOwns(read.thread());
            assertEquals(content.length - taken, remaining(buffers), "positions tell what was read");
        }
        int at = 0;
        for (ByteBuffer copy : copies) {
            byte[] part = new byte[copy.remaining()];
            copy.get(part);
            assertArrayEquals(Arrays.copyOfRange(content, at, at + part.length), part);
            at += part.length;
        }
    }

    @Test
    void any_number_of_empty_buffers_may_come_first() throws Exception {
        Pair pair = pair(anyGroup());
        ByteBuffer[] buffers = new ByteBuffer[4 * IOV_MAX];
        Arrays.fill(buffers, ByteBuffer.allocate(0));
        buffers[buffers.length - 1] = ByteBuffer.wrap(new byte[] {1, 2});
        assertEquals(2, write(pair.channel(), buffers, 0, buffers.length).value());
        assertArrayEquals(new byte[] {1, 2}, pair.take(2));
        buffers[buffers.length - 1] = ByteBuffer.allocate(4);
        pair.send((byte) 3);
        assertEquals(1, read(pair.channel(), buffers, 0, buffers.length).value());
        assertEquals(3, buffers[buffers.length - 1].get(0));
    }

    @Test
    void only_the_named_part_of_the_array_is_used() throws Exception {
        Pair pair = pair(anyGroup());
        ByteBuffer[] sources = new ByteBuffer[6];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = ByteBuffer.wrap(new byte[] {(byte) i, (byte) i});
        }
        sources[0] = null;
        sources[5] = ByteBuffer.allocate(2);
        assertEquals(6, write(pair.channel(), sources, 1, 3).value());
        assertArrayEquals(new byte[] {1, 1, 2, 2, 3, 3}, pair.take(6));
        assertEquals(0, sources[4].position());

        ByteBuffer[] targets = {
            ByteBuffer.allocate(2).asReadOnlyBuffer(), ByteBuffer.allocate(2), ByteBuffer.allocateDirect(3), null
        };
        pair.send((byte) 1, (byte) 2, (byte) 3, (byte) 4);
        assertEquals(4, read(pair.channel(), targets, 1, 2).value());
        assertArrayEquals(new byte[] {1, 2}, received(targets[1]));
        assertArrayEquals(new byte[] {3, 4}, received(targets[2]));
        assertEquals(0, targets[0].position());
    }

    @Test
    void a_null_among_the_buffers_is_refused_directly_by_a_read() throws Exception {
        Pair pair = pair(anyGroup());
        ByteBuffer[] targets = {ByteBuffer.allocate(1), null};
        assertThrows(NullPointerException.class, () -> read(pair.channel(), targets, 0, 2));
        pair.assertReads();
    }

    @Test
    void a_null_among_the_buffers_fails_a_write_which_sends_nothing() throws Exception {
        Pair pair = pair(anyGroup());
        ByteBuffer[] sources = {ByteBuffer.allocate(1), null};
        write(pair.channel(), sources, 0, 2).failure(NullPointerException.class);
        assertEquals(0, sources[0].position());
        assertEquals(1, write(pair.channel(), new ByteBuffer[] {ByteBuffer.wrap(new byte[] {5})}, 0, 1).value());
        assertArrayEquals(new byte[] {5}, pair.take(1));
    }

    @Test
    void positions_and_limits_bound_each_buffer() throws Exception {
        Pair pair = pair(anyGroup());
        ByteBuffer first = ByteBuffer.wrap(new byte[] {9, 1, 2, 9});
        ByteBuffer second = ByteBuffer.allocateDirect(4).put(new byte[] {9, 9, 3, 9});
        first.position(1).limit(3);
        second.position(2).limit(3);
        ByteBuffer[] sources = {first, second.asReadOnlyBuffer(), ByteBuffer.wrap(new byte[] {4}).asReadOnlyBuffer()};
        assertEquals(4, write(pair.channel(), sources, 0, 3).value());
        assertArrayEquals(new byte[] {1, 2, 3, 4}, pair.take(4));
        assertEquals(3, first.position());
        assertEquals(3, first.limit());
        assertEquals(2, second.position(), "the view moved, not what it is a view of");
        assertEquals(3, sources[1].position());

        ByteBuffer heap = ByteBuffer.allocate(6).position(1).limit(3);
        ByteBuffer direct = ByteBuffer.allocateDirect(6).position(4).limit(6);
        pair.send((byte) 5, (byte) 6, (byte) 7);
        assertEquals(3, read(pair.channel(), new ByteBuffer[] {heap, direct}, 0, 2).value());
        assertEquals(ByteBuffer.wrap(new byte[] {0, 5, 6, 0, 0, 0}), heap.clear());
        assertEquals(5, direct.position());
        assertEquals(6, direct.limit());
        assertEquals(ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 7, 0}), direct.clear());
    }

    @ParameterizedTest
    @EnumSource
    void read_only_sources_of_both_kinds_are_written_and_not_changed(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        byte[] bytes = randomBytes(3 * 1000, 17);
        ByteBuffer direct = ByteBuffer.allocateDirect(1000).put(bytes, 1000, 1000).flip().asReadOnlyBuffer();
        ByteBuffer[] sources = {ByteBuffer.wrap(bytes, 0, 1000).asReadOnlyBuffer(), direct,
            ByteBuffer.wrap(bytes, 2000, 1000).asReadOnlyBuffer()};
        assertEquals(3000, write(pair.channel(), sources, 0, 3).value());
        assertArrayEquals(bytes, pair.take(3000));
        for (ByteBuffer source : sources) {
            assertEquals(0, source.remaining());
        }
        assertEquals(ByteBuffer.wrap(bytes, 1000, 1000), direct.flip());
    }

    @ParameterizedTest
    @EnumSource
    void writing_nothing_completes_with_zero(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        ByteBuffer[] buffers = {ByteBuffer.allocate(0), ByteBuffer.allocateDirect(3).limit(0), ByteBuffer.allocate(1)};
        Outcome<Long> empty = write(pair.channel(), buffers, 0, 2);
        assertEquals(0L, empty.value());
        group.assertOwns(empty.thread());
        assertEquals(0L, write(pair.channel(), buffers, 1, 0).value());
        assertEquals(0L, write(pair.channel(), new ByteBuffer[0], 0, 0).value());
    }

    /** Reading nothing may wait for data, but takes none. */
    @ParameterizedTest
    @EnumSource
    void reading_into_nothing_completes_with_zero_and_loses_nothing(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        pair.send((byte) 1, (byte) 2);
        ByteBuffer[] buffers = {ByteBuffer.allocate(0), ByteBuffer.allocateDirect(3).limit(0), ByteBuffer.allocate(9)};
        assertEquals(0L, read(pair.channel(), buffers, 0, 2).value());
        assertEquals(0L, read(pair.channel(), buffers, 1, 0).value());
        assertEquals(0L, read(pair.channel(), new ByteBuffer[0], 0, 0).value());
        assertEquals(2L, read(pair.channel(), buffers, 0, 3).value());
    }

    @Test
    void bad_arguments_are_refused_directly() throws Exception {
        Pair pair = pair(anyGroup());
        AsynchronousSocketChannel channel = pair.channel();
        ByteBuffer[] two = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
        int[][] ranges = {{-1, 1}, {0, 3}, {2, 1}, {3, 0}, {0, -1}, {1, Integer.MAX_VALUE}};
        for (int[] range : ranges) {
            assertThrows(IndexOutOfBoundsException.class, () -> read(channel, two, range[0], range[1]));
            assertThrows(IndexOutOfBoundsException.class, () -> write(channel, two, range[0], range[1]));
        }
        ByteBuffer[] readOnly = {ByteBuffer.allocate(1), ByteBuffer.allocate(1).asReadOnlyBuffer()};
        assertThrows(IllegalArgumentException.class, () -> read(channel, readOnly, 0, 2));
        assertThrows(NullPointerException.class, () -> read(channel, null, 0, 0));
        assertThrows(NullPointerException.class, () -> write(channel, null, 0, 0));
        assertThrows(NullPointerException.class, () -> read(channel, new ByteBuffer[1], 0, 1));
        assertThrows(
                NullPointerException.class, () -> channel.read(two, 0, 2, 0, TimeUnit.SECONDS, null, null));
        assertThrows(
                NullPointerException.class, () -> channel.write(two, 0, 2, 0, TimeUnit.SECONDS, null, null));
        pair.send((byte) 1);
        assertEquals(1, read(channel, two, 0, 2).value(), "nothing was left pending");
    }

    @Test
    void a_gathering_write_of_more_than_two_gigabytes_writes_a_part() throws Exception {
        Pair pair = smallPair(anyGroup());
        ByteBuffer block = ByteBuffer.allocateDirect(32 << 20);
        ByteBuffer[] buffers = new ByteBuffer[80];
        Arrays.setAll(buffers, i -> block.duplicate());
        long written = write(pair.channel(), buffers, 0, buffers.length).value();
        assertTrue(written > 0 && written < 64 << 20, () -> "written: " + written);
        assertEquals(written, Arrays.stream(buffers).mapToLong(ByteBuffer::position).sum());
    }

    @ParameterizedTest
    @EnumSource
    void a_scattering_read_waits_for_data(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        ByteBuffer[] buffers = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(1), ByteBuffer.allocate(5)};
        Outcome<Long> read = read(pair.channel(), buffers, 0, 3);
        read.assertPending();
        pair.send((byte) 1, (byte) 2, (byte) 3);
        assertEquals(3, read.value());
        group.assertOwns(read.thread());
        assertEquals(3, buffers[2].get(0));
        assertEquals(1, buffers[2].position());
    }
}
