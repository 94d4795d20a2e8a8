package chat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import support.Listener;

/**
 * One connection. It always has a read pending; what others say is queued, and one write at a time takes it from there.
 * Who reads too slowly is dropped: when a write takes longer than {@link #WRITE_SECONDS}, or the queue is full.
 */
final class Member {
    private static final int MAX_LINE_BYTES = 1024;
    private static final int MAX_QUEUED_LINES = 1000;
    private static final long WRITE_SECONDS = 10;

    private final ChatServer server;
    private final AsynchronousSocketChannel channel;
    /** Used by one read handler after the other. */
    private final ByteBuffer received = ByteBuffer.allocate(MAX_LINE_BYTES);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private volatile String name;
    /** What is to be written, the first of them being written; guarded by itself. */
    private final Queue<ByteBuffer> outgoing = new ArrayDeque<>();

    Member(ChatServer server, AsynchronousSocketChannel channel) {
        this.server = server;
        this.channel = channel;
    }

    String name() {
        return name;
    }

    void start() {
        channel.read(received, null, new Reader());
    }

    /** Sends a line, later if another is on its way. */
    void send(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        synchronized (outgoing) {
            if (outgoing.size() < MAX_QUEUED_LINES) {
                outgoing.add(buffer);
                if (outgoing.size() > 1) {
                    return; // The handler of the write that is pending goes on with this one.
                }
            } else {
                buffer = null;
            }
        }
        if (buffer == null) {
            leave();
        } else {
            write(buffer);
        }
    }

    private void write(ByteBuffer buffer) {
        channel.write(buffer, WRITE_SECONDS, TimeUnit.SECONDS, buffer, new Writer());
    }

    private void leave() {
        Listener.close(channel);
        server.left(this);
    }

    /** Takes the lines out of the bytes received. False when one is too long. */
    private boolean takeLines() {
        received.flip();
        while (received.hasRemaining()) {
            byte next = received.get();
            if (next != '\n') {
                line.write(next);
                if (line.size() > MAX_LINE_BYTES) {
                    return false;
                }
            } else {
                take(line.toString(StandardCharsets.UTF_8).strip());
                line.reset();
            }
        }
        received.clear();
        return true;
    }

    private void take(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (name == null) {
            name = text;
            server.joined(this);
        } else {
            server.say(this, name + ": " + text);
        }
    }

    private final class Reader implements CompletionHandler<Integer, Void> {
        @Override
        public void completed(Integer bytesRead, Void unused) {
            if (bytesRead < 0 || !takeLines()) {
                leave();
                return;
            }
            channel.read(received, null, this);
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            leave(); // A peer that resets its connection is no news to a server.
        }
    }

    private final class Writer implements CompletionHandler<Integer, ByteBuffer> {
        @Override
        public void completed(Integer bytesWritten, ByteBuffer buffer) {
            ByteBuffer next = buffer;
            if (!buffer.hasRemaining()) {
                synchronized (outgoing) {
                    outgoing.remove();
                    next = outgoing.peek();
                }
            }
            if (next != null) {
                write(next);
            }
        }

        @Override
        public void failed(Throwable reason, ByteBuffer buffer) {
            leave();
        }
    }
}
