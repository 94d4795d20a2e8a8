package bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Accepts connections for ever and hands each over, with Nagle's delay switched off. */
final class Listener implements CompletionHandler<AsynchronousSocketChannel, Void> {
    private static final int BACKLOG = 4096;

    private final AsynchronousServerSocketChannel server;
    private final Consumer<AsynchronousSocketChannel> connected;
    private final AtomicLong connections = new AtomicLong();

    private Listener(AsynchronousServerSocketChannel server, Consumer<AsynchronousSocketChannel> connected) {
        this.server = server;
        this.connected = connected;
    }

    /** Listens on a free port of the IPv4 loopback address, and says on which. */
    static void start(AsynchronousChannelGroup group, Consumer<AsynchronousSocketChannel> connected)
            throws IOException {
        AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open(group)
                .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), BACKLOG);
        Listener listener = new Listener(server, connected);
        System.out.println("listening on 127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort());
        Console.start(listener.connections::get, server.provider());
        server.accept(null, listener);
    }

    @Override
    public void completed(AsynchronousSocketChannel channel, Void unused) {
        server.accept(null, this);
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connected.accept(channel);
        } catch (IOException e) {
            close(channel); // The peer is gone already.
        }
        connections.incrementAndGet();
    }

    @Override
    public void failed(Throwable reason, Void unused) {
        // The harness fails when a server says anything on standard error.
        System.err.println("accept failed: " + reason);
    }

    static void close(AsynchronousSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }
}
