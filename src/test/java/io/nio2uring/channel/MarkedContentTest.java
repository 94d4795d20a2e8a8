package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.Polling;
import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No connection sees another's bytes. Each sends a byte of its own, over and over, all go through the same few buffers of
 * ours, each of which serves all connections in turn, and some reads and connections end in between. What comes back,
 * and what lies in the users' buffers, before, in and behind the bytes that were read, has to be the connection's own.
 */
@TimeLimit
class MarkedContentTest {
    private static final int CONNECTIONS = 100;
    private static final int ROUNDS = 40;
    private static final int MAX_MESSAGE_BYTES = 700;

    @ParameterizedTest
    @CsvSource({"1, 1, false", "2, 4, false", "16, 4, false", "16, 2, true"})
    void everyByteIsTheConnectionsOwn(int entries, int buffers, boolean sqpoll) throws IOException {
        LoopOptions options = new LoopOptions(entries, 0, buffers, 256, buffers, 200)
                .with(sqpoll ? OpenGroup.SQPOLL : Polling.NONE);
        AtomicReference<Throwable> defect = new AtomicReference<>();
        Random random = new Random(entries * 100 + buffers);
        try (OpenGroup group = OpenGroup.fixed(2, options)) {
            List<MarkedConnection> connections = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(open(group, i, random, defect));
            }
            long echoed = 0;
            int replaced = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (MarkedConnection each : connections) {
                    each.send(1 + random.nextInt(MAX_MESSAGE_BYTES));
                }
                for (int i = 0; i < CONNECTIONS; i++) {
                    MarkedConnection each = connections.get(i);
                    echoed += each.receive();
                    if (each.hasEnded()) {
                        replaced++;
                        connections.set(i, open(group, i, random, defect));
                    }
                }
                assertNull(defect.get(), () -> String.valueOf(defect.get()));
            }
            int ended = replaced;
            assertTrue(replaced > 5, () -> ended + " connections ended by a time limit, a cancel or a close");
            assertTrue(echoed > CONNECTIONS * ROUNDS * MAX_MESSAGE_BYTES / 4, "bytes that went through: " + echoed);
        }
    }

    private static MarkedConnection open(OpenGroup group, int number, Random random, AtomicReference<Throwable> defect)
            throws IOException {
        MarkedConnection connection =
                new MarkedConnection(group.pair(), (byte) (number + 1), random.nextLong(), defect);
        connection.read();
        return connection;
    }

    /** The test itself: one that sends a foreign byte is found. */
    static void assertMarked(byte[] bytes, int length, byte mark) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] != mark) {
                assertEquals(mark, bytes[i], "byte " + i + " of " + Arrays.toString(Arrays.copyOf(bytes, length)));
            }
        }
    }
}
