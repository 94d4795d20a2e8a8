package io.nio2uring.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * One direction of a connection: a {@link Sender}, and a reader with Futures on a thread of its own, who every few MiB
 * stops reading until the sender is stuck on full socket buffers.
 */
final class Flow {
    private static final int PIECE_BYTES = 256 * 1024;
    private static final int LARGEST_READ_BYTES = 128 * 1024;
    private static final long STOP_EVERY_BYTES = 2L << 20;
    private static final long STUCK_NANOS = 3_000_000;

    private final Payload payload;
    private final long totalBytes;
    private final Sender sender;
    private final AsynchronousSocketChannel destination;
    private final ByteBuffer in;
    private final CRC32C checksum = new CRC32C();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Flow(Payload payload, long totalBytes, AsynchronousSocketChannel source, AsynchronousSocketChannel destination,
            BufferMix mix) {
        this.payload = payload;
        this.totalBytes = totalBytes;
        this.destination = destination;
        sender = new Sender(payload, totalBytes, source, mix, PIECE_BYTES);
        in = mix.forReading(LARGEST_READ_BYTES);
    }

    void start() {
        sender.start().failure().whenComplete((_, failure) -> done.completeExceptionally(failure));
        Thread.ofPlatform().daemon().name("reader of " + payload).start(() -> {
            try {
                receiveAll();
                done.complete(null);
            } catch (IOException | RuntimeException | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
    }

    /** Complete when the whole stream and its end have been read, or something went wrong. */
    Future<Void> received() {
        return done;
    }

    long sentChecksum() {
        return sender.checksum();
    }

    long receivedChecksum() {
        return checksum.getValue();
    }

    private void receiveAll() throws IOException {
        SplittableRandom sizes = new SplittableRandom(payload.seed());
        long offset = 0;
        long nextStop = STOP_EVERY_BYTES;
        while (Transfer.get(destination.read(in.clear().limit(sizes.nextInt(1, LARGEST_READ_BYTES)))) >= 0) {
            payload.check(in.flip(), offset);
            offset += in.limit();
            checksum.update(in);
            if (offset > totalBytes) {
                throw new AssertionError("more bytes received than sent: " + offset + " of " + totalBytes);
            }
            if (offset >= nextStop) {
                nextStop += STOP_EVERY_BYTES;
                untilTheSenderIsStuck();
            }
        }
        if (offset != totalBytes) {
            throw new AssertionError("end of stream after " + offset + " of " + totalBytes + " bytes");
        }
    }

    private void untilTheSenderIsStuck() {
        long before;
        do {
            before = sender.sentBytes();
            LockSupport.parkNanos(STUCK_NANOS);
        } while (sender.sentBytes() != before);
    }
}
