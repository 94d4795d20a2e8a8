package io.nio2uring.reliability;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends each connection its own bytes back; closes it at the end of its stream, when it fails, and when it says nothing
 * for too long.
 */
final class SoakServer {
    /** Long enough for a client that is alive on a busy machine, and short enough for many silent ones in a run. */
    static final int SILENCE_MILLIS = 5000;
    private static final int BUFFER_BYTES = 8192;

    final InetSocketAddress address;
    final AtomicInteger open = new AtomicInteger();
    /** What no client causes. */
    final AtomicReference<Throwable> defect = new AtomicReference<>();
    private final AsynchronousServerSocketChannel listener;
    private final Ledger ledger;

    SoakServer(AsynchronousChannelGroup group, Ledger ledger) throws IOException {
        this.ledger = ledger;
        listener = AsynchronousServerSocketChannel.open(group)
                .bind(new InetSocketAddress(java.net.InetAddress.ofLiteral("127.0.0.1"), 0), 4096);
        address = (InetSocketAddress) listener.getLocalAddress();
        new Acceptor().accept();
    }

    void close() throws IOException {
        listener.close();
    }

    private final class Acceptor implements CompletionHandler<AsynchronousSocketChannel, Object> {
        private int accepted;

        void accept() {
            ledger.begun.increment();
            listener.accept(null, this);
        }

        @Override
        public void completed(AsynchronousSocketChannel channel, Object attachment) {
            ledger.end();
            open.incrementAndGet();
            new Connection(channel, accepted++).read();
            accept();
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            ledger.end();
            // A connection that was in the queue when the server was closed may find the group shut down.
            if (listener.isOpen() || !(failure instanceof ClosedChannelException
                    || failure.getCause() instanceof ShutdownChannelGroupException)) {
                defect.compareAndSet(null, failure);
            }
        }
    }

    private final class Connection implements CompletionHandler<Integer, Object> {
        private final AsynchronousSocketChannel channel;
        private final ByteBuffer buffer;
        private boolean reading;

        Connection(AsynchronousSocketChannel channel, int number) {
            this.channel = channel;
            buffer = number % 2 == 0 ? ByteBuffer.allocate(BUFFER_BYTES) : ByteBuffer.allocateDirect(BUFFER_BYTES);
        }

        void read() {
            reading = true;
            ledger.begun.increment();
            channel.read(buffer.clear(), SILENCE_MILLIS, TimeUnit.MILLISECONDS, null, this);
        }

        private void write() {
            ledger.begun.increment();
            channel.write(buffer, SILENCE_MILLIS * 10L, TimeUnit.MILLISECONDS, null, this);
        }

        @Override
        public void completed(Integer count, Object attachment) {
            ledger.end();
            if (count < 0) {
                close();
                return;
            }
            if (reading) {
                reading = false;
                buffer.flip();
            }
            if (buffer.hasRemaining()) {
                write();
            } else {
                read();
            }
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            ledger.end();
            if (failure instanceof InterruptedByTimeoutException) {
                ledger.fault("server timed a peer out");
            } else if (failure instanceof IOException) {
                ledger.fault("server saw " + (reading ? "read" : "write") + " fail");
            } else {
                defect.compareAndSet(null, failure);
            }
            close();
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                defect.compareAndSet(null, e);
            }
            open.decrementAndGet();
        }
    }
}
