package io.nio2uring.traffic;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Whole messages over a channel whose single operations may move less, with Futures. */
final class Transfer {
    private Transfer() {
    }

    /** Writes until {@code src} has nothing remaining. */
    static void writeFully(AsynchronousSocketChannel channel, ByteBuffer src) throws IOException {
        while (src.hasRemaining()) {
            get(channel.write(src));
        }
    }

    /** Reads until {@code dst} is full; throws EOFException if the stream ends before. */
    static void readFully(AsynchronousSocketChannel channel, ByteBuffer dst) throws IOException {
        while (dst.hasRemaining()) {
            if (get(channel.read(dst)) < 0) {
                throw new EOFException("after " + dst.position() + " of " + dst.limit() + " bytes");
            }
        }
    }

    /** The result of an operation, whose failure is thrown as what it is. It may take as long as the test may. */
    static <V> V get(Future<V> operation) throws IOException {
        try {
            return operation.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw Waiting.tooLong("an operation");
        }
    }
}
