package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.LoopOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 4: when the thread that submitted an operation ends, the operation goes on. The kernel cancels what an
 * ended thread had in flight, and the user must not see it.
 */
class SubmittersAreOutlivedTest {
    private static final int CONNECTIONS = 24;

    /** A group whose threads end: by themselves when idle, or since a handler throws. */
    private interface Mortal {
        OpenGroup open(ThreadFactory factory) throws IOException;
    }

    private static Stream<Mortal> groups() {
        return Stream.of(factory -> OpenGroup.fixed(1, factory, LoopOptions.DEFAULT),
                factory -> OpenGroup.fixed(2, factory, LoopOptions.DEFAULT),
                factory -> OpenGroup.elastic(shortLived(8, factory), 1, LoopOptions.DEFAULT),
                factory -> OpenGroup.elastic(shortLived(2, factory), 0, LoopOptions.DEFAULT),
                factory -> OpenGroup.fixed(1, factory, new LoopOptions(1, 2, 1, 64, 1, 4096)));
    }

    private static ThreadPoolExecutor shortLived(int threads, ThreadFactory factory) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(threads, threads, 1, TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(), factory);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private OpenGroup open(Mortal mortal) throws IOException {
        ThreadFactory factory = OpenGroup.silent("mortal");
        return mortal.open(task -> {
            Thread thread = factory.newThread(task);
            threads.add(thread);
            return thread;
        });
    }

