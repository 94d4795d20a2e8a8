package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing a channel fails what is pending on it, with AsynchronousCloseException, exactly once. */
@TimeLimit
class CloseWithPendingOperationsTest {
    @ParameterizedTest
    @EnumSource
    void aPendingReadFailsOnce(GroupKind kind) throws IOException {
        Outcome<Integer> outcome = new Outcome<>();
        Outcome<Long> scattering = new Outcome<>();
        try (TestGroup group = new TestGroup(kind)) {
            try (SocketPair pair = new SocketPair(group)) {
                pair.channel.read(ByteBuffer.allocate(10), null, outcome);
                pair.channel.close();
                assertClosed(outcome.failure());
            }
            try (SocketPair pair = new SocketPair(group)) {
                ByteBuffer[] buffers = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(1)};
                pair.channel.read(buffers, 0, 2, 30, TimeUnit.SECONDS, null, scattering);
                pair.channel.close();
                assertClosed(scattering.failure());
            }
            try (SocketPair pair = new SocketPair(group)) {
                Future<Integer> read = pair.channel.read(ByteBuffer.allocateDirect(10));
                pair.channel.close();
                assertClosed(Waiting.forFailure(read));
            }
        }
        outcome.assertCalledOnce();
        scattering.assertCalledOnce();
    }

    @ParameterizedTest
    @EnumSource
    void aWriteStuckOnAFullSocketFailsOnce(GroupKind kind) throws IOException {
        List<EndlessWriter> writers = new ArrayList<>();
        try (TestGroup group = new TestGroup(kind)) {
            for (ByteBuffer buffer : List.of(ByteBuffer.allocate(64 * 1024), ByteBuffer.allocateDirect(64 * 1024))) {
                try (SocketPair pair = new SocketPair(group, 8192)) {
                    EndlessWriter writer = new EndlessWriter(pair.channel, buffer);
                    writers.add(writer);
                    writer.startAndAwaitStuck();
                    pair.channel.close();
                    writer.assertEndedByClose();
                }
            }
        }
        writers.forEach(EndlessWriter::assertEachWriteEndedOnce);
    }

    @ParameterizedTest
    @EnumSource
    void readAndWritePendingTogetherBothFailOnce(GroupKind kind) throws IOException {
        Outcome<Integer> read = new Outcome<>();
        EndlessWriter writer;
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group, 8192)) {
            pair.channel.read(ByteBuffer.allocate(10), null, read);
            writer = new EndlessWriter(pair.channel);
            writer.startAndAwaitStuck();
            pair.channel.close();
            assertClosed(read.failure());
            writer.assertEndedByClose();
            assertThePeerSeesTheEnd(pair.peer);
        }
        read.assertCalledOnce();
        writer.assertEachWriteEndedOnce();
    }

    /** What was sent before the close is delivered, and then the end of the stream. */
    private static void assertThePeerSeesTheEnd(Socket peer) throws IOException {
        byte[] sink = new byte[64 * 1024];
        int count;
        do {
            count = peer.getInputStream().read(sink);
        } while (count > 0);
        assertEquals(-1, count);
    }

    @ParameterizedTest
    @EnumSource
    void aPendingAcceptFailsOnce(GroupKind kind) throws IOException {
        Outcome<AsynchronousSocketChannel> outcome = new Outcome<>();
        try (TestGroup group = new TestGroup(kind)) {
            AsynchronousServerSocketChannel withHandler = group.listen();
            withHandler.accept(null, outcome);
            withHandler.close();
            assertClosed(outcome.failure());

            AsynchronousServerSocketChannel withFuture = group.listen();
            Future<AsynchronousSocketChannel> accepted = withFuture.accept();
            withFuture.close();
            assertClosed(Waiting.forFailure(accepted));
        }
        outcome.assertCalledOnce();
    }

    @ParameterizedTest
    @EnumSource
    void aPendingConnectFailsOnce(GroupKind kind) throws IOException {
        Outcome<Void> outcome = new Outcome<>();
        try (TestGroup group = new TestGroup(kind);
                FullListener listener = new FullListener()) {
            AsynchronousSocketChannel withHandler = group.open();
            withHandler.connect(listener.address(), null, outcome);
            assertFalse(outcome.isKnown(), "the listener answers no more connections");
            withHandler.close();
            assertClosed(outcome.failure());

            AsynchronousSocketChannel withFuture = group.open();
            Future<Void> connected = withFuture.connect(listener.address());
            assertFalse(connected.isDone(), "the listener answers no more connections");
            withFuture.close();
            assertClosed(Waiting.forFailure(connected));
        }
        outcome.assertCalledOnce();
    }

    @ParameterizedTest
    @EnumSource
    void operationsBegunAfterTheCloseFailAsClosed(GroupKind kind) throws IOException {
        Outcome<Integer> read = new Outcome<>();
        Outcome<Integer> write = new Outcome<>();
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            pair.channel.close();
            pair.channel.close();
            pair.channel.read(ByteBuffer.allocate(1), null, read);
            pair.channel.write(ByteBuffer.allocate(1), null, write);
            assertSame(ClosedChannelException.class, read.failure().getClass());
            assertSame(ClosedChannelException.class, write.failure().getClass());
            Throwable future = Waiting.forFailure(pair.channel.read(ByteBuffer.allocate(1)));
            assertInstanceOf(ClosedChannelException.class, future);
            assertEquals(-1, pair.peer.getInputStream().read(), "the peer sees the end of the stream");
        }
        read.assertCalledOnce();
        write.assertCalledOnce();
    }

    @ParameterizedTest
    @EnumSource
    void aChannelClosedInAHandlerFailsItsOtherOperationOnce(GroupKind kind) throws IOException {
        Outcome<Integer> read = new Outcome<>();
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            pair.channel.read(ByteBuffer.allocate(10), null, read);
            pair.channel.write(ByteBuffer.allocate(1), pair.channel, new ClosingHandler(closed));
            assertFalse(Waiting.forResult(closed), "open after close");
            assertClosed(read.failure());
            assertEquals(0, pair.peer.getInputStream().read(), "the byte written before the close");
            assertEquals(-1, pair.peer.getInputStream().read());
        }
        read.assertCalledOnce();
    }

    /** Closes the channel that it gets as attachment, and tells whether it is open then. */
    private record ClosingHandler(CompletableFuture<Boolean> openAfterwards)
            implements
            CompletionHandler<Integer, AsynchronousSocketChannel> {
        @Override
        public void completed(Integer count, AsynchronousSocketChannel channel) {
            try {
                channel.close();
                openAfterwards.complete(channel.isOpen());
            } catch (IOException e) {
                openAfterwards.completeExceptionally(e);
            }
        }

        @Override
        public void failed(Throwable failure, AsynchronousSocketChannel channel) {
            openAfterwards.completeExceptionally(failure);
        }
    }

    private static void assertClosed(Throwable failure) {
        assertSame(AsynchronousCloseException.class, failure.getClass());
    }

    /** A listener whose queue of connections is full: the system leaves further connects unanswered. */
    private static final class FullListener implements AutoCloseable {
        private static final int BACKLOG = 1;

        private final ServerSocket listener = new ServerSocket(0, BACKLOG, TestGroup.LOOPBACK);
        private final List<Socket> queued = new ArrayList<>();

        FullListener() throws IOException {
            // Linux lets a queue of n hold n + 1.
            for (int i = 0; i <= BACKLOG; i++) {
                queued.add(new Socket(TestGroup.LOOPBACK, listener.getLocalPort()));
            }
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : queued) {
                socket.close();
            }
            listener.close();
        }
    }
}
