package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Buffers over memory that an arena can take away. */
class MemorySegmentBufferTest extends Conformance {
    static Stream<Arguments> arenas() {
        return Stream.of(
                Arguments.of(Named.<Supplier<Arena>>of("global", Arena::global)),
                Arguments.of(Named.<Supplier<Arena>>of("automatic", Arena::ofAuto)),
                Arguments.of(Named.<Supplier<Arena>>of("shared", Arena::ofShared)));
    }

    @ParameterizedTest
    @MethodSource("arenas")
    void buffers_over_memory_that_any_thread_may_use_are_like_any_other(Supplier<Arena> opener) throws Exception {
        Pair pair = pair(anyGroup());
        MemorySegment memory = opener.get().allocate(64);
        ByteBuffer buffer = memory.asSlice(8, 16).asByteBuffer();
        byte[] content = randomBytes(16, 1);
        pair.send(content);
        assertEquals(16, Futures.value(pair.channel().read(buffer)));
        assertEquals(ByteBuffer.wrap(content), memory.asSlice(8, 16).asByteBuffer());
        assertEquals(16, Futures.value(pair.channel().write(memory.asSlice(8, 16).asReadOnly().asByteBuffer())));
        assertArrayEquals(content, pair.take(16));

        Outcome<Long> pending = new Outcome<>();
        ByteBuffer[] buffers = {memory.asSlice(0, 2).asByteBuffer(), ByteBuffer.allocate(2)};
        pair.channel().read(buffers, 0, 2, 1, TimeUnit.DAYS, null, pending);
        pair.send((byte) 7, (byte) 8, (byte) 9);
        assertEquals(3, pending.value());
        assertEquals(9, buffers[1].get(0));
    }

    @Test
    void a_segment_over_an_array_is_a_buffer_like_any_other() throws Exception {
        Pair pair = pair(anyGroup());
        byte[] array = new byte[10];
        ByteBuffer buffer = MemorySegment.ofArray(array).asSlice(2, 5).asByteBuffer();
        pair.send((byte) 1, (byte) 2);
        assertEquals(2, Futures.value(pair.channel().read(buffer)));
        assertArrayEquals(new byte[] {0, 0, 1, 2, 0, 0, 0, 0, 0, 0}, array);
        assertEquals(2, Futures.value(pair.channel().write(buffer.flip())));
        assertArrayEquals(new byte[] {1, 2}, pair.take(2));
    }

    /** Whether the future failed for the reason the JDK gives for memory that it cannot use. */
    private static boolean refused(Future<?> future) throws Exception {
        try {
            Futures.value(future);
            return false;
        } catch (ExecutionException e) {
            assertEquals(IOException.class, e.getCause().getClass());
            assertEquals(IllegalStateException.class, e.getCause().getCause().getClass());
            return true;
        }
    }

    /** Memory of one thread is either refused, as the JDK does, or served to its owner; it is never half served. */
    @Test
    void memory_confined_to_the_initiating_thread_is_refused_or_served() throws Exception {
        Pair pair = pair(anyGroup());
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer source = arena.allocate(4).asByteBuffer().put(new byte[] {1, 2, 3, 4}).flip();
            if (refused(pair.channel().write(source))) {
                assertEquals(0, source.position());
                assertEquals(2, Futures.value(pair.channel().write(ByteBuffer.wrap(new byte[] {1, 2}))));
                assertArrayEquals(new byte[] {1, 2}, pair.take(2), "nothing of the refused buffer was sent");
            } else {
                assertEquals(4, source.position());
                assertArrayEquals(new byte[] {1, 2, 3, 4}, pair.take(4));
            }
            ByteBuffer target = arena.allocate(4).asByteBuffer();
            pair.send((byte) 5, (byte) 6);
            if (refused(pair.channel().read(target))) {
                ByteBuffer other = ByteBuffer.allocate(4);
                assertEquals(2, Futures.value(pair.channel().read(other)));
                assertArrayEquals(new byte[] {5, 6}, received(other), "nothing was lost to the refused buffer");
            } else {
                assertArrayEquals(new byte[] {5, 6}, received(target));
            }
            assertTrue(pair.channel().isOpen());
        }
    }

    @Test
    void memory_whose_arena_is_closed_is_refused() throws Exception {
        Pair pair = pair(anyGroup());
        Arena arena = Arena.ofShared();
        ByteBuffer buffer = arena.allocate(4).asByteBuffer();
        arena.close();
        assertThrowsIllegalState(pair, buffer);
        pair.send((byte) 1);
        assertEquals(1, Futures.value(pair.channel().read(ByteBuffer.allocate(4))), "the channel goes on");
        assertEquals(1, Futures.value(pair.channel().write(ByteBuffer.allocate(1))), "the channel goes on");
    }

    private static void assertThrowsIllegalState(Pair pair, ByteBuffer buffer) throws Exception {
        Outcome<Integer> write = new Outcome<>();
        pair.channel().write(buffer, null, write);
        write.failure(IllegalStateException.class);
        assertTrue(refused(pair.channel().write(buffer)));
    }

    /**
     * The arena of a pending read either refuses to be closed, as with the JDK, or the read ends without the memory:
     * as a failure, never as a crash of the JVM.
     */
    @Test
    void closing_the_arena_of_a_pending_read_is_safe() throws Exception {
        for (int round = 0; round < 50; round++) {
            Pair pair = pair(anyGroup());
            Arena arena = Arena.ofShared();
            ByteBuffer buffer = arena.allocate(4096).asByteBuffer();
            Future<Integer> read = pair.channel().read(buffer);
            boolean closed;
            try {
                arena.close();
                closed = true;
            } catch (IllegalStateException inUse) {
                closed = false;
            }
            pair.send(randomBytes(4096, round));
            if (closed) {
                assertThrows(ExecutionException.class, () -> Futures.value(read));
            } else {
                assertTrue(Futures.value(read) > 0);
                arena.close();
            }
            pair.close();
        }
    }

    @Test
    void an_arena_can_be_closed_once_its_operations_have_completed() throws Exception {
        Pair pair = pair(anyGroup());
        Arena arena = Arena.ofShared();
        ByteBuffer buffer = arena.allocate(16).asByteBuffer();
        Future<Integer> read = pair.channel().read(buffer);
        pair.send((byte) 1);
        assertEquals(1, Futures.value(read));
        assertEquals(1, Futures.value(pair.channel().write(buffer.flip())));
        arena.close();
    }
}