    /**
     * Runs something in handlers on threads of the group which then throw, and waits until those threads have ended.
     */
    private void inHandlersWhoseThreadsEnd(OpenGroup group, List<? extends Runnable> tasks) throws IOException {
        Set<Thread> submitters = ConcurrentHashMap.newKeySet();
        CountDownLatch ran = new CountDownLatch(tasks.size());
        List<Pair> triggers = new ArrayList<>();
        for (Runnable task : tasks) {
            Pair trigger = group.pair();
            triggers.add(trigger);
            trigger.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
                submitters.add(Thread.currentThread());
                try {
                    task.run();
                } finally {
                    ran.countDown();
                }
                throw new IllegalStateException("a handler that throws ends its thread");
            }));
        }
        for (Pair trigger : triggers) {
            trigger.peer().getOutputStream().write(1);
        }
        Waits.until(() -> ran.getCount() == 0, "handlers");
        assertTrue(threads.containsAll(submitters), "handlers ran on the group's threads");
        Waits.until(() -> submitters.stream().noneMatch(Thread::isAlive), "the submitters' ends");
    }

    @ParameterizedTest
    @MethodSource("groups")
    void pendingReadsGetTheirData(Mortal mortal) throws IOException {
        try (OpenGroup group = open(mortal)) {
            List<Pair> pairs = pairs(group);
            List<Outcome<Integer>> reads = new ArrayList<>();
            List<Runnable> tasks = new ArrayList<>();
            List<ByteBuffer> buffers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Pair pair = pairs.get(i);
                Outcome<Integer> read = new Outcome<>();
                ByteBuffer buffer = i % 2 == 0 ? ByteBuffer.allocate(16) : ByteBuffer.allocateDirect(16);
                tasks.add(() -> pair.channel().read(buffer, null, read));
                reads.add(read);
                buffers.add(buffer);
            }
            inHandlersWhoseThreadsEnd(group, tasks);
            for (int i = 0; i < CONNECTIONS; i++) {
                pairs.get(i).peer().getOutputStream().write(new byte[] {(byte) i, (byte) ~i});
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                assertEquals(2, reads.get(i).value("read " + i));
                assertEquals((byte) i, buffers.get(i).get(0));
                assertEquals((byte) ~i, buffers.get(i).get(1));
            }
            reads.forEach(read -> assertEquals(1, read.calls()));
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void writesThatAFullSocketHeldUpGoOn(Mortal mortal) throws IOException {
        int total = 1 << 20;
        try (OpenGroup group = open(mortal)) {
            List<Pair> pairs = pairs(group).subList(0, 8);
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            List<Runnable> tasks = new ArrayList<>();
            for (int i = 0; i < pairs.size(); i++) {
                Pair pair = pairs.get(i);
                pair.channel().setOption(StandardSocketOptions.SO_SNDBUF, 1 << 14);
                ByteBuffer all = i % 2 == 0 ? ByteBuffer.allocate(total) : ByteBuffer.allocateDirect(total);
                for (int at = 0; at < total; at++) {
                    all.put((byte) (at * 31 >> 3));
                }
                CompletableFuture<Void> end = new CompletableFuture<>();
                tasks.add(() -> writeAll(pair.channel(), all.flip(), end));
                ends.add(end);
            }
            inHandlersWhoseThreadsEnd(group, tasks);
            for (Pair pair : pairs) {
                byte[] received = pair.peer().getInputStream().readNBytes(total);
                for (int at = 0; at < total; at++) {
                    if (received[at] != (byte) (at * 31 >> 3)) {
                        throw new AssertionError("byte " + at + " is wrong");
                    }
                }
            }
            for (CompletableFuture<Void> end : ends) {
                Waits.result(end, "write");
            }
        }
    }

    private static void writeAll(AsynchronousSocketChannel channel, ByteBuffer buffer, CompletableFuture<Void> end) {
        channel.write(buffer, null, new java.nio.channels.CompletionHandler<Integer, Object>() {
            @Override
            public void completed(Integer count, Object attachment) {
                if (buffer.hasRemaining()) {
                    channel.write(buffer, null, this);
                } else {
                    end.complete(null);
                }
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                end.completeExceptionally(failure);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("groups")
    void pendingAcceptsGetTheirConnection(Mortal mortal) throws IOException {
        try (OpenGroup group = open(mortal)) {
            List<AsynchronousServerSocketChannel> servers = new ArrayList<>();
            List<Outcome<AsynchronousSocketChannel>> accepts = new ArrayList<>();
            List<Runnable> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                AsynchronousServerSocketChannel server = group.listen();
                Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
                tasks.add(() -> server.accept(null, accept));
                servers.add(server);
                accepts.add(accept);
            }
            inHandlersWhoseThreadsEnd(group, tasks);
            for (int i = 0; i < servers.size(); i++) {
                try (Socket peer = group.connect(servers.get(i))) {
                    AsynchronousSocketChannel accepted = accepts.get(i).value("accept " + i);
                    assertEquals(peer.getLocalPort(), ((InetSocketAddress) accepted.getRemoteAddress()).getPort());
                }
            }
        }
    }

    /**
     * A listener with a full backlog lets connects wait until it accepts. The backlog has room for all of them then:
     * with less, the kernel answers with cookies, and what it promised so it may forget.
     */
    @ParameterizedTest
    @MethodSource("groups")
    void connectsThatHaveToWaitSucceed(Mortal mortal) throws IOException {
        try (OpenGroup group = open(mortal);
                ServerSocket full = new ServerSocket(0, 15, OpenGroup.LOOPBACK)) {
            List<Socket> peers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                peers.add(new Socket(OpenGroup.LOOPBACK, full.getLocalPort()));
            }
            List<AsynchronousSocketChannel> channels = new ArrayList<>();
            List<Outcome<Void>> connects = new ArrayList<>();
            List<Runnable> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                AsynchronousSocketChannel channel = group.open();
                Outcome<Void> connect = new Outcome<>();
                tasks.add(() -> channel.connect(full.getLocalSocketAddress(), null, connect));
                channels.add(channel);
                connects.add(connect);
            }
            inHandlersWhoseThreadsEnd(group, tasks);
            assertTrue(connects.stream().noneMatch(Outcome::isThere), "none had to wait: this shows nothing");
            full.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(Waits.PATIENCE_NANOS));
            for (int i = 0; i < 16 + connects.size(); i++) {
                try {
                    peers.add(full.accept());
                } catch (SocketTimeoutException e) {
                    throw Waits.tooLong(i + " accepted; connects: " + connects);
                }
            }
            for (int i = 0; i < connects.size(); i++) {
                connects.get(i).value("connect " + i);
                assertEquals(full.getLocalSocketAddress(), channels.get(i).getRemoteAddress());
            }
            for (Socket peer : peers) {
                peer.close();
            }
        }
    }

    private static List<Pair> pairs(OpenGroup group) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            pairs.add(group.pair());
        }
        return pairs;
    }
}
