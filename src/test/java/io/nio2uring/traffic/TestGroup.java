package io.nio2uring.traffic;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A channel group for one test. After {@link #close()} of any but the default group, none of its handlers runs or will
 * run, so that counts of invocations are final.
 */
final class TestGroup implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int BACKLOG = 2048;

    private final GroupKind kind;
    private final AsynchronousChannelGroup group;
    private final Queue<AsynchronousChannel> channels = new ConcurrentLinkedQueue<>();

    TestGroup(GroupKind kind) throws IOException {
        this.kind = kind;
        group = kind.open();
    }

    /** A server channel bound to a free port of the loopback address. */
    AsynchronousServerSocketChannel listen() throws IOException {
        return listen(new InetSocketAddress(LOOPBACK, 0));
    }

    AsynchronousServerSocketChannel listen(InetSocketAddress address) throws IOException {
        AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group);
        channels.add(listener);
        return listener.bind(address, BACKLOG);
    }

    /** A channel that is not connected. */
    AsynchronousSocketChannel open() throws IOException {
        AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group);
        channels.add(channel);
        return channel;
    }

    /** A channel connected to {@code address}, which sends small messages at once. */
    AsynchronousSocketChannel connect(InetSocketAddress address) throws IOException {
        AsynchronousSocketChannel channel = open().setOption(StandardSocketOptions.TCP_NODELAY, true);
        Waiting.forResult(channel.connect(address));
        return channel;
    }

    /** Closes what is open in the group and returns when it has terminated. The default group itself stays. */
    @Override
    public void close() throws IOException {
        for (AsynchronousChannel channel : channels) {
            channel.close();
        }
        if (group == null) {
            return;
        }
        group.shutdownNow();
        boolean terminated;
        try {
            terminated = group.awaitTermination(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            terminated = false;
        }
        if (!terminated) {
            throw Waiting.tooLong(kind + " group did not terminate after shutdownNow");
        }
    }
}
