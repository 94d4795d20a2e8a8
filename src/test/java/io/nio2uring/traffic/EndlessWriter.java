package io.nio2uring.traffic;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes until a write fails, and so always has one pending once the peer does not read. Were a slow write taken for a
 * stuck one, the next would be pending in its place.
 */
final class EndlessWriter implements CompletionHandler<Integer, Void> {
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final AsynchronousSocketChannel channel;
    private final ByteBuffer buffer;
    private final AtomicLong writtenBytes = new AtomicLong();
    private final Outcome<Integer> last = new Outcome<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    /** Number of the last write that was begun while the channel was open for certain. */
    private final AtomicInteger begunWhileOpen = new AtomicInteger();

    EndlessWriter(AsynchronousSocketChannel channel) {
        this(channel, ByteBuffer.allocateDirect(64 * 1024));
    }

    EndlessWriter(AsynchronousSocketChannel channel, ByteBuffer buffer) {
        this.channel = channel;
        this.buffer = buffer;
    }

    /** Returns when nothing has been written for a while. */
    void startAndAwaitStuck() {
        write();
        long[] before = new long[1];
        do {
            before[0] = writtenBytes.get();
        } while (Waiting.holdsWithin(STUCK_NANOS, () -> writtenBytes.get() != before[0]));
    }

    /** What ended it. */
    Throwable failure() {
        return last.failure();
    }

    /**
     * To be asked after the channel was closed: the close has ended a pending write, or where the machine was so slow that
     * none was pending for as long as this waits, it was there before the next.
     */
    void assertEndedByClose() {
        Throwable failure = failure();
        if (!(failure instanceof ClosedChannelException)
                || begunWhileOpen.get() == begun.get() && failure.getClass() != AsynchronousCloseException.class) {
            throw new AssertionError("ended otherwise than by the close", failure);
        }
    }

    /** To be asked when no more calls can come: each write has ended once, the last of them with the failure. */
    void assertEachWriteEndedOnce() {
        last.assertCalledOnce();
        if (begun.get() != ended.get()) {
            throw new AssertionError("writes begun: " + begun + ", handlers called: " + ended);
        }
    }

    private void write() {
        int number = begun.incrementAndGet();
        channel.write(buffer.clear(), null, this);
        if (channel.isOpen()) {
            begunWhileOpen.accumulateAndGet(number, Math::max);
        }
    }

    @Override
    public void completed(Integer count, Void attachment) {
        ended.incrementAndGet();
        writtenBytes.addAndGet(count);
        write();
    }

    @Override
    public void failed(Throwable failure, Void attachment) {
        ended.incrementAndGet();
        last.failed(failure, null);
    }
}
