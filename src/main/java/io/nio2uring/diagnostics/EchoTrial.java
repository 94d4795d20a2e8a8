package io.nio2uring.diagnostics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Sends bytes through a connection between two channels of a group and has them echoed by completion handlers. */
final class EchoTrial {
    private static final int MESSAGES = 16;
    private static final int MESSAGE_BYTES = 4096;

    private final AsynchronousChannelProvider provider;
    private final AsynchronousChannelGroup group;
    private final long deadlineNanos;
    private final AtomicReference<Throwable> failureOfEcho = new AtomicReference<>();
    /** What is being awaited, for the message when it does not come. */
    private String step = "open";

    private EchoTrial(AsynchronousChannelProvider provider, AsynchronousChannelGroup group, long deadlineNanos) {
        this.provider = provider;
        this.group = group;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * How it went.
     *
     * @param failure null when every byte came back
     * @param nanos   how long it took
     */
    record Outcome(String failure, long nanos) {
        static final int BYTES = MESSAGES * MESSAGE_BYTES;
    }

    /** Tries a group; null for the provider's default group. Ends within the limit of time, come what may. */
    static Outcome run(AsynchronousChannelProvider provider, AsynchronousChannelGroup group, long limitNanos)
            throws InterruptedException {
        long begin = System.nanoTime();
        EchoTrial trial = new EchoTrial(provider, group, begin + limitNanos);
        String failure = null;
        try {
            trial.exchange();
        } catch (ExecutionException e) {
            failure = trial.step + " failed: " + e.getCause();
        } catch (TimeoutException e) {
            failure = "no end of the " + trial.step + " within " + TimeUnit.NANOSECONDS.toMillis(limitNanos) + " ms";
        } catch (IOException | RuntimeException | Error e) {
            // Errors are what bad properties of the default group lead to, and a lack of threads.
            failure = trial.step + " failed: " + e;
        }
        Throwable ofEcho = trial.failureOfEcho.get();
        if (failure != null && ofEcho != null) {
            failure += "; the other end: " + ofEcho;
        }
        return new Outcome(failure, System.nanoTime() - begin);
    }

    private void exchange() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (AsynchronousServerSocketChannel server = provider.openAsynchronousServerSocketChannel(group);
                AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(group)) {
            step = "bind";
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Future<AsynchronousSocketChannel> accepting = server.accept();
            step = "connect";
            await(client.connect(server.getLocalAddress()));
            step = "accept";
            try (AsynchronousSocketChannel accepted = await(accepting)) {
                new Echo(accepted).read();
                for (int i = 1; i <= MESSAGES; i++) {
                    echo(client, i);
                }
            }
        }
    }

    private void echo(AsynchronousSocketChannel client, int number)
            throws InterruptedException, ExecutionException, TimeoutException {
        byte[] sent = new byte[MESSAGE_BYTES];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (31 * number + i);
        }
        // Both ways by which bytes go to the kernel: through memory of the library, and as they are.
        ByteBuffer out = number % 2 == 0 ? ByteBuffer.allocateDirect(sent.length).put(sent).flip() : ByteBuffer.wrap(
                sent);
        step = "write of message " + number;
        while (out.hasRemaining()) {
            await(client.write(out));
        }
        step = "read of message " + number;
        ByteBuffer in = number % 2 == 0 ? ByteBuffer.allocateDirect(sent.length) : ByteBuffer.allocate(sent.length);
        while (in.hasRemaining()) {
            if (await(client.read(in)) < 0) {
                throw new IllegalStateException("end of the stream after " + in.position() + " bytes");
            }
        }
        step = "comparison of message " + number;
        if (!in.flip().equals(ByteBuffer.wrap(sent))) {
            throw new IllegalStateException("other bytes came back than were sent");
        }
    }

    private <V> V await(Future<V> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** Sends back what comes, until the channel is closed. */
    private final class Echo implements CompletionHandler<Integer, Boolean> {
        private static final Boolean WRITE = true;
        private static final Boolean READ = false;

        private final AsynchronousSocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_BYTES);

        Echo(AsynchronousSocketChannel channel) {
            this.channel = channel;
        }

        void read() {
            channel.read(buffer.clear(), READ, this);
        }

        @Override
        public void completed(Integer count, Boolean written) {
            if (!written && count >= 0) {
                channel.write(buffer.flip(), WRITE, this);
            } else if (written && buffer.hasRemaining()) {
                channel.write(buffer, WRITE, this);
            } else if (written) {
                read();
            }
        }

        @Override
        public void failed(Throwable cause, Boolean written) {
            failureOfEcho.set(cause);
        }
    }
}
