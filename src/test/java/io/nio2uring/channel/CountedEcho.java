package io.nio2uring.channel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.ThreadMXBean;
import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.EventLoop;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.LoopStatistics;

/**
 * Connections that echo, on one loop with one thread, and what they cost: counted, so that it does not matter how fast
 * the machine is or what else it does. Driven by one thread, whose own cost does not count.
 */
final class CountedEcho implements AutoCloseable {
    static final int MESSAGE_BYTES = 64;
    private static final AtomicInteger GROUPS = new AtomicInteger();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * What the loop has done up to a moment in which it did nothing.
     *
     * @param enters    {@code io_uring_enter} calls
     * @param handOvers of the loop; the machine's other work can cause some
     * @param bytes     allocated by the threads that attend the loop
     */
    record Cost(long enters, long handOvers, long bytes) {
        Cost since(Cost earlier) {
            return new Cost(enters - earlier.enters, handOvers - earlier.handOvers, bytes - earlier.bytes);
        }
    }

    private final OpenGroup group;
    private final EventLoop loop;
    private final List<Thread> workers = new ArrayList<>();
    private final List<Pair> pairs = new ArrayList<>();
    private final byte[] message = new byte[MESSAGE_BYTES];
    private final byte[] reply = new byte[MESSAGE_BYTES];

    private CountedEcho() throws IOException {
        // A name that no other test's thread has: by it the thread is found in /proc.
        ThreadFactory factory = OpenGroup.silent("counted" + GROUPS.incrementAndGet());
        group = OpenGroup.fixed(1, task -> {
            Thread worker = factory.newThread(task);
            workers.add(worker);
            return worker;
        }, LoopOptions.DEFAULT);
        loop = group.group.loops().getFirst();
        for (int i = 0; i < MESSAGE_BYTES; i++) {
            message[i] = (byte) (i * 7);
        }
    }

    /** Connections whose channels echo by handlers. */
    static CountedEcho byHandlers(int connections) throws IOException {
        CountedEcho echo = new CountedEcho();
        for (int i = 0; i < connections; i++) {
            Pair pair = echo.group.pair();
            echo.pairs.add(pair);
            new Connection(pair.channel()).read();
        }
        return echo;
    }

    /** A connection whose channel nobody uses yet. */
    static CountedEcho unused() throws IOException {
        CountedEcho echo = new CountedEcho();
        echo.pairs.add(echo.group.pair());
        return echo;
    }

    AsynchronousSocketChannel channel() {
        return pairs.getFirst().channel();
    }

    Thread worker() {
        return workers.getFirst();
    }

    // ---- load

    /** One message after the other over the first connection. */
    void pingPong(int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            send(pairs.getFirst());
            receive(pairs.getFirst());
        }
    }

    /** Puts a message on each connection while the loop is held still, then lets it go; so they are all in flight. */
    void burst() throws IOException {
        try (HeldLoop _ = hold()) {
            for (Pair pair : pairs) {
                send(pair);
            }
        }
        for (Pair pair : pairs) {
            receive(pair);
        }
    }

    void send(Pair pair) throws IOException {
        pair.peer().getOutputStream().write(message);
    }

    void send() throws IOException {
        send(pairs.getFirst());
    }

    void receive() throws IOException {
        receive(pairs.getFirst());
    }

    private void receive(Pair pair) throws IOException {
        InputStream in = pair.peer().getInputStream();
        if (in.readNBytes(reply, 0, MESSAGE_BYTES) != MESSAGE_BYTES || !Arrays.equals(message, reply)) {
            throw new AssertionError("not an echo: " + Arrays.toString(reply));
        }
    }

    // ---- counts

    /** What has been done so far, in a moment in which the loop is held still. */
    Cost cost() {
        try (HeldLoop _ = hold()) {
            LoopStatistics figures = loop.statistics();
            long bytes = 0;
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                // The worker, and the watcher that leads while the worker does not come back.
                if (workers.contains(thread) || thread.getName().startsWith(loop.name())) {
                    bytes += THREADS.getThreadAllocatedBytes(thread.threadId());
                }
            }
            return new Cost(figures.enterCalls(), figures.handOvers(), bytes);
        }
    }

    /** Holds the loop still. */
    HeldLoop hold() {
        return new HeldLoop(loop);
    }

    @Override
    public void close() throws IOException {
        group.close();
    }

    private static final class Connection implements CompletionHandler<Integer, Void> {
        private final AsynchronousSocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        private boolean reading;

        Connection(AsynchronousSocketChannel channel) {
            this.channel = channel;
        }

        void read() {
            reading = true;
            channel.read(buffer, null, this);
        }

        @Override
        public void completed(Integer count, Void attachment) {
            if (count < 0) {
                throw new AssertionError("the peer has closed");
            }
            if (buffer.hasRemaining()) {
                proceed();
                return;
            }
            if (reading) {
                reading = false;
                buffer.flip();
                proceed();
            } else {
                buffer.clear();
                read();
            }
        }

        private void proceed() {
            if (reading) {
                channel.read(buffer, null, this);
            } else {
                channel.write(buffer, null, this);
            }
        }

        @Override
        public void failed(Throwable failure, Void attachment) {
            // The end of the test; a failure before it leaves its client without an echo.
        }
    }
}
