package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handlers that do not return hold up nobody as long as the group has one more thread. */
@TimeLimit
class BlockedHandlerTest {
    private static final int OTHERS = 20;

    @ParameterizedTest
    @CsvSource({"FIXED_2, 1", "CACHED, 10", "DEFAULT, 10", "USER_POOL_4, 3", "OWN_EXECUTOR_4, 3",
        "VIRTUAL_THREADS, 10"})
    void theOtherConnectionsAreServedMeanwhile(GroupKind kind, int blockedHandlers) throws IOException {
        Blocker blocker = new Blocker();
        List<SocketPair> held = new ArrayList<>();
        List<AsynchronousSocketChannel> channels = new ArrayList<>();
        try (TestGroup group = new TestGroup(kind);
                TestGroup clientGroup = new TestGroup(GroupKind.FIXED_1);
                EchoServer server = EchoServer.Style.HANDLERS.start(group, BufferMix.HEAP, 4096)) {
            try {
                for (int i = 0; i < blockedHandlers; i++) {
                    SocketPair pair = new SocketPair(group);
                    held.add(pair);
                    pair.channel.read(ByteBuffer.allocate(10), null, blocker);
                    pair.peer.getOutputStream().write(1);
                    int inside = i + 1;
                    Waiting.until("handler " + inside + " called", () -> blocker.inside.get() == inside);
                }
                List<CompletableFuture<Void>> clients = new ArrayList<>();
                for (int i = 0; i < OTHERS; i++) {
                    AsynchronousSocketChannel channel = clientGroup.connect(server.address());
                    channels.add(channel);
                    clients.add(new PingPong(channel, new Payload(i), BufferMix.HEAP, 50, 1000).start());
                }
                clients.forEach(Waiting::forResult);
                assertEquals(0, blocker.returned.get(), "handlers that are back");
            } finally {
                blocker.release.countDown();
            }
            Waiting.until("the handlers back", () -> blocker.returned.get() == blockedHandlers);
            for (AsynchronousSocketChannel channel : channels) {
                channel.close();
            }
            for (SocketPair pair : held) {
                pair.close();
            }
            Waiting.until("the server sees all ends", () -> server.connectionCount() == 0);
        }
        assertEquals(blockedHandlers, blocker.inside.get(), "each handler called once");
    }

    /** A handler that stays until it is released. */
    private static final class Blocker implements CompletionHandler<Integer, Void> {
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger returned = new AtomicInteger();

        @Override
        public void completed(Integer count, Void attachment) {
            inside.incrementAndGet();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts it", e);
            }
            returned.incrementAndGet();
        }

        @Override
        public void failed(Throwable failure, Void attachment) {
            throw new AssertionError(failure);
        }
    }
}
