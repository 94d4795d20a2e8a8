package io.nio2uring.reliability;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.nio2uring.ProcessDump;
import io.nio2uring.traffic.EchoConnection;

/**
 * Echo servers, one for each kind of group, in a process that fills its heap when told to. Arguments: a port for each. Whatever
 * fails in a handler closes that connection, and an accept that fails is tried again: what is lost beyond that, we have
 * lost. Reads lines of standard input: {@code fill SEED MILLISECONDS}, answered by {@code free} when it has freed the heap, and
 * {@code end}, answered by {@code terminated}. A connection whose first byte is {@link #WAIT} has its handler wait
 * for a byte {@link #GO} from another connection of the server.
 */
final class FullHeapProgram {
    static final byte ECHO = 'e';
    static final byte WAIT = 'w';
    static final byte GO = 'g';
    private static final int BUFFER_BYTES = 256;
    private static final int WARM_UP = 100;
    private static final long PAUSE_NANOS = 10_000_000;

    /** What fills the heap: each array refers to the one before. */
    private static Object[] chain;

    private FullHeapProgram() {
    }

    public static void main(String[] args) throws Exception {
        Thread main = Thread.currentThread();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            // What others end with, the clients see.
            if (thread == main) {
                e.printStackTrace(System.out);
                System.exit(1);
            }
        });
        List<AsynchronousChannelGroup> groups = List.of(
                AsynchronousChannelGroup.withFixedThreadPool(2, Thread::new),
                AsynchronousChannelGroup.withCachedThreadPool(Executors.newCachedThreadPool(), 1),
                AsynchronousChannelGroup.withThreadPool(Executors.newFixedThreadPool(2)));
        for (int i = 0; i < groups.size(); i++) {
            new Server(groups.get(i), Integer.parseInt(args[i]));
        }
        // What traffic needs is loaded and linked, also of the executors. Of classes whose initializers find no memory the
        // virtual machine never makes anything, and a queue of its own may lose what it was to hand over.
        for (int i = 0; i < WARM_UP; i++) {
            for (String port : args) {
                try (Socket client = new Socket("127.0.0.1", Integer.parseInt(port))) {
                    client.getOutputStream().write(ECHO);
                    client.getInputStream().read();
                    client.setSoLinger(i % 2 == 0, 0);
                }
            }
        }
        ExecutorService pool = Executors.newCachedThreadPool();
        for (int i = 0; i < WARM_UP; i++) {
            pool.submit(() -> {
            }).get();
        }
        pool.shutdown();
        System.out.println("listening");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            String[] words = line.split(" ");
            fill(Long.parseLong(words[1]), Long.parseLong(words[2]));
            System.out.println("free");
        }
        for (AsynchronousChannelGroup group : groups) {
            group.shutdownNow();
            if (!group.awaitTermination(15, TimeUnit.SECONDS)) {
                System.out.println("not terminated: " + group + ". " + ProcessDump.now());
                System.exit(1);
            }
        }
        System.out.println("terminated");
        System.exit(0);
    }

    /** Keeps the heap full, to the last small object most of the time. */
    private static void fill(long seed, long millis) {
        Random random = new Random(seed);
        long start = System.nanoTime();
        while (System.nanoTime() - start < millis * 1_000_000) {
            for (int length = 1 << 18; length >= 1; length /= 2) {
                fillWithArraysOf(length);
            }
            // What is free now, others fight for.
            for (int freed = random.nextInt(200); freed > 0 && chain != null; freed--) {
                chain = (Object[]) chain[0];
            }
            LockSupport.parkNanos(random.nextInt(3_000_000));
        }
        chain = null;
    }

    private static void fillWithArraysOf(int length) {
        try {
            for (;;) {
                Object[] next = new Object[length];
                next[0] = chain;
                chain = next;
            }
        } catch (OutOfMemoryError expected) {
            // As full as these make it.
        }
    }

    private static final class Server implements CompletionHandler<AsynchronousSocketChannel, Void>, Runnable {
        private final AsynchronousServerSocketChannel listener;
        private final CountDownLatch go = new CountDownLatch(1);
        private volatile boolean accepting;

        Server(AsynchronousChannelGroup group, int port) throws IOException {
            listener = AsynchronousServerSocketChannel.open(group)
                    .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 4096);
            accept();
            Thread.ofPlatform().daemon().start(this);
        }

        /** Accepts again when that could not be started, or has failed. */
        @Override
        public void run() {
            for (;;) {
                if (!accepting) {
                    accept();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private void accept() {
            accepting = true;
            try {
                listener.accept(null, this);
            } catch (Throwable e) {
                accepting = false;
            }
        }

        @Override
        public void completed(AsynchronousSocketChannel channel, Void attachment) {
            try {
                new Connection(channel, this, ByteBuffer.allocate(BUFFER_BYTES)).read();
            } catch (Throwable e) {
                end(channel);
            }
            accept();
        }

        @Override
        public void failed(Throwable failure, Void attachment) {
            accepting = false;
        }
    }

    private static void end(AsynchronousSocketChannel channel) {
        try {
            channel.close();
        } catch (Throwable e) {
            // It is closed all the same, or the client waits in vain.
        }
    }

    private static final class Connection extends EchoConnection {
        private final Server server;
        private final ByteBuffer buffer;

        Connection(AsynchronousSocketChannel channel, Server server, ByteBuffer buffer) {
            super(channel, buffer, _ -> {
            });
            this.server = server;
            this.buffer = buffer;
        }

        @Override
        public void completed(Integer count, Object attachment) {
            try {
                // Also when it has been sent back, which changes nothing.
                obey(buffer.get(0));
                super.completed(count, attachment);
            } catch (Throwable e) {
                close();
            }
        }

        private void obey(byte command) throws InterruptedException {
            if (command == WAIT) {
                server.go.await();
            } else if (command == GO) {
                server.go.countDown();
            }
        }
    }
}
