package echo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;

/**
 * One connection: reads into its only buffer, writes all of that back, and reads again, until the peer has sent its
 * last byte or either operation fails. At most one operation is pending, so no lock is needed: each is started by the
 * handler of the one before.
 */
final class EchoConnection {
    private final AsynchronousSocketChannel channel;
    private final ByteBuffer buffer;
    private final CompletionHandler<Integer, Void> reader = new Reader();
    private final CompletionHandler<Integer, Void> writer = new Writer();

    EchoConnection(AsynchronousSocketChannel channel, int bufferBytes) {
        this.channel = channel;
        this.buffer = ByteBuffer.allocateDirect(bufferBytes);
    }

    void start() {
        channel.read(buffer, null, reader);
    }

    static void close(AsynchronousSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nobody is left to tell, and a channel whose close failed is closed all the same.
        }
    }

    private final class Reader implements CompletionHandler<Integer, Void> {
        @Override
        public void completed(Integer bytesRead, Void unused) {
            if (bytesRead < 0) {
                close(channel);
                return;
            }
            buffer.flip();
            channel.write(buffer, null, writer);
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            close(channel); // A peer that resets its connection is no news to a server.
        }
    }

    private final class Writer implements CompletionHandler<Integer, Void> {
        @Override
        public void completed(Integer bytesWritten, Void unused) {
            if (buffer.hasRemaining()) {
                channel.write(buffer, null, this);
                return;
            }
            buffer.clear();
            channel.read(buffer, null, reader);
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            close(channel);
        }
    }
}
