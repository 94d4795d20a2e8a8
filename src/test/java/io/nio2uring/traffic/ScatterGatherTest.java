package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads into and writes from many buffers at once. */
@TimeLimit
class ScatterGatherTest {
    private static final Payload PAYLOAD = new Payload(11);

    /** More than the kernel takes in one call (IOV_MAX, 1024). */
    private static final int MANY = 3000;

    @ParameterizedTest
    @EnumSource
    void manySmallBuffersAreGatheredInOrder(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            for (int round = 0; round < 20; round++) {
                ByteBuffer[] buffers = buffers(MANY, round);
                long total = remaining(buffers);
                long offset = 0;
                for (ByteBuffer buffer : buffers) {
                    PAYLOAD.fill(buffer.duplicate(), offset);
                    offset += buffer.remaining();
                }
                long written = 0;
                while (written < total) {
                    long n = write(pair, buffers, 0, MANY);
                    assertTrue(n > 0, "bytes written while some remain: " + n);
                    written += n;
                    assertFilledInOrder(buffers, written);
                }
                assertEquals(total, written);
                PAYLOAD.check(ByteBuffer.wrap(pair.peer.getInputStream().readNBytes((int) total)), 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReadIsScatteredInOrder(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            for (int round = 0; round < 20; round++) {
                ByteBuffer[] buffers = buffers(MANY, round);
                long total = remaining(buffers);
                // The last byte comes later, so that no read may wait for all buffers to be full.
                pair.peer.getOutputStream().write(PAYLOAD.first((int) total), 0, (int) total - 1);
                long read = 0;
                while (read < total - 1) {
                    long n = read(pair, buffers, 0, MANY);
                    assertTrue(n > 0, "bytes read while some were sent: " + n);
                    read += n;
                    assertFilledInOrder(buffers, read);
                }
                assertEquals(total - 1, read);
                pair.peer.getOutputStream().write(PAYLOAD.first((int) total), (int) total - 1, 1);
                assertEquals(1, read(pair, buffers, 0, MANY));
                long offset = 0;
                for (ByteBuffer buffer : buffers) {
                    assertEquals(0, buffer.remaining());
                    PAYLOAD.check(buffer.flip(), offset);
                    offset += buffer.limit();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheBuffersOfTheSubsequenceAreUsed(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            ByteBuffer[] buffers = new ByteBuffer[5];
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = i % 2 == 0 ? ByteBuffer.allocate(4) : ByteBuffer.allocateDirect(4);
            }
            buffers[4] = null;
            pair.peer.getOutputStream().write(PAYLOAD.first(20));
            assertEquals(8, read(pair, buffers, 1, 2));
            assertEquals(0, buffers[0].position());
            assertEquals(0, buffers[3].position());
            PAYLOAD.check(buffers[1].flip(), 0);
            PAYLOAD.check(buffers[2].flip(), 4);
            assertEquals(8, write(pair, buffers, 1, 2));
            PAYLOAD.check(ByteBuffer.wrap(pair.peer.getInputStream().readNBytes(8)), 0);
            assertThrows(IndexOutOfBoundsException.class, () -> read(pair, buffers, 4, 2));
        }
    }

    /** Buffers of 0 to 40 bytes, heap and direct mixed. */
    private static ByteBuffer[] buffers(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer[] buffers = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            int size = random.nextInt(41);
            buffers[i] = random.nextBoolean() ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
        }
        return buffers;
    }

    private static long remaining(ByteBuffer[] buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    /** The first {@code count} bytes of all buffers are used up, and none after them; limits are as they were. */
    private static void assertFilledInOrder(ByteBuffer[] buffers, long count) {
        long left = count;
        for (ByteBuffer buffer : buffers) {
            assertEquals(buffer.capacity(), buffer.limit(), "limit");
            int expected = (int) Math.min(left, buffer.capacity());
            assertEquals(expected, buffer.position(), "position");
            left -= expected;
        }
    }

    private static long write(SocketPair pair, ByteBuffer[] buffers, int offset, int length) {
        Outcome<Long> outcome = new Outcome<>();
        pair.channel.write(buffers, offset, length, 0, TimeUnit.SECONDS, null, outcome);
        return outcome.result();
    }

    private static long read(SocketPair pair, ByteBuffer[] buffers, int offset, int length) {
        Outcome<Long> outcome = new Outcome<>();
        pair.channel.read(buffers, offset, length, 0, TimeUnit.SECONDS, null, outcome);
        return outcome.result();
    }
}
