package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.nio2uring.loop.LoopOptions;
import io.nio2uring.sys.FileCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 2: an entry queued for a channel that was closed meanwhile never reaches the connection that has got the
 * same descriptor number. Connections are opened and closed as fast as can be while other threads read and write on
 * them. Each carries its own port number in both directions, and only that.
 */
class DescriptorIsNeverTrustedTest {
    private static final int STORM_THREADS = 3;
    private static final int CONNECTIONS_EACH = 400;

    private final Queue<String> intrusions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger checkedHere = new AtomicInteger();
    private final AtomicInteger checkedThere = new AtomicInteger();

    private static Stream<Arguments> groups() {
        return Stream.of(Arguments.of(1, LoopOptions.DEFAULT), Arguments.of(2, LoopOptions.DEFAULT),
                Arguments.of(1, new LoopOptions(2, 4, 2, 64, 1, 64)),
                Arguments.of(1, LoopOptions.DEFAULT.with(OpenGroup.SQPOLL)));
    }

    /** Where a channel cannot be made whole, both who made it and its group let go of the socket. */
    @Test
    void aSocketIsClosedOnceThoughItsNumberMayBeAnothersByThen() throws IOException {
        // A number that nobody else is given between the two closes.
        DescriptorSocket low = DescriptorSocket.open();
        DescriptorSocket socket = DescriptorSocket.connected(FileCalls.dup3(low.fd(), 1_000, FileCalls.O_CLOEXEC));
        low.close();
        int other = FileCalls.eventfd(0, FileCalls.EFD_CLOEXEC | FileCalls.EFD_NONBLOCK);
        socket.close();
        assertEquals(socket.fd(), FileCalls.dup3(other, socket.fd(), FileCalls.O_CLOEXEC));
        socket.close();
        assertEquals(0, FileCalls.close(socket.fd()), "the number was still another's");
        FileCalls.close(other);
    }

    @ParameterizedTest(name = "{0} threads, {1}")
    @MethodSource("groups")
    void noConnectionGetsAnothersBytesWhileDescriptorsAreRecycled(int threads, LoopOptions options)
            throws Exception {
        try (OpenGroup group = OpenGroup.fixed(threads, options);
                ExecutorService peers = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService storms = Executors.newFixedThreadPool(STORM_THREADS);
                ExecutorService users = Executors.newFixedThreadPool(2)) {
            Future<?> acceptor = peers.submit(() -> {
                for (int i = 0; i < STORM_THREADS * CONNECTIONS_EACH; i++) {
                    Socket peer = group.acceptPeer();
                    peers.submit(() -> serve(peer));
                }
                return null;
            });
            List<Future<?>> storming = new ArrayList<>();
            for (int storm = 0; storm < STORM_THREADS; storm++) {
                long seed = storm;
                storming.add(storms.submit(() -> storm(group, users, new SplittableRandom(seed))));
            }
            for (Future<?> each : storming) {
                // Each of its steps has a limit of its own.
                each.get();
            }
            Waits.result(acceptor, "acceptor");
        }
        assertEquals(List.of(), List.copyOf(intrusions));
        assertTrue(checkedHere.get() > 100 && checkedThere.get() > 100,
                () -> "too few bytes seen for this to mean anything: " + checkedHere + ", " + checkedThere);
    }

    private Void storm(OpenGroup group, ExecutorService users, SplittableRandom random) throws IOException {
        for (int i = 0; i < CONNECTIONS_EACH; i++) {
            AsynchronousSocketChannel channel = group.open();
            Waits.result(channel.connect(group.address()), "connect");
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            boolean direct = random.nextBoolean();
            // Closed while these are on their way, in the kernel, or done.
            CompletableFuture<Void> arrival = new CompletableFuture<>();
            Future<?> reader = users.submit(() -> read(channel, port, direct, arrival));
            Future<?> writer = users.submit(() -> write(channel, port, direct));
            if (random.nextInt(4) == 0) {
                Waits.result(reader, "reader");
                Waits.result(writer, "writer");
                // Else a busy machine may close each before its peer comes to send something.
                Waits.result(arrival, "first bytes");
            }
            for (int spin = random.nextInt(20_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            channel.close();
        }
        return null;
    }

    private void read(AsynchronousSocketChannel channel, int port, boolean direct, CompletableFuture<Void> arrival) {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(64) : ByteBuffer.allocate(64);
        channel.read(buffer, null, new CompletionHandler<Integer, Object>() {
            private final java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();

            @Override
            public void completed(Integer count, Object attachment) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    all.write(buffer.get());
                }
                arrival.complete(null);
                if (count >= 0) {
                    again(() -> channel.read(buffer.clear(), null, this));
                }
                ByteBuffer seen = ByteBuffer.wrap(all.toByteArray());
                while (seen.remaining() >= Integer.BYTES) {
                    int mark = seen.getInt();
                    checkedHere.incrementAndGet();
                    if (mark != port) {
                        intrusions.add("channel of port " + port + " read bytes for " + mark);
                        return;
                    }
                }
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                // Closed, which is what this test does.
            }
        });
    }

    private static void write(AsynchronousSocketChannel channel, int port, boolean direct) {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(64) : ByteBuffer.allocate(64);
        while (buffer.hasRemaining()) {
            buffer.putInt(port);
        }
        channel.write(buffer.flip(), null, new CompletionHandler<Integer, Object>() {
            private int left = 20;

            @Override
            public void completed(Integer count, Object attachment) {
                if (buffer.hasRemaining()) {
                    again(() -> channel.write(buffer, null, this));
                } else if (--left > 0) {
                    again(() -> channel.write(buffer.flip(), null, this));
                }
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                // Closed, which is what this test does.
            }
        });
    }

    /** Reads a peer's marks until the end, and sends some. */
    private Void serve(Socket peer) throws IOException {
        try (peer) {
            int port = peer.getPort();
            DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(peer.getOutputStream(), 256));
            for (int i = 0; i < 64; i++) {
                out.writeInt(port);
            }
            out.flush();
            DataInputStream in = new DataInputStream(peer.getInputStream());
            for (;;) {
                int mark = in.readInt();
                checkedThere.incrementAndGet();
                if (mark != port) {
                    intrusions.add("peer of port " + port + " read bytes for " + mark);
                    return null;
                }
            }
        } catch (java.io.EOFException | java.net.SocketException e) {
            // Closed at any moment.
            return null;
        }
    }

    /** Goes on with a channel that may have been closed. */
    private static void again(Runnable operation) {
        try {
            operation.run();
        } catch (java.nio.channels.ShutdownChannelGroupException e) {
            // The group has ended meanwhile.
            return;
        }
    }
}
