package io.nio2uring.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.nio2uring.traffic.EchoConnection;

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
                new EchoConnection(channel,
                        direct ? ByteBuffer.allocateDirect(bufferBytes) : ByteBuffer.allocate(bufferBytes),
                        ByteEcho.this::failed).read();
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                ByteEcho.this.failed(failure);
            }
        });
    }

    private void failed(Throwable failure) {
        if (!(failure instanceof ClosedChannelException)) {
            failures.add(failure);
        }
    }
}
