package bench.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Passes on what the first of some connections sends to all the others. Usage:
 * {@code FanOutServer CONNECTIONS MESSAGE_BYTES}, the former without the first. Serves one such set of connections after
 * the other, on a fixed group with one thread, which is why nothing here needs a lock.
 */
public final class FanOutServer {
    private final int subscriberCount;
    private final int messageBytes;
    private AsynchronousSocketChannel publisher;
    private List<Subscriber> subscribers = new ArrayList<>();

    private FanOutServer(int subscriberCount, int messageBytes) {
        this.subscriberCount = subscriberCount;
        this.messageBytes = messageBytes;
    }

    /** Runs the server until standard input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        FanOutServer server = new FanOutServer(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        Listener.start(Groups.open("fixed1"), server::connected);
        new CountDownLatch(1).await();
    }

    private void connected(AsynchronousSocketChannel channel) {
        if (publisher == null) {
            publisher = channel;
            return;
        }
        subscribers.add(new Subscriber(channel, ByteBuffer.allocateDirect(messageBytes)));
        if (subscribers.size() == subscriberCount) {
            new Publication(publisher, subscribers).greet();
            publisher = null;
            subscribers = new ArrayList<>();
        }
    }

    private record Subscriber(AsynchronousSocketChannel channel, ByteBuffer buffer) {
    }

    /** One set of connections: awaits a message, writes it to all subscribers, and awaits the next when all have it. */
    private final class Publication implements CompletionHandler<Integer, Void> {
        private final AsynchronousSocketChannel source;
        private final List<Subscriber> targets;
        private final ByteBuffer message = ByteBuffer.allocateDirect(messageBytes);
        private final CompletionHandler<Integer, Subscriber> delivery = new Delivery();
        private int pendingWrites;

        Publication(AsynchronousSocketChannel source, List<Subscriber> targets) {
            this.source = source;
            this.targets = targets;
        }

        /** Tells the publisher, by one byte, that everybody is there. */
        void greet() {
            source.write(ByteBuffer.allocateDirect(1), null, new CompletionHandler<Integer, Void>() {
                @Override
                public void completed(Integer bytes, Void unused) {
                    source.read(message, null, Publication.this);
                }

                @Override
                public void failed(Throwable reason, Void unused) {
                    end();
                }
            });
        }

        @Override
        public void completed(Integer bytes, Void unused) {
            if (bytes < 0) {
                end();
            } else if (message.hasRemaining()) {
                source.read(message, null, this);
            } else {
                pendingWrites = targets.size();
                for (Subscriber target : targets) {
                    message.flip();
                    target.buffer.clear().put(message).flip();
                    target.channel.write(target.buffer, target, delivery);
                }
            }
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            end();
        }

        private void end() {
            Listener.close(source);
            targets.forEach(target -> Listener.close(target.channel));
        }

        private final class Delivery implements CompletionHandler<Integer, Subscriber> {
            @Override
            public void completed(Integer bytes, Subscriber target) {
                if (target.buffer.hasRemaining()) {
                    target.channel.write(target.buffer, target, this);
                } else if (--pendingWrites == 0) {
                    message.clear();
                    source.read(message, null, Publication.this);
                }
            }

            @Override
            public void failed(Throwable reason, Subscriber target) {
                end();
            }
        }
    }
}
