package io.nio2uring.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.function.Consumer;

/** Sends back what it gets, by way of one buffer and one handler, and closes the connection when its peer has ended. */
public class EchoConnection implements CompletionHandler<Integer, Object> {
    private final AsynchronousSocketChannel channel;
    private final ByteBuffer buffer;
    private final Consumer<Throwable> failures;
    private boolean reading;

    /** Does nothing yet. */
    public EchoConnection(AsynchronousSocketChannel channel, ByteBuffer buffer, Consumer<Throwable> failures) {
        this.channel = channel;
        this.buffer = buffer;
        this.failures = failures;
    }

    /** Waits for something to be sent back. */
    public void read() {
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
        failures.accept(failure);
        close();
    }

    /** Ends the connection. */
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            failures.accept(e);
        }
    }
}
