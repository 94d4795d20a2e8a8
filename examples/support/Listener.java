package support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Accepts connections on the IPv4 loopback address and hands each to {@code serve}, on a thread of the group. */
public final class Listener implements CompletionHandler<AsynchronousSocketChannel, Void> {
    /** Out of file descriptors, most likely: the reason stands for a while, so retrying at once would only spin. */
    private static final long RETRY_MILLIS = 100;

    private final AsynchronousServerSocketChannel channel;
    private final Consumer<AsynchronousSocketChannel> serve;

    private Listener(AsynchronousServerSocketChannel channel, Consumer<AsynchronousSocketChannel> serve) {
        this.channel = channel;
        this.serve = serve;
    }

    /** Listens, says so in one line on standard output, and serves until the process is killed. */
    public static void run(int port, Consumer<AsynchronousSocketChannel> serve) throws InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        try {
            AsynchronousServerSocketChannel channel = AsynchronousServerSocketChannel.open()
                    .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                    .bind(address);
            System.out.println("listening on 127.0.0.1:" + ((InetSocketAddress) channel.getLocalAddress()).getPort());
            channel.accept(null, new Listener(channel, serve));
        } catch (IOException e) {
            System.err.println("cannot listen on 127.0.0.1:" + port + ": " + e.getMessage());
            System.exit(1);
        }
        // The threads of the default group are daemons: it is this one that keeps the virtual machine alive.
        new CountDownLatch(1).await();
    }

    /** The port that an argument names; anything else ends the process with a sentence and status 2. */
    public static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for everything that is not such a number.
        }
        throw exit("port must be 0 to 65535, not \"" + text + "\"");
    }

    /** Ends the process with a sentence and status 2; the result is for the compiler. */
    public static IllegalArgumentException exit(String message) {
        System.err.println(message);
        System.exit(2);
        return new IllegalArgumentException(message);
    }

    /** Closes a connection; nobody is left to tell if that fails, and the channel is closed all the same. */
    public static void close(AsynchronousSocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // As said.
        }
    }

    @Override
    public void completed(AsynchronousSocketChannel connection, Void unused) {
        channel.accept(null, this);
        serve.accept(connection);
    }

    @Override
    public void failed(Throwable reason, Void unused) {
        if (reason instanceof ClosedChannelException) {
            return;
        }
        System.err.println("cannot accept: " + reason);
        CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> channel.accept(null, this));
    }
}
