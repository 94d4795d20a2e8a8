package io.nio2uring.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.nio2uring.Invariants;
import io.nio2uring.UringAsynchronousChannelProvider;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.Polling;

/**
 * A group for one test, and an ordinary listening socket that its channels connect to. After {@link #close} none of its
 * handlers runs or will run, so counts are final.
 */
final class OpenGroup implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    /** A leader that spins before it sleeps. */
    static final Polling SPINNING = new Polling(50_000, false, 0, -1, 0);
    /** A kernel thread takes the submissions; it sleeps between two of the tests' steps at times. */
    static final Polling SQPOLL = new Polling(0, true, 1, -1, 0);
    private static final AsynchronousChannelProvider PROVIDER = new UringAsynchronousChannelProvider();
    private static final Set<OpenGroup> OPEN = ConcurrentHashMap.newKeySet();

    /** A connection: our channel, and the peer's end of it, which knows nothing of io_uring. */
    record Pair(AsynchronousSocketChannel channel, Socket peer) {
    }

    final RingChannelGroup group;
    private final ServerSocket listener = new ServerSocket(0, 1024, LOOPBACK);
    private final ConcurrentLinkedQueue<Socket> peers = new ConcurrentLinkedQueue<>();

    private OpenGroup(RingChannelGroup group) throws IOException {
        this.group = group;
        OPEN.add(this);
        Invariants.watch();
        listener.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(Waits.PATIENCE_NANOS));
    }

    static OpenGroup fixed(int threads) throws IOException {
        return fixed(threads, LoopOptions.DEFAULT);
    }

    static OpenGroup fixed(int threads, LoopOptions options) throws IOException {
        return fixed(threads, silent("fixed"), options);
    }

    static OpenGroup fixed(int threads, ThreadFactory factory, LoopOptions options) throws IOException {
        return new OpenGroup(RingChannelGroup.fixed(PROVIDER, threads, factory, options));
    }

    /** As {@code withCachedThreadPool} opens it. */
    static OpenGroup cached() throws IOException {
        return elastic(Executors.newCachedThreadPool(silent("cached")), 1, LoopOptions.DEFAULT);
    }

    static OpenGroup elastic(ExecutorService executor, int initialSize, LoopOptions options) throws IOException {
        return new OpenGroup(RingChannelGroup.elastic(PROVIDER, executor, initialSize, options));
    }

    /** Threads whose handlers may throw without the test's output telling; the library may not, which {@link #close} tells. */
    static ThreadFactory silent(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((_, thrown) -> Invariants.note(thrown));
            return thread;
        };
    }

    /** A channel that is not connected. */
    AsynchronousSocketChannel open() throws IOException {
        return new RingSocketChannel(group);
    }

    AsynchronousServerSocketChannel listen(InetSocketAddress address) throws IOException {
        return new RingServerSocketChannel(group).bind(address, 1024);
    }

    AsynchronousServerSocketChannel listen() throws IOException {
        return listen(new InetSocketAddress(LOOPBACK, 0));
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    Socket acceptPeer() throws IOException {
        Socket peer = listener.accept();
        peers.add(peer);
        peer.setTcpNoDelay(true);
        peer.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(Waits.PATIENCE_NANOS));
        return peer;
    }

    Pair pair() throws IOException {
        AsynchronousSocketChannel channel = open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Future<Void> connected = channel.connect(address());
        Socket peer = acceptPeer();
        Waits.result(connected, "connect");
        return new Pair(channel, peer);
    }

    /** A connection whose channel was accepted by a server channel of this group. */
    Pair accepted(AsynchronousServerSocketChannel server) throws IOException {
        Future<AsynchronousSocketChannel> accept = server.accept();
        Socket peer = connect(server);
        return new Pair(Waits.result(accept, "accept"), peer);
    }

    Socket connect(AsynchronousServerSocketChannel server) throws IOException {
        Socket peer = new Socket();
        peers.add(peer);
        peer.connect(server.getLocalAddress(), (int) TimeUnit.NANOSECONDS.toMillis(Waits.PATIENCE_NANOS));
        peer.setTcpNoDelay(true);
        peer.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(Waits.PATIENCE_NANOS));
        return peer;
    }

    @Override
    public void close() throws IOException {
        group.shutdownNow();
        boolean terminated;
        try {
            terminated = group.awaitTermination(Waits.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            terminated = false;
        }
        listener.close();
        for (Socket peer : peers) {
            peer.close();
        }
        if (!terminated) {
            throw Waits.tooLong("termination of the group");
        }
        OPEN.remove(this);
        Invariants.assertHeld();
    }

    /** What is in flight on the loops of these groups, which the provider does not know. */
    static String dumpAll() {
        StringBuilder text = new StringBuilder();
        OPEN.forEach(open -> open.group.loops().forEach(loop -> text.append(loop.dump())));
        return text.toString();
    }
}
