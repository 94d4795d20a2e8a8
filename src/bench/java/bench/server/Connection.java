package bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A channel of a group and its peer in the same process, a plain socket. The channel reads messages of one byte, with one
 * read pending at all times; each runs the action, and then is answered with itself.
 */
final class Connection implements CompletionHandler<Integer, Void> {
    /** A message that takes longer is lost, and an error. */
    private static final int PATIENCE_MILLIS = 20_000;

    private final AsynchronousSocketChannel channel;
    private final Socket peer;
    private final Runnable action;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1);

    private Connection(AsynchronousSocketChannel channel, Socket peer, Runnable action) {
        this.channel = channel;
        this.peer = peer;
        this.action = action;
    }

    /** Connects as many, all of which run the same action for each message. */
    static List<Connection> open(AsynchronousChannelGroup group, int count, Runnable action)
            throws IOException, InterruptedException {
        List<Connection> connections = new ArrayList<>();
        try (ServerSocket listener = new ServerSocket(0, count, InetAddress.ofLiteral("127.0.0.1"))) {
            for (int i = 0; i < count; i++) {
                AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group);
                channel.connect(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort())).get();
                Socket peer = listener.accept();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                peer.setTcpNoDelay(true);
                peer.setSoTimeout(PATIENCE_MILLIS);
                Connection connection = new Connection(channel, peer, action);
                connections.add(connection);
                connection.readNext();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return connections;
    }

    private void readNext() {
        channel.read(buffer.clear(), null, this);
    }

    @Override
    public void completed(Integer bytes, Void unused) {
        action.run();
        channel.write(buffer.flip(), null, new CompletionHandler<Integer, Void>() {
            @Override
            public void completed(Integer written, Void none) {
                readNext();
            }

            @Override
            public void failed(Throwable reason, Void none) {
                Connection.this.failed(reason, none);
            }
        });
    }

    @Override
    public void failed(Throwable reason, Void unused) {
        // The harness fails when anything is said on standard error.
        System.err.println("a connection failed: " + reason);
    }

    /** Sends a message from the peer. */
    void send(int message) throws IOException {
        peer.getOutputStream().write(message);
    }

    /** Takes the answer at the peer. */
    void expect(int message) {
        try {
            int answer = peer.getInputStream().read();
            if (answer != message) {
                throw new IllegalStateException(message + " was answered with " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
