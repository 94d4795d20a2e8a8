package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritePendingException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Future;

import io.nio2uring.Invariants;
import io.nio2uring.traffic.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests share: resources closed in reverse order after each of them, connections, payloads. */
@ExtendWith(HangReport.class)
abstract class Conformance {
    /** As many clients as any test connects at once: one more would wait a second until its kernel tries again. */
    private static final int BACKLOG = 256;
    private static final int SMALL_BUFFER_BYTES = 16 * 1024;
    /** Longer than a delayed acknowledgement (200 ms): a socket that took nothing for so long is full. */
    private static final Duration QUIET = Duration.ofMillis(400);

    private final Deque<AutoCloseable> resources = new ConcurrentLinkedDeque<>();

    @AfterEach
    void closeEverything() throws Exception {
        Throwable first = null;
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception | AssertionError e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw new AssertionError("could not close what the test left", first);
        }
        assertEquals(List.of(), Outcome.takeSecondCalls(), "handlers called more than once");
        Invariants.assertHeld();
    }

    final <T extends AutoCloseable> T closing(T resource) {
        resources.addFirst(resource);
        return resource;
    }

    final TestGroup group(GroupKind kind) throws IOException {
        return closing(TestGroup.of(kind));
    }

    /** A group for tests to which the kind does not matter. */
    final TestGroup anyGroup() throws IOException {
        return group(GroupKind.FIXED_OF_ONE);
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** A server of the group that listens on a free port of the loopback address. */
    final AsynchronousServerSocketChannel server(TestGroup group) throws IOException {
        return closing(group.server()).bind(loopback(0), BACKLOG);
    }

    /**
     * A server whose address can be relied on after it has been closed, too: a port that the system has chosen may be
     * some other connection's a moment later.
     */
    final AsynchronousServerSocketChannel serverToBindAgain(TestGroup group) throws IOException {
        return closing(group.server()).bind(loopback(Ports.free(InetAddress.getLoopbackAddress())), BACKLOG);
    }

    /** A plain listening socket to connect to. */
    final ServerSocketChannel plainServer() throws IOException {
        return closing(ServerSocketChannel.open()).bind(loopback(0));
    }

    final AsynchronousSocketChannel socket(TestGroup group) throws IOException {
        return closing(group.socket());
    }

    /** A connected channel of the group and its far end. */
    final Pair pair(TestGroup group) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback(0))) {
            return connect(socket(group), server);
        }
    }

    /** A pair whose socket buffers are small and do not grow, so that they can be filled. */
    final Pair smallPair(TestGroup group) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER_BYTES);
            server.bind(loopback(0));
            return connect(socket(group).setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER_BYTES), server);
        }
    }

    private Pair connect(AsynchronousSocketChannel channel, ServerSocketChannel server) throws Exception {
        Future<Void> connected = channel.connect(server.getLocalAddress());
        SocketChannel peer = server.accept();
        // What it sends waits for no acknowledgement of what it sent before.
        peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Futures.value(connected);
        return closing(new Pair(channel, peer));
    }

    /** Two connected channels of the group: the one that connected, then the one that was accepted. */
    final List<AsynchronousSocketChannel> bothEnds(TestGroup group) throws Exception {
        AsynchronousServerSocketChannel server = server(group);
        AsynchronousSocketChannel client = socket(group);
        Future<AsynchronousSocketChannel> accepted = server.accept();
        Futures.value(client.connect(server.getLocalAddress()));
        AsynchronousSocketChannel other = closing(Futures.value(accepted));
        server.close();
        return List.of(client, other);
    }

    /**
     * Writes to a {@link #smallPair} whose far end does not read until nothing more is taken. Reads nothing but a byte of
     * its own, to know that it is not the group that is late, and asks the channel, as it may be the handler alone.
     *
     * @return how many bytes were taken; each is zero
     */
    static int fill(Pair pair, Outcome<Integer> pending) throws Exception {
        int taken = 0;
        while (true) {
            Outcome<Integer> write = new Outcome<>();
            Forwarding forwarding = new Forwarding(write, pending);
            pair.channel().write(ByteBuffer.allocateDirect(64 * 1024), null, forwarding);
            if (!Eventually.within(QUIET, write::hasArrived)) {
                pair.assertReads();
                if (isWriting(pair.channel()) && forwarding.becomePending()) {
                    return taken;
                }
            }
            taken += write.value();
        }
    }

    private static boolean isWriting(AsynchronousSocketChannel channel) {
        try {
            channel.write(ByteBuffer.allocate(0));
            return false;
        } catch (WritePendingException writing) {
            return true;
        }
    }

    static byte[] randomBytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** The bytes between zero and the position. */
    static byte[] received(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.duplicate().flip().get(bytes);
        return bytes;
    }
}
