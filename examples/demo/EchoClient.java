package demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.SplittableRandom;

/**
 * One connection with one message in flight. What it sends is a pseudo-random sequence of its own, so a byte that is
 * lost, doubled, moved, altered or sent to another connection is found at its place. For one thread.
 */
final class EchoClient implements AutoCloseable {
    private final SocketChannel channel;
    private final long seed;
    private final SplittableRandom content;
    private final ByteBuffer sent;
    private final ByteBuffer received;
    private long bytesEchoed;
    private long sentAtNanos;

    /** Connects, and registers with the selector, the new object being the key's attachment. */
    EchoClient(InetSocketAddress server, Selector selector, int messageBytes, long seed) throws IOException {
        this.seed = seed;
        this.content = new SplittableRandom(seed);
        this.sent = ByteBuffer.allocateDirect(messageBytes);
        this.received = ByteBuffer.allocateDirect(messageBytes);
        this.channel = SocketChannel.open(server);
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends the next message. */
    void send(long nowNanos) throws IOException {
        sent.clear();
        while (sent.remaining() >= Long.BYTES) {
            sent.putLong(content.nextLong());
        }
        while (sent.hasRemaining()) {
            sent.put((byte) content.nextInt());
        }
        sent.flip();
        received.clear();
        sentAtNanos = nowNanos;
        // The message before has come back, so the socket's buffer is empty and takes this one whole.
        if (channel.write(sent) != sent.capacity()) {
            throw new IOException("an empty socket buffer did not take " + sent.capacity() + " bytes");
        }
    }

    /**
     * Takes what has arrived.
     *
     * @return whether the message has come back whole and as it was sent
     * @throws CorruptEchoException if it came back altered
     */
    boolean receive() throws IOException {
        if (channel.read(received) < 0) {
            throw new IOException("the server closed a connection after " + bytesEchoed + " bytes");
        }
        if (received.hasRemaining()) {
            return false;
        }
        received.flip();
        sent.flip();
        int difference = sent.mismatch(received);
        if (difference >= 0) {
            throw new CorruptEchoException(String.format("byte %d of a connection came back as 0x%02x, not 0x%02x "
                    + "(seed %d)", bytesEchoed + difference, received.get(difference), sent.get(difference), seed));
        }
        bytesEchoed += received.limit();
        return true;
    }

    /** Time from the sending of the last message. */
    long nanosSinceSent(long nowNanos) {
        return nowNanos - sentAtNanos;
    }

    /** Says that nothing more will be sent. */
    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /**
     * Takes the end of the stream, which is all that may arrive after the last message.
     *
     * @throws CorruptEchoException if a byte arrived that nobody sent
     */
    void receiveEnd() throws IOException {
        received.clear();
        int bytesRead = channel.read(received);
        if (bytesRead > 0) {
            throw new CorruptEchoException(bytesRead + " bytes came that were never sent (seed " + seed + ")");
        }
        if (bytesRead < 0) {
            channel.close();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
