package echo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A TCP echo server on {@code java.nio.channels} and nothing else: it names no provider, so it runs on whichever one
 * the Java virtual machine was given.
 *
 * <p>Usage: {@code java echo.EchoServer PORT [GROUP [BUFFER_BYTES]]}. Port 0 takes any free one; GROUP is
 * {@code fixedN} (N threads), {@code cached} or {@code default}. The server listens on the IPv4 loopback address, says
 * so in one line on standard output, and serves until it is killed.
 */
public final class EchoServer {
    private static final int BACKLOG = 1024;
    private static final int DEFAULT_BUFFER_BYTES = 16 * 1024;
    private static final String FIXED = "fixed";

    private final AsynchronousServerSocketChannel listener;
    private final int bufferBytes;

    private EchoServer(AsynchronousServerSocketChannel listener, int bufferBytes) {
        this.listener = listener;
        this.bufferBytes = bufferBytes;
    }

    /**
     * Runs the server. Bad arguments end the virtual machine with status 2, an address that cannot be listened on with
     * status 1, each with one line on standard error.
     */
    public static void main(String[] args) throws InterruptedException {
        int port;
        AsynchronousChannelGroup group;
        int bufferBytes;
        try {
            if (args.length < 1 || args.length > 3) {
                throw new IllegalArgumentException("usage: EchoServer PORT [fixedN|cached|default [BUFFER_BYTES]]");
            }
            port = number("port", args[0], 0, 65_535);
            bufferBytes = args.length < 3 ? DEFAULT_BUFFER_BYTES : number("buffer size", args[2], 1, 1 << 24);
            group = group(args.length < 2 ? "default" : args[1]);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        } catch (IOException e) {
            System.err.println("cannot open a channel group: " + e.getMessage());
            System.exit(1);
            return;
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        try {
            AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group)
                    .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                    .bind(address, BACKLOG);
            InetSocketAddress bound = (InetSocketAddress) listener.getLocalAddress();
            System.out.println("listening on " + bound.getAddress().getHostAddress() + ":" + bound.getPort());
            new EchoServer(listener, bufferBytes).acceptNext();
        } catch (IOException e) {
            System.err.println("cannot listen on " + address.getAddress().getHostAddress() + ":" + port + ": "
                    + e.getMessage());
            System.exit(1);
        }
        // The threads that serve may be daemons: it is this one that keeps the virtual machine alive.
        new CountDownLatch(1).await();
    }

    private static int number(String what, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for everything that is not such a number.
        }
        throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", not \"" + text + "\"");
    }

    /** The group of that name; null, which the channels take as the default group, for {@code default}. */
    private static AsynchronousChannelGroup group(String name) throws IOException {
        if (name.startsWith(FIXED)) {
            int threads = number("threads of a fixed group", name.substring(FIXED.length()), 1, 1024);
            return AsynchronousChannelGroup.withFixedThreadPool(threads, Executors.defaultThreadFactory());
        }
        return switch (name) {
            case "cached" -> AsynchronousChannelGroup.withCachedThreadPool(Executors.newCachedThreadPool(), 1);
            case "default" -> null;
            default -> throw new IllegalArgumentException(
                    "group must be fixedN, cached or default, not \"" + name + "\"");
        };
    }

    private void acceptNext() {
        listener.accept(null, new Acceptor());
    }

    /** Takes connections one after the other for as long as the listener is open. */
    private final class Acceptor implements CompletionHandler<AsynchronousSocketChannel, Void> {
        /** Out of file descriptors, most likely: the reason stands for a while, so retrying at once would only spin. */
        private static final long RETRY_MILLIS = 100;

        @Override
        public void completed(AsynchronousSocketChannel channel, Void unused) {
            listener.accept(null, this);
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            } catch (IOException e) {
                EchoConnection.close(channel); // The peer is gone already.
                return;
            }
            new EchoConnection(channel, bufferBytes).start();
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            if (reason instanceof ClosedChannelException) {
                return;
            }
            System.err.println("cannot accept: " + reason);
            Executor later = CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS);
            later.execute(EchoServer.this::acceptNext);
        }
    }
}
