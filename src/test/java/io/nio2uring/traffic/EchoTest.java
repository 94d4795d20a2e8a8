package io.nio2uring.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An echo server of each style, in each kind of group, with each kind of buffer. */
@TimeLimit
class EchoTest {
    private static final int CLIENTS = 4;
    private static final int SERVER_BUFFER_BYTES = 8 * 1024;
    private static final int LARGEST_MESSAGE_BYTES = 50_000;

    static Stream<Arguments> everyServer() {
        return Stream.of(GroupKind.values())
                .flatMap(kind -> Stream.of(EchoServer.Style.values())
                        .flatMap(style -> Stream.of(BufferMix.values()).map(mix -> Arguments.of(kind, style, mix))));
    }

    @ParameterizedTest
    @MethodSource("everyServer")
    void clientsWithHandlersGetEveryByteBack(GroupKind kind, EchoServer.Style style, BufferMix mix) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                EchoServer server = style.start(group, mix, SERVER_BUFFER_BYTES)) {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            List<AsynchronousSocketChannel> channels = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                AsynchronousSocketChannel channel = group.connect(server.address());
                channels.add(channel);
                int messageBytes = 1 + i * LARGEST_MESSAGE_BYTES / CLIENTS;
                clients.add(new PingPong(channel, new Payload(i), mix, 10, messageBytes).start());
            }
            clients.forEach(Waiting::forResult);
            for (AsynchronousSocketChannel channel : channels) {
                channel.close();
            }
            Waiting.until("the server sees all ends", () -> server.connectionCount() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("everyServer")
    void aClientWithFuturesGetsEveryByteBack(GroupKind kind, EchoServer.Style style, BufferMix mix)
            throws IOException {
        Payload payload = new Payload(kind.ordinal());
        SplittableRandom sizes = new SplittableRandom(mix.ordinal());
        try (TestGroup group = new TestGroup(kind);
                EchoServer server = style.start(group, mix, SERVER_BUFFER_BYTES);
                AsynchronousSocketChannel channel = group.connect(server.address())) {
            ByteBuffer out = mix.forWriting(LARGEST_MESSAGE_BYTES);
            ByteBuffer in = mix.forReading(LARGEST_MESSAGE_BYTES);
            long offset = 0;
            for (int i = 0; i < 20; i++) {
                int messageBytes = sizes.nextInt(1, LARGEST_MESSAGE_BYTES + 1);
                payload.fill(out.clear().limit(messageBytes), offset);
                Transfer.writeFully(channel, out.flip());
                Transfer.readFully(channel, in.clear().limit(messageBytes));
                payload.check(in.flip(), offset);
                offset += messageBytes;
            }
        }
    }
}
