import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

import io.nio2uring.ring.Completion;
import io.nio2uring.ring.IoUring;
import io.nio2uring.ring.ProvidedBufferRing;

/** All of it belongs to one thread, which calls {@link #turn} again and again. */
public final class RingEcho implements AutoCloseable {
    private static final int GROUP = 0;
    private static final int MSG_WAITALL = 0x100; // a send completes with all bytes or an error
    private static final int ENOBUFS = 105;
    private static final int ACCEPT = 1;
    private static final int RECEIVE = 2;
    private static final int SEND = 3;
    private static final int CLOSE = 4;

    /** What was received and is not sent yet; the head is being sent. */
    private static final class Connection {
        final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
        boolean receiving;
        boolean failed;
    }

    private record Chunk(int bufferId, int length) {}

    /** Prepares an operation; false if the queue is full. */
    private interface Step {
        boolean prepare();
    }

    private final int listener;
    private final IoUring ring;
    private final ProvidedBufferRing buffers;
    private final Map<Integer, Connection> connections = new HashMap<>();
    private final ArrayDeque<Integer> starved = new ArrayDeque<>(); // wait for a buffer to become free

    /** Starts to accept on a listening socket. */
    public RingEcho(int listener, int queueEntries, int bufferCount) throws IOException {
        this.listener = listener;
        ring = new IoUring(queueEntries);
        buffers = ring.registerBufRing(bufferCount, 4_096, GROUP);
        accept();
    }

    /** Submits what is prepared, waits for a completion at most so long, and handles all that are there. */
    public void turn(long timeoutNanos) throws IOException {
        ring.submitAndWait(1, timeoutNanos);
        ring.forEachCompletion(this::handle);
    }

    private void handle(Completion completion) {
        int fd = (int) completion.userData(); // below the kind of operation
        switch ((int) (completion.userData() >>> 32)) {
            case ACCEPT -> accepted(completion);
            case RECEIVE -> received(fd, connections.get(fd), completion);
            case SEND -> sent(fd, connections.get(fd), completion);
            default -> { }
        }
    }

    private void accepted(Completion completion) {
        if (completion.result() >= 0) {
            connections.put(completion.result(), new Connection());
            receive(completion.result());
        }
        if (!completion.hasMore()) { // the last completion of this multishot: arm it again
            accept();
        }
    }

    private void received(int fd, Connection connection, Completion completion) {
        int result = completion.result();
        if (result > 0) {
            connection.chunks.add(new Chunk(completion.bufferId(), result));
            if (connection.chunks.size() == 1) {
                send(fd, connection);
            }
        } else if (completion.bufferId() >= 0) {
            recycle(completion.bufferId());
        }
        if (!completion.hasMore()) {
            connection.receiving = false;
            if (connection.failed) {
                closeIfDone(fd, connection);
            } else if (result == -ENOBUFS) {
                starved.add(fd);
                rearmStarved();
            } else if (result > 0) {
                receive(fd);
            } else { // the end, or an error
                connection.failed |= result < 0;
                closeIfDone(fd, connection);
            }
        }
    }

    private void sent(int fd, Connection connection, Completion completion) {
        recycle(connection.chunks.remove().bufferId()); // only now has the kernel let go of it
        if (completion.result() < 0 && !connection.failed) {
            connection.failed = true;
            queue(() -> ring.prepShutdown(fd, 2, userData(CLOSE, fd))); // ends the receive
        }
        if (connection.failed) {
            while (!connection.chunks.isEmpty()) {
                recycle(connection.chunks.remove().bufferId());
            }
        }
        if (!connection.chunks.isEmpty()) {
            send(fd, connection); // one at a time: sends in flight together may overtake each other
        } else {
            closeIfDone(fd, connection);
        }
        rearmStarved();
    }

    private void closeIfDone(int fd, Connection connection) {
        boolean waits = starved.contains(fd) && !connection.failed;
        if (!connection.receiving && connection.chunks.isEmpty() && !waits) {
            starved.remove(fd);
            connections.remove(fd);
            queue(() -> ring.prepClose(fd, userData(CLOSE, fd)));
        }
    }

    private void rearmStarved() {
        while (freeBuffers() > 0 && !starved.isEmpty()) {
            receive(starved.remove());
        }
    }

    private int freeBuffers() {
        return buffers.entries() - connections.values().stream().mapToInt(c -> c.chunks.size()).sum();
    }

    private void recycle(int bufferId) {
        buffers.recycle(bufferId);
    }

    private void accept() {
        queue(() -> ring.prepMultishotAccept(listener, userData(ACCEPT, 0)));
    }

    private void receive(int fd) {
        connections.get(fd).receiving = true;
        queue(() -> ring.prepRecvMultishot(fd, GROUP, userData(RECEIVE, fd)));
    }

    private void send(int fd, Connection connection) {
        Chunk chunk = connection.chunks.element();
        long address = buffers.address(chunk.bufferId());
        queue(() -> ring.prepSend(fd, address, chunk.length(), MSG_WAITALL, userData(SEND, fd)));
    }

    /** A full queue refuses: submit what is there, and try again, so that nothing is dropped. */
    private void queue(Step step) {
        try {
            while (!step.prepare()) {
                ring.submit();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long userData(int kind, int fd) {
        return (long) kind << 32 | fd;
    }

    /** Cancels what is in flight, waits for its end, frees the buffers. */
    @Override
    public void close() {
        ring.close();
    }
}
