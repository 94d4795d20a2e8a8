package io.nio2uring.traffic;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;

/**
 * The client of an echo server, with handlers: sends a message, waits for all of it to come back, checks each byte, and
 * sends the next. One operation is pending at a time.
 */
final class PingPong {
    private final AsynchronousSocketChannel channel;
    private final Payload payload;
    private final int messageCount;
    private final ByteBuffer out;
    private final ByteBuffer in;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int messagesDone;

    private final CompletionHandler<Integer, Void> writing = new CompletionHandler<>() {
        @Override
        public void completed(Integer count, Void attachment) {
            guarded(() -> {
                if (out.hasRemaining()) {
                    channel.write(out, null, writing);
                } else {
                    channel.read(in.clear(), null, reading);
                }
            });
        }

        @Override
        public void failed(Throwable failure, Void attachment) {
            done.completeExceptionally(failure);
        }
    };

    private final CompletionHandler<Integer, Void> reading = new CompletionHandler<>() {
        @Override
        public void completed(Integer count, Void attachment) {
            guarded(() -> received(count));
        }

        @Override
        public void failed(Throwable failure, Void attachment) {
            done.completeExceptionally(failure);
        }
    };

    PingPong(AsynchronousSocketChannel channel, Payload payload, BufferMix mix, int messageCount, int messageBytes) {
        this.channel = channel;
        this.payload = payload;
        this.messageCount = messageCount;
        out = mix.forWriting(messageBytes);
        in = mix.forReading(messageBytes);
    }

    /** Sends the first message; the result is complete when the last one has come back, or something went wrong. */
    CompletableFuture<Void> start() {
        guarded(this::send);
        return done;
    }

    private void send() {
        payload.fill(out.clear(), sentBefore());
        channel.write(out.flip(), null, writing);
    }

    private void received(int count) {
        if (count < 0) {
            throw new AssertionError("end of stream in message " + messagesDone + " after " + in.position() + " bytes");
        }
        if (in.hasRemaining()) {
            channel.read(in, null, reading);
            return;
        }
        payload.check(in.flip(), sentBefore());
        if (++messagesDone == messageCount) {
            done.complete(null);
        } else {
            send();
        }
    }

    private long sentBefore() {
        return (long) messagesDone * out.capacity();
    }

    /** What a handler throws would end in the thread's handler for uncaught exceptions; the test wants to see it. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | AssertionError e) {
            done.completeExceptionally(e);
        }
    }
}
