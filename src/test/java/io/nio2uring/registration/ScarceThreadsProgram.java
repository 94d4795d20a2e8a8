package io.nio2uring.registration;

import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.nio2uring.sys.NativeMemory;
import io.nio2uring.traffic.OpenFiles;
import io.nio2uring.traffic.Waiting;

/**
 * Opens a group of two threads while the system allows the process only so many more, none first, and one more each time
 * until it succeeds; then has a handler come due while it allows none. Prints what came of it, once what has been opened is
 * released again. For a process that may have few threads.
 */
final class ScarceThreadsProgram {
    private ScarceThreadsProgram() {
    }

    public static void main(String[] args) throws Exception {
        // All that stays for the rest of the process.
        close(openFixed());
        deliver();
        String outcome = "";
        for (int left = 0; !outcome.equals("opened"); left++) {
            int files = openFiles();
            long bytes = NativeMemory.allocatedBytes();
            Deque<Occupant> taken = takeAll();
            for (int i = 0; i < left; i++) {
                taken.pop().leave();
            }
            AsynchronousChannelGroup group = null;
            try {
                group = openFixed();
                outcome = "opened";
            } catch (OutOfMemoryError e) {
                outcome = e.getMessage();
            }
            leaveAll(taken);
            if (group != null) {
                close(group);
            }
            Waiting.until("release of descriptors and memory",
                    () -> openFiles() == files && NativeMemory.allocatedBytes() == bytes);
            System.out.println(left + ": " + outcome);
        }
        System.out.println("a handler that came due without a thread: " + deliver());
    }

    /** A thread that does nothing but exist. */
    private static final class Occupant {
        private final CountDownLatch end = new CountDownLatch(1);
        private final Thread thread = Thread.ofPlatform().daemon().unstarted(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts it", e);
            }
        });

        /** Returns when the system can give its place to another thread. */
        void leave() throws InterruptedException {
            int before = threads();
            end.countDown();
            thread.join();
            Waiting.until("end of the thread", () -> threads() < before);
        }
    }

    private static int threads() {
        return new File("/proc/self/task").list().length;
    }

    private static int openFiles() {
        return OpenFiles.byKind().values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Deque<Occupant> takeAll() {
        Deque<Occupant> taken = new ArrayDeque<>();
        while (true) {
            Occupant next = new Occupant();
            try {
                next.thread.start();
            } catch (OutOfMemoryError allTaken) {
                return taken;
            }
            taken.push(next);
        }
    }

    private static void leaveAll(Deque<Occupant> taken) throws InterruptedException {
        while (!taken.isEmpty()) {
            taken.pop().leave();
        }
    }

    private static AsynchronousChannelGroup openFixed() throws Exception {
        return AsynchronousChannelGroup.withFixedThreadPool(2, Executors.defaultThreadFactory());
    }

    private static void close(AsynchronousChannelGroup group) throws Exception {
        group.shutdownNow();
        if (!group.awaitTermination(20, TimeUnit.SECONDS)) {
            throw new AssertionError("a group without channels does not terminate");
        }
    }

    /** Has bytes arrive for a handler while all threads are taken, and gives these back: how many bytes it got. */
    private static String deliver() throws Exception {
        // Keeps no thread that has nothing to do.
        ExecutorService executor =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 0, TimeUnit.SECONDS, new SynchronousQueue<>());
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withCachedThreadPool(executor, 0);
        try (AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group)
                .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
                Socket peer = new Socket()) {
            var accept = listener.accept();
            peer.connect(listener.getLocalAddress());
            try (AsynchronousSocketChannel channel = accept.get()) {
                CountDownLatch told = new CountDownLatch(1);
                StringBuilder outcome = new StringBuilder();
                channel.read(ByteBuffer.allocate(10), null, new CompletionHandler<Integer, Object>() {
                    @Override
                    public void completed(Integer count, Object attachment) {
                        outcome.append(count).append(" bytes");
                        told.countDown();
                    }

                    @Override
                    public void failed(Throwable failure, Object attachment) {
                        outcome.append(failure);
                        told.countDown();
                    }
                });
                Deque<Occupant> all = takeAll();
                peer.getOutputStream().write(new byte[5]);
                boolean early = told.await(300, TimeUnit.MILLISECONDS);
                leaveAll(all);
                if (!told.await(20, TimeUnit.SECONDS)) {
                    return "never told";
                }
                return (early ? "told without a thread: " : "") + outcome;
            }
        } finally {
            close(group);
        }
    }
}
