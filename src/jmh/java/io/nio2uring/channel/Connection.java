package io.nio2uring.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A TCP connection over loopback, both ends in one group with one thread. */
final class Connection implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    final AsynchronousChannelGroup group;
    final AsynchronousServerSocketChannel listener;
    final AsynchronousSocketChannel client;
    final AsynchronousSocketChannel server;

    Connection(AsynchronousChannelProvider provider) throws Exception {
        group = provider.openAsynchronousChannelGroup(1, Executors.defaultThreadFactory());
        listener = provider.openAsynchronousServerSocketChannel(group)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        Future<AsynchronousSocketChannel> accepted = listener.accept();
        client = provider.openAsynchronousSocketChannel(group);
        client.connect(listener.getLocalAddress()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        server = accepted.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    @Override
    public void close() throws IOException {
        group.shutdownNow();
        try {
            if (!group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the group has not ended after " + PATIENCE_SECONDS + " seconds");
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted before the group has ended", e);
        }
    }
}
