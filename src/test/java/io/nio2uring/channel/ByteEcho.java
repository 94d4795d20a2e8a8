package io.nio2uring.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server on the group under test that sends back what it gets, and closes a connection when its peer has ended. */
final class ByteEcho {
    private final AsynchronousServerSocketChannel server;
    private final int bufferBytes;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private int accepted;

    ByteEcho(OpenGroup group, int bufferBytes) throws IOException {
        server = group.listen();
        this.bufferBytes = bufferBytes;
        accept();
    }

    AsynchronousServerSocketChannel server() {
        return server;
    }

    Queue<Throwable> failures() {
        return failures;
    }

    private void accept() {
        server.accept(null, new CompletionHandler<AsynchronousSocketChannel, Object>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, Object attachment) {
                // Direct and heap buffers by turns: they take different ways through the loop.
                boolean direct = accepted++ % 2 == 0;
                accept();
                new Connection(channel,
                        direct ? ByteBuffer.allocateDirect(bufferBytes) : ByteBuffer.allocate(bufferBytes)).read();
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                if (!(failure instanceof ClosedChannelException)) {
                    failures.add(failure);
                }
            }
        });
    }

    private final class Connection implements CompletionHandler<Integer, Object> {
        private final AsynchronousSocketChannel channel;
        private final ByteBuffer buffer;
        private boolean reading;

        Connection(AsynchronousSocketChannel channel, ByteBuffer buffer) {
            this.channel = channel;
            this.buffer = buffer;
        }

        void read() {
            reading = true;
            channel.read(buffer.clear(), null, this);
        }

        @Override
        public void completed(Integer count, Object attachment) {
            if (count < 0) {
                close();
                return;
            }
            if (reading) {
                reading = false;
                buffer.flip();
            }
            if (buffer.hasRemaining()) {
                channel.write(buffer, null, this);
            } else {
                read();
            }
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            if (!(failure instanceof ClosedChannelException)) {
                failures.add(failure);
            }
            close();
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                failures.add(e);
            }
        }
    }
}
