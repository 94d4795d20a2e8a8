package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that do not wait for what they write. The specification promises them little; the JDK's provider writes at once
 * what the socket has room for, on threads of the group and wherever somebody gets a future, and they have come to rely on
 * that.
 */
class LastWriteTest extends Conformance {
    private static final int ROUNDS = 50;
    private static final int LENGTH = 1000;

    private enum By {
        HANDLER, FUTURE;

        void write(AsynchronousSocketChannel channel, ByteBuffer bytes, Outcome<Integer> outcome) {
            if (this == HANDLER) {
                channel.write(bytes, null, outcome);
            } else {
                channel.write(bytes);
            }
        }
    }

    private enum End {
        CLOSE, SHUTDOWN;

        void of(AsynchronousSocketChannel channel) throws IOException {
            if (this == CLOSE) {
                channel.close();
            } else {
                channel.shutdownOutput();
            }
        }
    }

    private static List<Arguments> inHandlers() {
        List<Arguments> all = new ArrayList<>();
        for (GroupKind kind : GroupKind.values()) {
            for (By by : By.values()) {
                for (End end : End.values()) {
                    all.add(Arguments.of(kind, by, end));
                }
            }
        }
        return all;
    }

    /** Without those that the JDK's provider leaves to the threads of the group. */
    private static List<Arguments> outside() {
        return inHandlers().stream()
                .filter(each -> each.get()[1] == By.FUTURE || !each.get()[0].toString().startsWith("FIXED")).toList();
    }

    private static ByteBuffer buffer(byte[] bytes, int round) {
        return round % 2 == 0 ? ByteBuffer.wrap(bytes) : ByteBuffer.allocateDirect(LENGTH).put(bytes).flip();
    }

    private static void assertEndsWith(byte[] bytes, Pair pair) throws IOException {
        assertArrayEquals(bytes, pair.take(bytes.length));
        assertEquals(-1, pair.peer().read(ByteBuffer.allocate(1)));
    }

    @ParameterizedTest
    @MethodSource("inHandlers")
    void a_handler_may_end_the_stream_that_it_has_just_written_to(GroupKind kind, By by, End end) throws Exception {
        TestGroup group = group(kind);
        for (int i = 0; i < ROUNDS; i++) {
            int round = i;
            byte[] bytes = randomBytes(LENGTH, round);
            Outcome<Integer> write = new Outcome<>();
            try (Pair pair = pair(group)) {
                pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(_ -> {
                    by.write(pair.channel(), buffer(bytes, round), write);
                    end.of(pair.channel());
                }));
                pair.send((byte) 1);
                assertEndsWith(bytes, pair);
                if (by == By.HANDLER) {
                    assertEquals(LENGTH, write.value());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("outside")
    void so_may_any_other_thread(GroupKind kind, By by, End end) throws Exception {
        TestGroup group = group(kind);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = randomBytes(LENGTH, round);
            Outcome<Integer> write = new Outcome<>();
            try (Pair pair = pair(group)) {
                by.write(pair.channel(), buffer(bytes, round), write);
                end.of(pair.channel());
                assertEndsWith(bytes, pair);
                if (by == By.HANDLER) {
                    assertEquals(LENGTH, write.value());
                }
            }
        }
    }
}
