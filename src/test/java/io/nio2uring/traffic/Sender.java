package io.nio2uring.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/** Sends a stream as fast as the peer takes it, with handlers, and then ends the channel's output. */
final class Sender implements CompletionHandler<Integer, Void> {
    private final Payload payload;
    private final long totalBytes;
    private final AsynchronousSocketChannel channel;
    private final ByteBuffer out;
    private final CRC32C checksum = new CRC32C();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private volatile long sentBytes;

    /** Hands the stream over in pieces of {@code pieceBytes}, the next when the one before has been written whole. */
    Sender(Payload payload, long totalBytes, AsynchronousSocketChannel channel, BufferMix mix, int pieceBytes) {
        this.payload = payload;
        this.totalBytes = totalBytes;
        this.channel = channel;
        out = mix.forWriting(pieceBytes).limit(0);
    }

    Sender start() {
        sendMore();
        return this;
    }

    long sentBytes() {
        return sentBytes;
    }

    /** Ends exceptionally if sending failed, otherwise never. */
    CompletableFuture<Void> failure() {
        return failure;
    }

    /** The CRC-32C of the stream; of all of it once its end has been read. */
    long checksum() {
        return checksum.getValue();
    }

    private void sendMore() {
        try {
            if (!out.hasRemaining()) {
                long leftBytes = totalBytes - sentBytes;
                if (leftBytes == 0) {
                    channel.shutdownOutput();
                    return;
                }
                payload.fill(out.clear().limit((int) Math.min(leftBytes, out.capacity())), sentBytes);
                checksum.update(out.flip().duplicate());
            }
            channel.write(out, null, this);
        } catch (IOException | RuntimeException e) {
            failure.completeExceptionally(e);
        }
    }

    @Override
    public void completed(Integer count, Void attachment) {
        // One write at a time, so only one handler ever adds.
        long sum = sentBytes + count;
        sentBytes = sum;
        sendMore();
    }

    @Override
    public void failed(Throwable thrown, Void attachment) {
        failure.completeExceptionally(thrown);
    }
}
