package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Many connections at once, and many one after the other. */
@TimeLimit
class ManyConnectionsTest {
    private static final int AT_ONCE = 1000;
    private static final int IN_SUCCESSION = 5000;

    @ParameterizedTest
    @CsvSource({
        "DEFAULT, HEAP", "FIXED_1, HEAP", "FIXED_2, DIRECT", "CACHED, HEAP", "USER_POOL_4, HEAP",
        "VIRTUAL_THREADS, HEAP"
    })
    void aThousandConnectionsAtOnceAreAllAnswered(GroupKind kind, BufferMix mix) throws IOException {
        OpenFiles.assertLimitIsAtLeast(2 * AT_ONCE + 500);
        List<AsynchronousSocketChannel> channels = new ArrayList<>();
        try (TestGroup serverGroup = new TestGroup(kind);
                TestGroup clientGroup = new TestGroup(GroupKind.FIXED_1);
                EchoServer server = EchoServer.Style.HANDLERS.start(serverGroup, mix, 4096)) {
            List<Future<Void>> connects = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                AsynchronousSocketChannel channel = clientGroup.open();
                channels.add(channel);
                connects.add(channel.connect(server.address()));
            }
            connects.forEach(Waiting::forResult);
            Waiting.until("all connections accepted", () -> server.connectionCount() == AT_ONCE);

            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                clients.add(new PingPong(channels.get(i), new Payload(i), mix, 5, 200 + i).start());
            }
            clients.forEach(Waiting::forResult);
            assertEquals(AT_ONCE, server.connectionCount(), "connections still open when all were answered");
            for (AsynchronousSocketChannel channel : channels) {
                channel.close();
            }
            Waiting.until("the server sees all ends", () -> server.connectionCount() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FIXED_2", "CACHED", "OWN_EXECUTOR_4"})
    void fiveThousandShortConnectionsLeaveNoDescriptorOpen(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                EchoServer server = EchoServer.Style.HANDLERS.start(group, BufferMix.HEAP, 64)) {
            oneShortConnection(group, server, -1);
            Waiting.until("the first connection gone", () -> server.connectionCount() == 0);
            Map<String, Integer> before = OpenFiles.byKind();
            for (int i = 0; i < IN_SUCCESSION; i++) {
                oneShortConnection(group, server, i);
            }
            Waiting.until("all connections gone", () -> server.connectionCount() == 0);
            OpenFiles.untilBackTo(before);
        }
    }

    private static void oneShortConnection(TestGroup group, EchoServer server, long seed) throws IOException {
        try (AsynchronousSocketChannel channel = group.connect(server.address())) {
            Payload payload = new Payload(seed);
            ByteBuffer in = ByteBuffer.allocate(16);
            Transfer.writeFully(channel, ByteBuffer.wrap(payload.first(16)));
            Transfer.readFully(channel, in);
            payload.check(in.flip(), 0);
        }
    }

    @Test
    void groupsOpenedAndClosedLeaveNoDescriptorOpen() throws IOException {
        openUseAndCloseEachKind();
        Map<String, Integer> before = OpenFiles.byKind();
        for (int i = 0; i < 20; i++) {
            openUseAndCloseEachKind();
        }
        OpenFiles.untilBackTo(before);
    }

    private static void openUseAndCloseEachKind() throws IOException {
        for (GroupKind kind : GroupKind.values()) {
            try (TestGroup group = new TestGroup(kind);
                    EchoServer server = EchoServer.Style.HANDLERS.start(group, BufferMix.DIRECT, 64)) {
                oneShortConnection(group, server, kind.ordinal());
            }
        }
    }
}
