package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Many messages on the way at once, written and read at the same time on one channel. */
@TimeLimit
class PipeliningTest {
    private static final int MESSAGES = 20_000;
    private static final int MESSAGE_BYTES = 100;

    static Stream<Arguments> everyServer() {
        return Stream.of(GroupKind.values())
                .flatMap(kind -> Stream.of(EchoServer.Style.values()).map(style -> Arguments.of(kind, style)));
    }

    @ParameterizedTest
    @MethodSource("everyServer")
    void answersComeInOrderHoweverManyAreOnTheWay(GroupKind kind, EchoServer.Style style) throws IOException {
        Payload payload = new Payload(kind.ordinal());
        BufferMix mix = BufferMix.values()[kind.ordinal() % BufferMix.values().length];
        try (TestGroup group = new TestGroup(kind);
                EchoServer server = style.start(group, mix, 4096);
                AsynchronousSocketChannel channel = group.connect(server.address())) {
            Sender sender = new Sender(payload, (long) MESSAGES * MESSAGE_BYTES, channel, mix, MESSAGE_BYTES).start();
            ByteBuffer in = ByteBuffer.allocate(10_000);
            long offset = 0;
            while (Transfer.get(channel.read(in.clear())) >= 0) {
                payload.check(in.flip(), offset);
                offset += in.limit();
            }
            assertFalse(sender.failure().isCompletedExceptionally(), "the sender failed");
            assertEquals((long) MESSAGES * MESSAGE_BYTES, offset, "bytes answered");
        }
    }
}
