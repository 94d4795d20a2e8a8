package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;

import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.traffic.EchoConnection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A handler whose thread waits for a disk stalls nobody, although the kernel would have that thread tell what has become of the
 * operations that it has submitted.
 */
class UninterruptibleSleepTest {

    private static final byte SLEEP = 1;
    private static final byte MESSAGE = 2;
    private static final int CONNECTIONS = 16;
    private static final int FULL = 4;
    private static final int SMALL_BUFFER = 65_536;

    enum Kind {
        FIXED {
            @Override
            OpenGroup open() throws IOException {
                return OpenGroup.fixed(2);
            }
        },
        CACHED {
            @Override
            OpenGroup open() throws IOException {
                return OpenGroup.cached();
            }
        },
        POOL {
            @Override
            OpenGroup open() throws IOException {
                return OpenGroup.elastic(Executors.newFixedThreadPool(2, OpenGroup.silent("pool")), 0,
                        LoopOptions.DEFAULT);
            }
        };

        abstract OpenGroup open() throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void othersAreServedAndSeeTheEndOfTheirConnections(Kind kind) throws IOException {
        try (OpenGroup group = kind.open(); UninterruptibleSleep sleep = new UninterruptibleSleep()) {
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                pairs.add(group.pair());
                ByteBuffer buffer = i % 2 == 0 ? ByteBuffer.allocateDirect(16) : ByteBuffer.allocate(16);
                new Echo(pairs.getLast().channel(), sleep, buffer).read();
            }
            for (int round = 0; round < 50; round++) {
                exchangeAll(pairs);
            }
            List<Pair> full = new ArrayList<>();
            for (int i = 0; i < FULL; i++) {
                full.add(group.pair());
                full.getLast().channel().setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER);
                full.getLast().peer().setReceiveBufferSize(SMALL_BUFFER);
                new Filler(full.getLast().channel()).write();
                exchangeAll(pairs);
            }
            Pair sleeping = pairs.removeFirst();
            sleeping.peer().getOutputStream().write(SLEEP);
            Waits.until(sleep::hasBegun, "the sleep");
            for (int round = 0; round < 3; round++) {
                exchangeAll(pairs);
            }
            for (Pair pair : full) {
                assertArrayEquals(Filler.BYTES, pair.peer().getInputStream().readNBytes(Filler.BYTES.length));
            }
            for (Pair pair : pairs.subList(0, CONNECTIONS / 2)) {
                pair.channel().close();
                assertEquals(-1, pair.peer().getInputStream().read());
            }
            List<Pair> open = pairs.subList(CONNECTIONS / 2, pairs.size());
            exchangeAll(open);
            sleep.end();
            assertEquals(SLEEP, sleeping.peer().getInputStream().read());
            for (int round = 0; round < 50; round++) {
                exchangeAll(open);
                exchangeAll(List.of(sleeping));
            }
        }
    }

    /** Sends a message on each connection, and then receives the answers. */
    private static void exchangeAll(List<Pair> pairs) throws IOException {
        for (Pair pair : pairs) {
            pair.peer().getOutputStream().write(MESSAGE);
        }
        for (Pair pair : pairs) {
            assertEquals(MESSAGE, pair.peer().getInputStream().read());
        }
    }

    /** Writes more than a socket takes. */
    private static final class Filler implements CompletionHandler<Integer, Void> {
        static final byte[] BYTES = new byte[1 << 20];

        static {
            new Random(1).nextBytes(BYTES);
        }

        private final AsynchronousSocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.wrap(BYTES);

        Filler(AsynchronousSocketChannel channel) {
            this.channel = channel;
        }

        void write() {
            channel.write(buffer, null, this);
        }

        @Override
        public void completed(Integer count, Void attachment) {
            if (buffer.hasRemaining()) {
                write();
            }
        }

        @Override
        public void failed(Throwable failure, Void attachment) {
            // The peer misses bytes.
        }
    }

    /** Falls asleep before it sends back what asks for that. */
    private static final class Echo extends EchoConnection {
        private final UninterruptibleSleep sleep;
        private final ByteBuffer buffer;

        Echo(AsynchronousSocketChannel channel, UninterruptibleSleep sleep, ByteBuffer buffer) {
            // A failure is the end of the test, or a message that is missing.
            super(channel, buffer, _ -> {
            });
            this.sleep = sleep;
            this.buffer = buffer;
        }

        @Override
        public void completed(Integer count, Object attachment) {
            if (buffer.get(0) == SLEEP) {
                sleep.fallAsleep();
            }
            super.completed(count, attachment);
        }
    }
}
