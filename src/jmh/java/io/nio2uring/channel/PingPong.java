package io.nio2uring.channel;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.locks.LockSupport;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A message of 64 bytes there and back: two writes and two reads, by handlers on one thread that has both ends. */
@State(Scope.Benchmark)
public class PingPong {
    private static final int ROUND_TRIPS = 1000;
    private static final int MESSAGE_BYTES = 64;

    /** What the buffers are. */
    public enum Memory {
        /** For the kernel to use as they are. */
        DIRECT,
        /** Arrays, which the kernel cannot use. */
        HEAP
    }

    @Param
    private Provider provider;
    @Param
    private Memory memory;

    private Connection connection;
    private Player first;
    private Player second;

    @Setup
    public void open() throws Exception {
        connection = new Connection(provider.choose());
        first = new Player(connection.client, buffer());
        second = new Player(connection.server, buffer());
    }

    private ByteBuffer buffer() {
        return memory == Memory.DIRECT ? ByteBuffer.allocateDirect(MESSAGE_BYTES) : ByteBuffer.allocate(MESSAGE_BYTES);
    }

    @TearDown
    public void close() throws Exception {
        connection.close();
    }

    @Benchmark
    @OperationsPerInvocation(ROUND_TRIPS)
    public void roundTrips() {
        second.receive(ROUND_TRIPS);
        first.serve(ROUND_TRIPS);
        first.await();
        second.await();
    }

    /** One end: sends a message, and the next when one came back. */
    private static final class Player implements CompletionHandler<Integer, Void> {
        private final AsynchronousSocketChannel channel;
        private final ByteBuffer buffer;
        private boolean reads;
        private boolean serves;
        private int left;
        private volatile Thread waiter;
        private volatile Throwable failure;

        Player(AsynchronousSocketChannel channel, ByteBuffer buffer) {
            this.channel = channel;
            this.buffer = buffer;
        }

        void serve(int roundTrips) {
            start(roundTrips, true);
            write();
        }

        void receive(int roundTrips) {
            start(roundTrips, false);
            read();
        }

        private void start(int roundTrips, boolean isFirst) {
            left = roundTrips;
            serves = isFirst;
            waiter = Thread.currentThread();
        }

        void await() {
            while (waiter != null) {
                LockSupport.park(this);
            }
            if (failure != null) {
                throw new AssertionError("the connection has failed", failure);
            }
        }

        private void read() {
            reads = true;
            buffer.clear();
            channel.read(buffer, null, this);
        }

        private void write() {
            reads = false;
            buffer.clear();
            channel.write(buffer, null, this);
        }

        @Override
        public void completed(Integer count, Void attachment) {
            if (count < 0) {
                failed(new AssertionError("end of stream"), null);
            } else if (buffer.hasRemaining()) {
                if (reads) {
                    channel.read(buffer, null, this);
                } else {
                    channel.write(buffer, null, this);
                }
            } else if (reads == serves && --left == 0) {
                finish();
            } else if (reads) {
                write();
            } else {
                read();
            }
        }

        @Override
        public void failed(Throwable cause, Void attachment) {
            failure = cause;
            finish();
        }

        private void finish() {
            Thread thread = waiter;
            waiter = null;
            LockSupport.unpark(thread);
        }
    }
}
