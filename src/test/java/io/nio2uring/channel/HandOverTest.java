package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.nio2uring.Logged;
import io.nio2uring.Thrown;
import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.EventLoop;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.LoopStatistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No handler stalls another channel: a loop whose leader is in a handler goes on in other hands. */
class HandOverTest {
    /** Relief comes within two milliseconds; this is for a machine that has better things to do. */
    private static final long SERVED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** End of the state of a loop that has nothing to do. */
    private static final String ASLEEP = ", which waits in the kernel";
    /** The same if it is led by its watcher. */
    private static final String WATCHED = "-watcher" + ASLEEP;

    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void releaseHandlers() {
        release.countDown();
    }

    /** Has a handler of the group block until the test ends; returns when it does. */
    private void block(OpenGroup group, Pair pair) throws IOException {
        CountDownLatch blocked = new CountDownLatch(1);
        pair.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
            blocked.countDown();
            release.await();
        }));
        pair.peer().getOutputStream().write(1);
        Waits.until(() -> blocked.getCount() == 0, "a handler that blocks");
    }

    /** Echoes one byte through a handler; returns how long that took. */
    private static long echoNanos(Pair pair) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        AsynchronousSocketChannel channel = pair.channel();
        long start = System.nanoTime();
        Outcome<Integer> write = new Outcome<>();
        channel.read(buffer, null, Then.then(_ -> channel.write(buffer.flip(), null, write)));
        pair.peer().getOutputStream().write(42);
        try {
            assertEquals(42, pair.peer().getInputStream().read());
        } catch (java.net.SocketTimeoutException e) {
            throw Waits.tooLong("echo");
        }
        long nanos = System.nanoTime() - start;
        // Until its handler is called a write is pending, wherever its byte may be.
        assertEquals(1, write.value("write of the echo"));
        return nanos;
    }

    private static void assertServed(List<Pair> pairs) throws IOException {
        long slowest = 0;
        for (int round = 0; round < 5; round++) {
            for (Pair pair : pairs) {
                slowest = Math.max(slowest, echoNanos(pair));
            }
        }
        assertTrue(slowest < SERVED_NANOS, "served after " + slowest / 1_000_000 + " ms");
    }

    private static List<Pair> pairs(OpenGroup group, int count) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(group.pair());
        }
        return pairs;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    void allButOneThreadOfAFixedGroupMayBlock(int threads) throws IOException {
        try (OpenGroup group = OpenGroup.fixed(threads)) {
            List<Pair> blocking = pairs(group, threads - 1);
            List<Pair> served = pairs(group, 8);
            for (Pair pair : blocking) {
                block(group, pair);
                assertServed(served);
            }
            release.countDown();
            assertServed(blocking);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void allButOneThreadOfAUsersPoolMayBlock(int initialSize) throws IOException {
        int threads = 4;
        try (OpenGroup group = OpenGroup.elastic(Executors.newFixedThreadPool(threads, OpenGroup.silent("pool")),
                initialSize, LoopOptions.DEFAULT)) {
            List<Pair> blocking = pairs(group, threads - 1);
            List<Pair> served = pairs(group, 8);
            for (Pair pair : blocking) {
                block(group, pair);
                assertServed(served);
            }
            release.countDown();
            assertServed(blocking);
        }
    }

    @Test
    void allMayBlockOnVirtualThreads() throws IOException {
        try (OpenGroup group = OpenGroup.elastic(Executors.newVirtualThreadPerTaskExecutor(), 0,
                LoopOptions.DEFAULT)) {
            List<Pair> blocking = pairs(group, 40);
            List<Pair> served = pairs(group, 4);
            for (Pair pair : blocking) {
                block(group, pair);
            }
            assertServed(served);
            release.countDown();
            assertServed(blocking);
        }
    }

    /** Each blocks until the last one is reached, which therefore must be. */
    @Test
    void anUnboundedPoolReachesTheLastOf256BlockingHandlers() throws IOException {
        int count = 256;
        CountDownLatch all = new CountDownLatch(count);
        CountDownLatch passed = new CountDownLatch(count);
        try (OpenGroup group = OpenGroup.cached()) {
            List<Pair> pairs = pairs(group, count);
            for (Pair pair : pairs) {
                pair.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
                    all.countDown();
                    all.await();
                    passed.countDown();
                }));
            }
            for (Pair pair : pairs) {
                pair.peer().getOutputStream().write(1);
            }
            Waits.until(() -> passed.getCount() == 0, "the last handler");
            assertServed(pairs.subList(0, 4));
        }
    }

    /** The first handler that blocks costs a hand-over; what comes after it goes to the executor one by one, for a time. */
    @Test
    void aRowOfBlockingHandlersCostsFewHandOvers() throws IOException {
        int count = 64;
        CountDownLatch blocked = new CountDownLatch(count);
        try (OpenGroup group = OpenGroup.cached()) {
            List<Pair> pairs = pairs(group, count);
            for (Pair pair : pairs) {
                pair.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
                    blocked.countDown();
                    release.await();
                }));
            }
            long before;
            // All in one batch, however long this thread takes to send them.
            try (HeldLoop _ = new HeldLoop(group.group.loops().getFirst())) {
                before = handOvers(group);
                for (Pair pair : pairs) {
                    pair.peer().getOutputStream().write(1);
                }
            }
            Waits.until(() -> blocked.getCount() == 0, "the last handler");
            long during = handOvers(group) - before;
            release.countDown();
            assertTrue(during < count / 2, during + " hand-overs for " + count + " handlers");
        }
    }

    private static long handOvers(OpenGroup group) {
        return group.group.statistics().stream().mapToLong(LoopStatistics::handOvers).sum();
    }

    /** A worker that still leads would bring the next outcome by itself. */
    private static void awaitWatched(OpenGroup group) {
        Waits.until(() -> group.group.loops().stream().allMatch(loop -> loop.state().endsWith(WATCHED)),
                "loops that no worker leads");
    }

    private static void awaitAsleep(OpenGroup group) {
        Waits.until(() -> group.group.loops().stream().allMatch(loop -> loop.state().endsWith(ASLEEP)),
                "loops whose leaders sleep");
    }

    /** The pool asks once for the thread that takes the place of one that has ended. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aThreadThatCannotBeReplacedIsOrderedAgain(int threads) throws IOException {
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean failing = new AtomicBoolean();
        ThreadFactory factory = OpenGroup.silent("scarce");
        try (OpenGroup group = OpenGroup.fixed(threads, task -> {
            if (failing.get()) {
                refused.incrementAndGet();
                throw new OutOfMemoryError("unable to create native thread");
            }
            return factory.newThread(task);
        }, LoopOptions.DEFAULT)) {
            List<Pair> pairs = pairs(group, threads);
            failing.set(true);
            for (Pair pair : pairs) {
                int before = refused.get();
                AtomicReference<Thread> ending = new AtomicReference<>();
                pair.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
                    ending.set(Thread.currentThread());
                    throw new IllegalStateException("ends its thread");
                }));
                pair.peer().getOutputStream().write(1);
                // The threads before it are ordered again meanwhile, and refused again.
                Waits.until(() -> ending.get() != null && !ending.get().isAlive() && refused.get() > before,
                        "a new thread that is refused");
            }
            Outcome<Integer> read = new Outcome<>();
            pairs.getFirst().channel().read(ByteBuffer.allocate(1), null, read);
            pairs.getFirst().peer().getOutputStream().write(1);
            int before = refused.get();
            Waits.until(() -> refused.get() > before + 1, "the thread is ordered again");
            failing.set(false);
            assertEquals(1, read.value("the handler, when there are threads again"));
            assertServed(pairs);
        }
    }

    /** An executor may fail in other ways than by rejecting, as where no more threads can be had. */
    @Test
    void whatAnExecutorThrowsEndsNoThreadOfOurs() throws IOException {
        AtomicBoolean failing = new AtomicBoolean();
        ExecutorService executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
                new SynchronousQueue<>(), OpenGroup.silent("pool")) {
            @Override
            public void execute(Runnable task) {
                if (failing.get()) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.execute(task);
            }
        };
        Logged logged = new Logged();
        try (logged; OpenGroup group = OpenGroup.elastic(executor, 0, LoopOptions.DEFAULT)) {
            Pair pair = group.pair();
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(1), null, read);
            awaitWatched(group);
            failing.set(true);
            pair.peer().getOutputStream().write(1);
            Waits.until(() -> !logged.records.isEmpty(), "a warning");
            Pair other = group.pair();
            Future<Integer> meanwhile = other.channel().read(ByteBuffer.allocate(1));
            other.peer().getOutputStream().write(1);
            assertEquals(1, Waits.result(meanwhile, "a future meanwhile"));
            failing.set(false);
            assertEquals(1, read.value("the handler, when there are threads again"));
            assertServed(List.of(pair));
            assertEquals(1, logged.records.size(), logged::toString);
        }
    }

    /** Refuses a worker and keeps the next task, which then is an outcome by itself, until it is told to go on. */
    private static final class Holding extends ThreadPoolExecutor {
        final AtomicBoolean refusing = new AtomicBoolean();
        final AtomicBoolean holding = new AtomicBoolean();
        /** Whether tasks run on the thread that brings them. */
        final AtomicBoolean direct = new AtomicBoolean();
        /** Whether it fails for lack of a thread after it has kept a task. */
        final AtomicBoolean failing = new AtomicBoolean();
        final List<Runnable> held = new CopyOnWriteArrayList<>();

        Holding() {
            this(Integer.MAX_VALUE);
        }

        Holding(int threads) {
            super(0, threads, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), OpenGroup.silent("holding"));
        }

        @Override
        public void execute(Runnable task) {
            if (refusing.compareAndSet(true, false)) {
                throw new RejectedExecutionException("told to");
            }
            if (failing.get()) {
                held.add(task);
                throw new OutOfMemoryError("unable to create native thread, told to");
            }
            if (direct.get()) {
                task.run();
            } else if (holding.get()) {
                held.add(task);
            } else {
                super.execute(task);
            }
        }
    }

    /** The peer may answer what was written before the thread runs that the write's handler was given to. */
    @Test
    void anOutcomeThatWaitsForAThreadDoesNotHoldUpTheNextOperation() throws IOException {
        Holding executor = new Holding();
        try (OpenGroup group = OpenGroup.elastic(executor, 0, LoopOptions.DEFAULT)) {
            Pair pair = group.pair();
            awaitWatched(group);
            executor.refusing.set(true);
            executor.holding.set(true);
            Outcome<Integer> first = new Outcome<>();
            pair.channel().write(ByteBuffer.wrap(new byte[] {1}), null, first);
            Waits.until(() -> !executor.held.isEmpty(), "the outcome on its way to a thread");
            assertEquals(1, pair.peer().getInputStream().read());
            assertEquals(1, Waits.result(pair.channel().write(ByteBuffer.wrap(new byte[] {2})), "the next write"));
            assertEquals(2, pair.peer().getInputStream().read());
            executor.holding.set(false);
            executor.held.forEach(executor::execute);
            assertEquals(1, first.value("the first write's handler"));
            assertServed(List.of(pair));
        }
    }

    /** As a pool with a queue does, or a fork-join pool: the task is in the queue, and no thread could be had to run it. */
    @Test
    void anExecutorThatFailsAfterItHasKeptAnOutcomeHasItDeliveredOnce() throws IOException {
        Holding executor = new Holding();
        Outcome<Integer> read = new Outcome<>();
        try (Logged logged = new Logged(); OpenGroup group = OpenGroup.elastic(executor, 0, LoopOptions.DEFAULT)) {
            Pair pair = group.pair();
            pair.channel().read(ByteBuffer.allocate(1), null, read);
            awaitWatched(group);
            executor.failing.set(true);
            pair.peer().getOutputStream().write(1);
            Waits.until(() -> executor.held.size() >= 5, "several tries");
            executor.failing.set(false);
            executor.held.forEach(executor::execute);
            assertEquals(1, read.value("the handler, when there are threads again"));
            assertServed(List.of(pair));
            assertEquals(1, logged.records.size(), logged::toString);
        }
        assertEquals(1, read.calls());
    }

    /**
     * The watcher's thread gives the lead away like any other, and does not go on as if it had it: neither while a worker
     * takes the loop that comes after that, nor while one does that waits for the watcher already.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHandlerThatTheExecutorRunsOnTheWatchersThreadMayWaitForItsLoop(boolean workerWaits) throws IOException {
        Holding executor = new Holding(1);
        executor.holding.set(true);
        try (OpenGroup group = OpenGroup.elastic(executor, 1, LoopOptions.DEFAULT)) {
            EventLoop loop = group.group.loops().getFirst();
            Waits.until(() -> !executor.held.isEmpty(), "a worker that does not come for now");
            Pair pair = group.pair();
            CountDownLatch called = new CountDownLatch(1);
            CountDownLatch mayWait = new CountDownLatch(1);
            CompletableFuture<Integer> read = new CompletableFuture<>();
            pair.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
                called.countDown();
                mayWait.await();
                read.complete(pair.channel().read(ByteBuffer.allocate(1)).get());
            }));
            executor.direct.set(true);
            pair.peer().getOutputStream().write(1);
            Waits.until(() -> called.getCount() == 0, "a handler on the watcher's thread");
            executor.direct.set(false);
            executor.holding.set(false);
            if (workerWaits) {
                executor.held.forEach(executor::execute);
                Waits.until(() -> isIn("claimFromWatcher"), "the worker, waiting for the watcher");
            }
            mayWait.countDown();
            Waits.until(() -> !loop.state().contains("-watcher"), "the lead given away");
            if (!workerWaits) {
                executor.held.forEach(executor::execute);
            }
            pair.peer().getOutputStream().write(2);
            assertEquals(1, Waits.result(read, "what the handler waits for"));
            assertServed(List.of(pair));
        }
    }

    private static boolean isIn(String method) {
        return Thread.getAllStackTraces().values().stream().flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getMethodName().equals(method));
    }

    /** Nobody has reason to interrupt our own threads but by mistake, such as all threads of a group. */
    @Test
    void anInterruptOfOurOwnThreadsIsForgotten() throws IOException {
        try (OpenGroup group = OpenGroup.elastic(new Holding(), 0, LoopOptions.DEFAULT)) {
            List<Pair> pairs = pairs(group, group.group.loops().size());
            awaitWatched(group);
            // Not those of another group, such as the default one, whose loops sleep on.
            Set<String> names = new HashSet<>(Set.of("nio2uring-monitor"));
            group.group.loops().forEach(loop -> names.add(loop.name() + "-watcher"));
            List<Thread> ours = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> names.contains(thread.getName())).toList();
            assertEquals(names.size(), ours.size(), ours::toString);
            ours.forEach(Thread::interrupt);
            for (Thread thread : ours) {
                Waits.until(() -> {
                    try {
                        assertServed(pairs);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                    return !thread.isInterrupted() || !thread.isAlive();
                }, "no interrupt of " + thread.getName());
            }
        }
    }

    /** The loop has completions all the time, and still finds that its executor has dropped what it had accepted. */
    @Test
    void aWorkerThatDoesNotComeIsAskedForAnewHoweverBusyItsLoopIs() throws IOException {
        Holding executor = new Holding();
        try (OpenGroup group = OpenGroup.elastic(executor, 0, LoopOptions.DEFAULT)) {
            // Begun beforehand: a loop that is given something to do would look around anyway.
            List<Pair> busy = pairs(group, 100);
            List<Future<Integer>> futures = new ArrayList<>();
            busy.forEach(each -> futures.add(each.channel().read(ByteBuffer.allocate(1))));
            Pair pair = group.pair();
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(1), null, read);
            awaitWatched(group);
            executor.holding.set(true);
            pair.peer().getOutputStream().write(1);
            Waits.until(() -> !executor.held.isEmpty(), "the worker that is dropped");
            executor.holding.set(false);
            // Five seconds at least, where one is enough.
            for (int i = 0; i < busy.size() && !read.isThere(); i++) {
                busy.get(i).peer().getOutputStream().write(1);
                assertEquals(1, Waits.result(futures.get(i), "a future meanwhile"));
                LockSupport.parkNanos(50_000_000);
            }
            assertTrue(read.isThere(), "the handler has been called while the loop was busy");
            assertEquals(1, read.value("the handler"));
        }
    }

    /** As the virtual machine does for threads that end of it; ours must not. */
    @Test
    void whatAHandlerThrowsOnAThreadOfOursIsSeenOnceAndEndsNothing() throws IOException {
        ExecutorService direct = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
            @Override
            public void execute(Runnable task) {
                task.run();
            }
        };
        List<Throwable> seen = new CopyOnWriteArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            seen.add(thrown);
            throw new IllegalStateException("which is ignored");
        });
        try (OpenGroup group = OpenGroup.elastic(direct, 0, LoopOptions.DEFAULT)) {
            Pair pair = group.pair();
            List<Throwable> all = List.of(new IllegalStateException("told to"), new StackOverflowError("told to"),
                    new IOException("checked"), new Throwable("neither exception nor error"));
            for (Throwable thrown : all) {
                pair.channel().read(ByteBuffer.allocate(1), null, new Throwing(thrown));
                pair.peer().getOutputStream().write(1);
                Waits.until(() -> seen.contains(thrown), "the uncaught handler");
                assertServed(List.of(pair));
            }
            assertEquals(all, seen);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    private record Throwing(Throwable thrown) implements CompletionHandler<Integer, Object> {
        @Override
        public void completed(Integer count, Object attachment) {
            Thrown.now(thrown);
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            Thrown.now(failure);
        }
    }

    /** The thread that a task wakes may find an outcome first whose handler blocks; another has to run the task then. */
    @Test
    void aTaskDoesNotWaitForAThreadThatWasCalledAndThenBlocked() throws Exception {
        try (OpenGroup group = OpenGroup.fixed(2)) {
            List<Pair> pairs = pairs(group, 2);
            for (int round = 0; round < 400; round++) {
                Pair pair = pairs.get(round % 2);
                Phaser handled = new Phaser(2);
                pair.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> handled.arriveAndAwaitAdvance()));
                awaitAsleep(group);
                CountDownLatch ran = new CountDownLatch(1);
                group.group.execute(ran::countDown);
                pair.peer().getOutputStream().write(1);
                Waits.until(() -> ran.getCount() == 0, "task");
                handled.arriveAndAwaitAdvance();
            }
        }
    }

    /** A batch whose handlers are slow is not left to the thread that reaped it. */
    @Test
    void slowHandlersOfOneLoopRunOnBothThreads() throws IOException {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        try (OpenGroup group = OpenGroup.fixed(2)) {
            // Channels go to the loops by turns: every second is on the same one.
            List<Pair> sameLoop = new ArrayList<>();
            for (int i = 0; i < 128; i++) {
                Pair pair = group.pair();
                if (i % 2 == 0) {
                    sameLoop.add(pair);
                }
            }
            long begin = System.nanoTime();
            while (seen.size() < 2 && System.nanoTime() - begin < Waits.PATIENCE_NANOS) {
                CountDownLatch done = new CountDownLatch(sameLoop.size());
                for (Pair pair : sameLoop) {
                    pair.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
                        seen.add(Thread.currentThread());
                        long start = System.nanoTime();
                        while (System.nanoTime() - start < 1_000_000) {
                            Thread.onSpinWait();
                        }
                        done.countDown();
                    }));
                }
                for (Pair pair : sameLoop) {
                    pair.peer().getOutputStream().write(1);
                }
                Waits.until(() -> done.getCount() == 0, "slow handlers");
            }
        }
        assertEquals(2, seen.size(), "threads that ran handlers");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aHandlerMayWaitForFuturesOfItsOwnGroup(int threads) throws IOException {
        try (OpenGroup group = OpenGroup.fixed(threads)) {
            List<Pair> pairs = pairs(group, 8);
            List<CompletableFuture<Integer>> results = new ArrayList<>();
            for (Pair pair : pairs) {
                CompletableFuture<Integer> result = new CompletableFuture<>();
                results.add(result);
                ByteBuffer buffer = ByteBuffer.allocate(1);
                pair.channel().read(buffer, null, Then.then(_ -> {
                    try {
                        Waits.result(pair.channel().write(buffer.flip()), "write in a handler");
                        Waits.result(pair.channel().read(buffer.clear()), "read in a handler");
                        result.complete((int) buffer.get(0));
                    } catch (AssertionError e) {
                        result.completeExceptionally(e);
                    }
                }));
            }
            for (int i = 0; i < pairs.size(); i++) {
                int number = i;
                Pair pair = pairs.get(i);
                // Each peer for itself: the handlers run in any order.
                Thread.ofVirtual().start(() -> {
                    try {
                        pair.peer().getOutputStream().write(1);
                        assertEquals(1, pair.peer().getInputStream().read());
                        pair.peer().getOutputStream().write(number);
                    } catch (IOException | AssertionError e) {
                        results.get(number).completeExceptionally(e);
                    }
                });
            }
            for (int i = 0; i < pairs.size(); i++) {
                assertEquals(i, Waits.result(results.get(i), "futures in a handler"));
            }
        }
    }

    /** The leader waits, without a limit, for something that its own loop has to bring. */
    @Test
    void aLeaderThatWaitsForItsOwnLoopIsRelieved() throws IOException {
        try (OpenGroup group = OpenGroup.fixed(1)) {
            Pair waiting = group.pair();
            Pair bringing = group.pair();
            CompletableFuture<Integer> result = new CompletableFuture<>();
            CountDownLatch waits = new CountDownLatch(1);
            waiting.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
                Future<Integer> read = bringing.channel().read(ByteBuffer.allocate(8));
                waits.countDown();
                result.complete(read.get());
            }));
            waiting.peer().getOutputStream().write(1);
            Waits.until(() -> waits.getCount() == 0, "handler");
            bringing.peer().getOutputStream().write(new byte[3]);
            assertEquals(3, Waits.result(result, "future"));
        }
    }

    @Test
    void aGroupTerminatesOnlyAfterItsBlockedHandler() throws Exception {
        OpenGroup group = OpenGroup.fixed(2);
        try (group) {
            Pair pair = group.pair();
            Outcome<Integer> pending = new Outcome<>();
            Pair other = group.pair();
            other.channel().read(ByteBuffer.allocate(1), null, pending);
            block(group, pair);
            group.group.shutdownNow();
            assertTrue(pending.failure("the other's read") instanceof java.nio.channels.AsynchronousCloseException,
                    "delivered though a handler blocks");
            assertFalse(group.group.awaitTermination(50, TimeUnit.MILLISECONDS));
            assertTrue(group.group.isShutdown());
            release.countDown();
            assertTrue(group.group.awaitTermination(Waits.PATIENCE_NANOS, TimeUnit.NANOSECONDS));
        }
    }
}
