package io.nio2uring.fuzz;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Messages to and fro between a socket and its peer. Each round's read and write are started in the handler that ended
 * the round before.
 *
 * @param socket begins
 * @param rounds how many messages
 * @param bytes  of a message
 * @param direct whether the buffers are direct
 */
record PingPong(int socket, int rounds, int bytes, boolean direct) implements Step {
    @Override
    public void run(World world) throws Exception {
        Match match = new Match(world.socket(socket));
        match.play(0);
        try {
            match.over.get(Ticket.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new HangException("ping-pong stopped in round " + match.round);
        }
        world.note("played");
    }

    private final class Match {
        private final World.Socket first;
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private final Layout layout = Layout.single(bytes, direct);
        private volatile int round;

        Match(World.Socket first) {
            this.first = first;
        }

        void play(int newRound) {
            round = newRound;
            if (newRound == rounds) {
                over.complete(null);
                return;
            }
            World.Socket from = newRound % 2 == 0 ? first : first.peer;
            World.Socket to = from.peer;
            ByteBuffer[] in = layout.allocate();
            ByteBuffer[] out = layout.allocate();
            layout.fill(out, from.number, from.sent);
            AtomicInteger halves = new AtomicInteger(2);
            Runnable half = () -> {
                if (halves.decrementAndGet() == 0) {
                    layout.check(in, from.number, to.received);
                    from.sent += bytes;
                    to.received += bytes;
                    play(newRound + 1);
                }
            };
            new Half(to.channel, in[0], true, half).go();
            new Half(from.channel, out[0], false, half).go();
        }

        private final class Half implements CompletionHandler<Integer, Object> {
            private final AsynchronousSocketChannel channel;
            private final ByteBuffer buffer;
            private final boolean reads;
            private final Runnable then;

            Half(AsynchronousSocketChannel channel, ByteBuffer buffer, boolean reads, Runnable then) {
                this.channel = channel;
                this.buffer = buffer;
                this.reads = reads;
                this.then = then;
            }

            void go() {
                try {
                    if (reads) {
                        channel.read(buffer, this, this);
                    } else {
                        channel.write(buffer, this, this);
                    }
                } catch (RuntimeException e) {
                    over.completeExceptionally(e);
                }
            }

            @Override
            public void completed(Integer count, Object attachment) {
                try {
                    if (count <= 0 || attachment != this) {
                        throw new AssertionError(count + " with " + attachment);
                    }
                    if (buffer.hasRemaining()) {
                        go();
                    } else {
                        then.run();
                    }
                } catch (Throwable e) {
                    over.completeExceptionally(e);
                }
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                over.completeExceptionally(failure);
            }
        }
    }
}
