package io.nio2uring.traffic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Sends back what it reads, on any number of connections, until the peer's end of stream. */
abstract class EchoServer implements AutoCloseable {
    /** How a server is written: both ways are in use. */
    enum Style {
        HANDLERS {
            @Override
            EchoServer start(TestGroup group, BufferMix mix, int bufferBytes) throws IOException {
                return new HandlerEcho(group, mix, bufferBytes).start();
            }
        },
        FUTURES {
            @Override
            EchoServer start(TestGroup group, BufferMix mix, int bufferBytes) throws IOException {
                return new FutureEcho(group, mix, bufferBytes).start();
            }
        };

        abstract EchoServer start(TestGroup group, BufferMix mix, int bufferBytes) throws IOException;
    }

    final AsynchronousServerSocketChannel listener;
    final BufferMix mix;
    final int bufferBytes;
    private final InetSocketAddress address;
    private final Set<AsynchronousSocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    EchoServer(TestGroup group, BufferMix mix, int bufferBytes) throws IOException {
        this.mix = mix;
        this.bufferBytes = bufferBytes;
        listener = group.listen();
        address = (InetSocketAddress) listener.getLocalAddress();
    }

    /** Begins to accept. */
    abstract EchoServer start();

    InetSocketAddress address() {
        return address;
    }

    int connectionCount() {
        return connections.size();
    }

    void opened(AsynchronousSocketChannel connection) {
        connections.add(connection);
        try {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Closes a connection whose peer has ended it, or which {@code failure} has ended. */
    void ended(AsynchronousSocketChannel connection, Throwable failure) {
        if (failure != null) {
            failed(failure);
        }
        try {
            connection.close();
        } catch (IOException e) {
            failed(e);
        }
        connections.remove(connection);
    }

    /** Notes a failure, unless it is the end that {@link #close()} makes. */
    void failed(Throwable failure) {
        boolean endMadeHere = failure instanceof ClosedChannelException
                || failure instanceof ShutdownChannelGroupException;
        if (!(closing && endMadeHere)) {
            failures.add(failure);
        }
    }

    /** Closes all channels; fails if the server met any failure before. */
    @Override
    public void close() throws IOException {
        closing = true;
        listener.close();
        for (AsynchronousSocketChannel connection : connections) {
            connection.close();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("failures in the echo server: " + failures, failures.peek());
        }
    }
}
