package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;

/** A connection: the channel under test and its far end, a plain blocking channel. */
record Pair(AsynchronousSocketChannel channel, SocketChannel peer) implements AutoCloseable {
    /** Sends all of the bytes from the far end. */
    void send(byte... bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            peer.write(buffer);
        }
    }

    /** Has a byte come to the channel, whose handler must be told. */
    void assertReads() throws Exception {
        Outcome<Integer> read = new Outcome<>();
        channel.read(ByteBuffer.allocate(1), null, read);
        send((byte) 1);
        assertEquals(1, read.value());
    }

    /** Takes exactly this many bytes at the far end. */
    byte[] take(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (peer.read(buffer) < 0) {
                throw new EOFException("the stream ended after " + buffer.position() + " of " + count + " bytes");
            }
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        peer.close();
    }
}
