package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.LoopStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thousand connections share one receive buffer and one staging buffer: they wait in line, and those that wait cost
 * nothing.
 */
class ScarceBuffersTest {
    private static final int CONNECTIONS = 1000;
    private static final int BYTES = 64;

    /** Reads into heap memory and sends it back, for ever. */
    private static final class Echo implements CompletionHandler<Integer, Object> {
        private final AsynchronousSocketChannel channel;
        private final AtomicInteger operations;
        private final ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        private boolean reading;

        Echo(AsynchronousSocketChannel channel, AtomicInteger operations) {
            this.channel = channel;
            this.operations = operations;
        }

        void read() {
            reading = true;
            operations.incrementAndGet();
            channel.read(buffer.clear(), null, this);
        }

        @Override
        public void completed(Integer count, Object attachment) {
            if (count < 0) {
                return;
            }
            if (reading) {
                reading = false;
                buffer.flip();
            }
            if (buffer.hasRemaining()) {
                operations.incrementAndGet();
                channel.write(buffer, null, this);
            } else {
                read();
            }
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            // The end of the test; an earlier one is a missing echo.
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64})
    void whoWaitsForABufferIsNotTriedInVain(int entries) throws IOException {
        AtomicInteger operations = new AtomicInteger();
        try (OpenGroup group = OpenGroup.fixed(1, new LoopOptions(entries, 0, 1, BYTES, 1, BYTES))) {
            List<Socket> peers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                OpenGroup.Pair pair = group.pair();
                peers.add(pair.peer());
                new Echo(pair.channel(), operations).read();
            }
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    peers.get(i).getOutputStream().write(message(round, i));
                }
                for (int i = 0; i < CONNECTIONS; i++) {
                    assertEquals(ByteBuffer.wrap(message(round, i)),
                            ByteBuffer.wrap(peers.get(i).getInputStream().readNBytes(BYTES)));
                }
            }
            long submitted = group.group.statistics().stream().mapToLong(LoopStatistics::entriesSubmitted).sum();
            int began = operations.get();
            // One each, another for each place in a line. Trying all that wait at each turn took 300.
            assertTrue(submitted < 4L * began, () -> began + " operations took " + submitted + " entries");
        }
    }

    private static byte[] message(int round, int connection) {
        byte[] bytes = new byte[BYTES];
        ByteBuffer content = ByteBuffer.wrap(bytes);
        while (content.hasRemaining()) {
            content.putInt(connection).putInt(round);
        }
        return bytes;
    }

    private static Stream<LoopOptions> scarce() {
        LoopOptions roomy = new LoopOptions(64, 0, 1, BYTES, 1, BYTES);
        return Stream.of(new LoopOptions(1, 0, 1, BYTES, 1, BYTES), roomy, roomy.with(OpenGroup.SQPOLL));
    }

    /** A handler writes to several channels, more than there are buffers, and closes them without waiting. */
    @ParameterizedTest
    @MethodSource("scarce")
    void whatWaitsForABufferIsSentBeforeAClose(LoopOptions options) throws IOException {
        writeAndClose(options, List::reversed);
    }

    /** The first close frees the buffer; the second is that of the last in the line. */
    @ParameterizedTest
    @MethodSource("scarce")
    void whatWaitsForABufferThatIsFreeAlreadyIsSentBeforeAClose(LoopOptions options) throws IOException {
        writeAndClose(options, channels -> {
            List<AsynchronousSocketChannel> order = new ArrayList<>(channels.reversed());
            order.addFirst(order.removeLast());
            return order;
        });
    }

    private static void writeAndClose(LoopOptions options, UnaryOperator<List<AsynchronousSocketChannel>> closingOrder)
            throws IOException {
        try (OpenGroup group = OpenGroup.fixed(1, options)) {
            List<OpenGroup.Pair> pairs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                pairs.add(group.pair());
            }
            List<AsynchronousSocketChannel> channels = pairs.stream().map(OpenGroup.Pair::channel).toList();
            List<AsynchronousSocketChannel> toBeClosed = closingOrder.apply(channels);
            OpenGroup.Pair first = group.pair();
            first.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
                for (int i = 0; i < channels.size(); i++) {
                    channels.get(i).write(ByteBuffer.wrap(message(0, i)), null, new Outcome<>());
                }
                for (AsynchronousSocketChannel channel : toBeClosed) {
                    channel.close();
                }
            }));
            first.peer().getOutputStream().write(1);
            for (int i = 0; i < pairs.size(); i++) {
                assertEquals(ByteBuffer.wrap(message(0, i)),
                        ByteBuffer.wrap(pairs.get(i).peer().getInputStream().readAllBytes()));
            }
        }
    }

    /** The cancelled operation is told, though neither it nor those before it in the line can be served. */
    @Test
    void whoWaitsForABufferCanBeCancelled() throws IOException {
        try (OpenGroup group = OpenGroup.fixed(1, new LoopOptions(8, 0, 1, BYTES, 1, BYTES))) {
            List<Outcome<Integer>> outcomes = new ArrayList<>();
            List<AsynchronousSocketChannel> channels = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                AsynchronousSocketChannel channel = group.pair().channel();
                Outcome<Integer> outcome = new Outcome<>();
                channels.add(channel);
                outcomes.add(outcome);
                if (i % 3 == 0) {
                    channel.read(ByteBuffer.allocate(BYTES), 1, TimeUnit.NANOSECONDS, null,
                            outcome);
                } else {
                    channel.read(ByteBuffer.allocate(BYTES), null, outcome);
                }
            }
            for (int i = 1; i < 100; i += 3) {
                channels.get(i).close();
            }
            for (int i = 0; i < 100; i++) {
                if (i % 3 != 2) {
                    String name = outcomes.get(i).failure("read " + i).getClass().getSimpleName();
                    assertEquals(i % 3 == 0 ? "InterruptedByTimeoutException" : "AsynchronousCloseException", name);
                }
            }
        }
        // Closing the group has ended the rest.
    }
}
