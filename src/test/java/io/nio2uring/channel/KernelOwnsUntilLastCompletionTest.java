package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.sys.NativeMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 1: what an operation lends to the kernel stays lent until its final completion, and nothing writes into a
 * user's buffer after the outcome was told.
 */
class KernelOwnsUntilLastCompletionTest {
    private static final byte UNTOUCHED = 0x5A;
    private static final byte LATE = 0x11;

    private static Stream<Arguments> buffers() {
        IntFunction<ByteBuffer> direct = ByteBuffer::allocateDirect;
        IntFunction<ByteBuffer> heap = ByteBuffer::allocate;
        return Stream.of(Arguments.of("direct", direct), Arguments.of("heap", heap));
    }

    private static ByteBuffer filled(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            buffer.put(UNTOUCHED);
        }
        return buffer.clear();
    }

    private static void assertUntouched(ByteBuffer buffer, String when) {
        for (int i = 0; i < buffer.capacity(); i++) {
            assertEquals(UNTOUCHED, buffer.get(i), when + ", byte " + i);
        }
    }

    private static byte[] late() {
        byte[] bytes = new byte[64];
        java.util.Arrays.fill(bytes, LATE);
        return bytes;
    }

    /** When this returns, the loop has taken whatever the kernel had for it when this was called. */
    private static void letTheLoopTurn(Pair pair) throws IOException {
        Outcome<Integer> written = new Outcome<>();
        pair.channel().write(ByteBuffer.wrap(new byte[] {1}), null, written);
        written.value("write");
        assertEquals(1, pair.peer().getInputStream().read());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("buffers")
    void dataThatComesAfterATimeoutIsNotWrittenIntoTheBuffer(String kind, IntFunction<ByteBuffer> memory)
            throws IOException {
        try (OpenGroup group = OpenGroup.fixed(1)) {
            List<Pair> pairs = new ArrayList<>();
            List<ByteBuffer> buffers = new ArrayList<>();
            List<Outcome<Integer>> single = new ArrayList<>();
            List<Outcome<Long>> several = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                Pair pair = group.pair();
                ByteBuffer first = filled(memory.apply(64));
                ByteBuffer second = filled(memory.apply(64));
                pairs.add(pair);
                buffers.add(first);
                buffers.add(second);
                if (i % 2 == 0) {
                    single.add(new Outcome<>());
                    pair.channel().read(first, 10, TimeUnit.MILLISECONDS, null, single.getLast());
                } else {
                    several.add(new Outcome<>());
                    pair.channel().read(new ByteBuffer[] {first, second}, 0, 2, 10, TimeUnit.MILLISECONDS, null,
                            several.getLast());
                }
            }
            for (Outcome<Integer> read : single) {
                assertInstanceOf(InterruptedByTimeoutException.class, read.failure("timeout"));
            }
            for (Outcome<Long> read : several) {
                assertInstanceOf(InterruptedByTimeoutException.class, read.failure("timeout"));
            }
            for (Pair pair : pairs) {
                pair.peer().getOutputStream().write(late());
            }
            for (Pair pair : pairs) {
                letTheLoopTurn(pair);
            }
            buffers.forEach(buffer -> assertUntouched(buffer, "after the timeout"));
        }
    }

    /** The data comes while the loop is busy, then the user cancels, then the loop looks. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("buffers")
    void aCancelledFutureNeverWritesIntoTheBufferAgain(String kind, IntFunction<ByteBuffer> memory)
            throws IOException {
        int cancelled = 0;
        try (OpenGroup group = OpenGroup.fixed(1)) {
            for (int round = 0; round < 300; round++) {
                Pair pair = group.pair();
                ByteBuffer buffer = filled(memory.apply(64));
                Future<Integer> read = pair.channel().read(buffer);
                if (round % 2 == 0) {
                    // Until it is in the kernel.
                    letTheLoopTurn(pair);
                }
                pair.peer().getOutputStream().write(late());
                LockSupport.parkNanos(round % 4 < 2 ? 0 : round * 500L);
                if (read.cancel(false)) {
                    cancelled++;
                    assertUntouched(buffer, "when cancel returned, round " + round);
                    letTheLoopTurn(pair);
                    assertUntouched(buffer, "after cancel, round " + round);
                } else {
                    assertEquals(64, Waits.result(read, "read"));
                    assertEquals(LATE, buffer.get(63));
                }
                pair.channel().close();
            }
        }
        assertTrue(cancelled > 0, "never won the race: this run shows nothing");
    }

    @Test
    void vectorsAreFreedAfterTheCompletionAndNotBefore() throws IOException {
        try (OpenGroup group = OpenGroup.fixed(1)) {
            for (boolean byTimeout : new boolean[] {true, false}) {
                Pair pair = group.pair();
                letTheLoopTurn(pair);
                long before = NativeMemory.allocatedBytes();
                ByteBuffer[] buffers = {ByteBuffer.allocateDirect(8), ByteBuffer.allocateDirect(8)};
                Outcome<Long> read = new Outcome<>();
                long limitNanos = byTimeout ? TimeUnit.MILLISECONDS.toNanos(200) : 0;
                long begunNanos = System.nanoTime();
                pair.channel().read(buffers, 0, 2, limitNanos, TimeUnit.NANOSECONDS, null, read);
                letTheLoopTurn(pair);
                boolean isWithTheKernel = NativeMemory.allocatedBytes() > before;
                boolean timeIsUp = byTimeout && System.nanoTime() - begunNanos >= limitNanos;
                assertTrue(isWithTheKernel || timeIsUp, "the kernel has the vector");
                if (!byTimeout) {
                    pair.channel().close();
                }
                Class<?> expected = byTimeout ? InterruptedByTimeoutException.class : AsynchronousCloseException.class;
                assertEquals(expected, read.failure("end of the read").getClass());
                assertEquals(before, NativeMemory.allocatedBytes(), "the vector is given back");
            }
        }
    }

    /** The accepted peer's address is written by the kernel: its memory is given back with the channel. */
    @Test
    void addressesAreFreedAfterTheCompletion() throws IOException {
        try (OpenGroup group = OpenGroup.fixed(1)) {
            letTheLoopTurn(group.pair());
            long before = NativeMemory.allocatedBytes();
            var server = group.listen();
            Outcome<java.nio.channels.AsynchronousSocketChannel> accept = new Outcome<>();
            server.accept(null, accept);
            Waits.until(() -> NativeMemory.allocatedBytes() > before, "an address for the kernel");
            server.close();
            assertInstanceOf(AsynchronousCloseException.class, accept.failure("accept"));
            assertEquals(before, NativeMemory.allocatedBytes());

            for (int i = 0; i < 10; i++) {
                group.pair();
            }
            assertEquals(before, NativeMemory.allocatedBytes(), "addresses of connects");
        }
    }

    /** The program keeps nothing but the operation; the kernel's view of the buffer must stay what it was. */
    @Test
    void aBufferThatOnlyTheOperationKnowsIsNotCollected() throws IOException {
        try (OpenGroup group = OpenGroup.fixed(1)) {
            List<Pair> pairs = new ArrayList<>();
            List<Outcome<Integer>> reads = new ArrayList<>();
            List<java.lang.ref.WeakReference<ByteBuffer>> buffers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                Pair pair = group.pair();
                ByteBuffer buffer = filled(ByteBuffer.allocateDirect(4096));
                Outcome<Integer> read = new Outcome<>();
                pair.channel().read(buffer, null, read);
                pairs.add(pair);
                reads.add(read);
                buffers.add(new java.lang.ref.WeakReference<>(buffer));
            }
            System.gc();
            assertTrue(buffers.stream().allMatch(each -> each.get() != null), "held by the operations");
            for (Pair pair : pairs) {
                pair.peer().getOutputStream().write(late());
            }
            for (int i = 0; i < 64; i++) {
                assertEquals(64, reads.get(i).value("read"));
            }
        }
    }
}
