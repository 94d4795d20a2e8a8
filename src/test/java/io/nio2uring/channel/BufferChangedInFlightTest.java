package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who changes a buffer's position or limit during an operation must not expect much, but memory beyond the buffer stays
 * as it is, and other operations go on.
 */
class BufferChangedInFlightTest {
    private static final int BYTES = CountedEcho.MESSAGE_BYTES;

    private static ByteBuffer allocate(boolean direct, int capacity) {
        return direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
    }

    @ParameterizedTest(name = "direct: {0}")
    @ValueSource(booleans = {true, false})
    void aBufferThatSeemsToGrowIsNotOverrun(boolean direct) throws IOException {
        try (CountedEcho echo = CountedEcho.unused()) {
            ByteBuffer memory = allocate(direct, 3 * BYTES);
            ByteBuffer buffer = memory.slice(0, BYTES).position(BYTES / 2);
            Outcome<Integer> read = new Outcome<>();
            try (HeldLoop _ = echo.hold()) {
                echo.channel().read(buffer, null, read);
                buffer.clear();
            }
            echo.send();

            int count = read.value("read");
            assertTrue(count <= BYTES / 2, () -> count + " bytes in room for " + BYTES / 2);
            for (int i = BYTES; i < memory.capacity(); i++) {
                assertEquals(0, memory.get(i), "byte " + i + ", beyond the buffer");
            }
        }
    }

    @ParameterizedTest(name = "direct: {0}")
    @ValueSource(booleans = {true, false})
    void aBufferWithoutRoomForWhatHasComeStopsNothing(boolean direct) throws IOException {
        try (CountedEcho echo = CountedEcho.unused()) {
            ByteBuffer buffer = allocate(direct, BYTES);
            Outcome<Integer> read = new Outcome<>();
            try (HeldLoop _ = echo.hold()) {
                echo.channel().read(buffer, null, read);
            }
            buffer.position(BYTES);
            echo.send();
            assertEquals(BYTES, read.value("read"));
            assertEquals(BYTES, buffer.position());

            assertNextReadIsWhole(echo, direct);
        }
    }

    @Test
    void aBufferThatHasBeenTakenBackStopsNoFuture() throws Exception {
        try (CountedEcho echo = CountedEcho.unused()) {
            ByteBuffer buffer = allocate(true, BYTES);
            var read = echo.channel().read(buffer);
            buffer.position(BYTES);
            echo.send();
            assertEquals(BYTES, Waits.result(read, "read"));

            assertNextReadIsWhole(echo, true);
        }
    }

    /** Whatever position the library has seen, it writes within the buffer, and sends from within. */
    @ParameterizedTest(name = "several: {0}")
    @ValueSource(booleans = {true, false})
    void aBufferWhosePositionAnotherThreadMovesIsNotLeft(boolean several) throws Exception {
        try (OpenGroup group = OpenGroup.fixed(1)) {
            OpenGroup.Pair pair = group.pair();
            AtomicBoolean over = new AtomicBoolean();
            AtomicReference<ByteBuffer> moved = new AtomicReference<>(ByteBuffer.allocateDirect(1));
            Thread mover = Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    ByteBuffer buffer = moved.get();
                    buffer.position(buffer.limit() / 2);
                    buffer.position(0);
                }
            });
            try {
                for (int round = 0; round < 2_000; round++) {
                    ByteBuffer memory = ByteBuffer.allocateDirect(3 * BYTES);
                    for (int i = BYTES; i < 2 * BYTES; i++) {
                        memory.put(i, (byte) 1);
                    }
                    ByteBuffer buffer = memory.slice(BYTES, BYTES);
                    moved.set(buffer);
                    int count;
                    if (several) {
                        Outcome<Long> written = new Outcome<>();
                        pair.channel().write(new ByteBuffer[] {buffer}, 0, 1, 0, TimeUnit.SECONDS, null, written);
                        count = written.value("write").intValue();
                    } else {
                        Outcome<Integer> written = new Outcome<>();
                        pair.channel().write(buffer, null, written);
                        count = written.value("write");
                    }
                    for (byte each : pair.peer().getInputStream().readNBytes(count)) {
                        assertEquals(1, each, "a byte from beyond the buffer");
                    }
                }
            } finally {
                over.set(true);
                mover.join();
            }
        }
    }

    private static void assertNextReadIsWhole(CountedEcho echo, boolean direct) throws IOException {
        Outcome<Integer> next = new Outcome<>();
        echo.channel().read(allocate(direct, BYTES), null, next);
        echo.send();
        assertEquals(BYTES, next.value("the next read"));
    }
}
