package io.nio2uring.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ShutdownChannelGroupException;

/** The echo server with completion handlers: no thread of its own. */
final class HandlerEcho extends EchoServer implements CompletionHandler<AsynchronousSocketChannel, Void> {
    HandlerEcho(TestGroup group, BufferMix mix, int bufferBytes) throws IOException {
        super(group, mix, bufferBytes);
    }

    @Override
    EchoServer start() {
        begin(() -> listener.accept(null, this));
        return this;
    }

    @Override
    public void completed(AsynchronousSocketChannel channel, Void attachment) {
        begin(() -> listener.accept(null, this));
        opened(channel);
        new Connection(channel).read();
    }

    @Override
    public void failed(Throwable failure, Void attachment) {
        failed(failure);
    }

    /** A handler may be on its way when the test closes the group; its next operation is refused then. */
    private void begin(Runnable operation) {
        try {
            operation.run();
        } catch (ShutdownChannelGroupException e) {
            failed(e);
        }
    }

    private final class Connection {
        private final AsynchronousSocketChannel channel;
        private final ByteBuffer in = mix.forReading(bufferBytes);
        private final ByteBuffer out = mix.forEchoing(in);

        private final CompletionHandler<Integer, Void> reading = new CompletionHandler<>() {
            @Override
            public void completed(Integer count, Void attachment) {
                if (count < 0) {
                    ended(channel, null);
                    return;
                }
                in.flip();
                if (out != in) {
                    out.clear().put(in).flip();
                }
                write();
            }

            @Override
            public void failed(Throwable failure, Void attachment) {
                ended(channel, failure);
            }
        };

        private final CompletionHandler<Integer, Void> writing = new CompletionHandler<>() {
            @Override
            public void completed(Integer count, Void attachment) {
                if (out.hasRemaining()) {
                    write();
                } else {
                    read();
                }
            }

            @Override
            public void failed(Throwable failure, Void attachment) {
                ended(channel, failure);
            }
        };

        Connection(AsynchronousSocketChannel channel) {
            this.channel = channel;
        }

        void read() {
            in.clear();
            begin(() -> channel.read(in, null, reading));
        }

        private void write() {
            begin(() -> channel.write(out, null, writing));
        }
    }
}
