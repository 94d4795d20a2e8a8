package io.nio2uring.reliability;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

import io.nio2uring.sys.NativeMemory;
import io.nio2uring.traffic.EchoConnection;

/**
 * A server that echoes until it is killed, or its standard input ends. When an accept fails it says so, the first time,
 * closes what it has accepted, and accepts again. To each line that it reads it answers with what it holds: connections,
 * bytes of native memory of ours, bytes of the heap. Argument: the port. The property {@code threads} gives those of its
 * group.
 */
final class EchoProgram {
    private static final Queue<AsynchronousSocketChannel> ACCEPTED = new ConcurrentLinkedQueue<>();

    private EchoProgram() {
    }

    public static void main(String[] args) throws Exception {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(Integer.getInteger("threads", 2),
                Thread::new);
        AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group)
                .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(args[0])), 4096);
        // Classes that a failure needs are loaded now: from a directory the JVM cannot load any without a descriptor.
        AsynchronousSocketChannel refused = AsynchronousSocketChannel.open(group);
        try {
            refused.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1)).get();
            throw new AssertionError("somebody listens at port 1");
        } catch (ExecutionException expected) {
            echo(refused).close();
        }
        listener.accept(listener, new Accepting());
        System.out.println("listening");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        while (in.readLine() != null) {
            ACCEPTED.removeIf(channel -> !channel.isOpen());
            System.gc();
            long heapBytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            System.out.println(ACCEPTED.size() + " " + NativeMemory.allocatedBytes() + " " + heapBytes);
        }
        System.exit(0);
    }

    private static final class Accepting
            implements
            CompletionHandler<AsynchronousSocketChannel, AsynchronousServerSocketChannel> {
        private boolean told;

        @Override
        public void completed(AsynchronousSocketChannel channel, AsynchronousServerSocketChannel listener) {
            ACCEPTED.add(channel);
            echo(channel).read();
            listener.accept(listener, this);
        }

        @Override
        public void failed(Throwable failure, AsynchronousServerSocketChannel listener) {
            if (!told) {
                told = true;
                System.out.println(failure.getClass().getName() + ": " + failure.getMessage());
            }
            for (AsynchronousSocketChannel each = ACCEPTED.poll(); each != null; each = ACCEPTED.poll()) {
                echo(each).close();
            }
            listener.accept(listener, this);
        }
    }

    /** A peer that has gone is none of this program's business; whoever runs it sees the rest. */
    private static EchoConnection echo(AsynchronousSocketChannel channel) {
        return new EchoConnection(channel, ByteBuffer.allocate(1024), _ -> {
        });
    }
}
