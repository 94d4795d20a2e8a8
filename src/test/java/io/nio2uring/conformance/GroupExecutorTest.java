package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups and the executors and thread factories that programs give them. */
class GroupExecutorTest extends Conformance {
    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_group_runs_tasks_on_its_threads_as_the_jdks_does(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Executor executor = assertInstanceOf(Executor.class, group.group());
        Outcome<Thread> task = new Outcome<>();
        executor.execute(() -> task.completed(Thread.currentThread(), null));
        group.assertOwns(task.value());
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_terminated_group_rejects_tasks(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        group.group().shutdownNow();
        assertTrue(group.group().awaitTermination(10, TimeUnit.SECONDS));
        assertThrows(RejectedExecutionException.class, () -> ((Executor) group.group()).execute(() -> {}));
    }

    /** Runs tasks on one thread of its own; not a ThreadPoolExecutor, and without any method beyond the interface. */
    private static final class OwnExecutor extends AbstractExecutorService {
        private final ExecutorService inner = Executors.newCachedThreadPool();
        private final ConcurrentLinkedQueue<Runnable> seen = new ConcurrentLinkedQueue<>();
        private volatile boolean rejecting;
        private volatile int refusals;
        private volatile boolean dropping;

        @Override
        public void execute(Runnable command) {
            if (rejecting) {
                refusals++;
                throw new RejectedExecutionException("told to");
            }
            seen.add(command);
            if (!dropping) {
                inner.execute(command);
            }
        }

        @Override
        public void shutdown() {
            inner.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return inner.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return inner.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return inner.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return inner.awaitTermination(timeout, unit);
        }
    }

    private AsynchronousChannelGroup closingGroup(AsynchronousChannelGroup group) {
        closing((AutoCloseable) group::shutdownNow);
        return group;
    }

    private Pair pairOf(AsynchronousChannelGroup group) throws Exception {
        AsynchronousSocketChannel channel = closing(AsynchronousSocketChannel.open(group));
        var server = plainServer();
        Future<Void> connected = channel.connect(server.getLocalAddress());
        Pair pair = closing(new Pair(channel, server.accept()));
        Futures.value(connected);
        return pair;
    }

    @Test
    void any_executor_service_will_do() throws Exception {
        OwnExecutor executor = new OwnExecutor();
        AsynchronousChannelGroup group = closingGroup(AsynchronousChannelGroup.withThreadPool(executor));
        Pair pair = pairOf(group);
        pair.assertReads();
        assertFalse(executor.seen.isEmpty());
        group.shutdownNow();
        assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
        assertTrue(executor.isShutdown());
    }

    @Test
    void with_an_executor_that_rejects_futures_still_complete_and_handlers_are_refused() throws Exception {
        OwnExecutor executor = new OwnExecutor();
        executor.rejecting = true;
        AsynchronousChannelGroup group = closingGroup(AsynchronousChannelGroup.withThreadPool(executor));
        Pair pair = pairOf(group);
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(4));
        assertFalse(read.isDone());
        pair.send((byte) 1);
        assertEquals(1, Futures.value(read));
        assertEquals(2, Futures.value(pair.channel().write(ByteBuffer.allocate(2))));
        pair.channel().close();
        assertThrows(ShutdownChannelGroupException.class,
                () -> pair.channel().read(ByteBuffer.allocate(1), null, new Outcome<Integer>()));
    }

    @Test
    void an_executor_that_rejected_for_a_while_does_not_break_the_group() throws Exception {
        OwnExecutor executor = new OwnExecutor();
        AsynchronousChannelGroup group = closingGroup(AsynchronousChannelGroup.withThreadPool(executor));
        Pair pair = pairOf(group);
        executor.rejecting = true;
        assertEquals(2, Futures.value(pair.channel().write(ByteBuffer.allocate(2))));
        Pair closed = pairOf(group);
        closed.channel().close();
        assertThrows(ShutdownChannelGroupException.class,
                () -> closed.channel().read(ByteBuffer.allocate(1), null, new Outcome<Integer>()));
        executor.rejecting = false;
        pair.assertReads();
    }

    /** There is nobody to tell of the read. */
    @Test
    void a_group_whose_executor_refuses_everything_terminates() throws Exception {
        OwnExecutor executor = new OwnExecutor();
        AsynchronousChannelGroup group = closingGroup(AsynchronousChannelGroup.withThreadPool(executor));
        Pair pair = pairOf(group);
        pair.channel().read(ByteBuffer.allocate(4), null, new Outcome<Integer>());
        executor.rejecting = true;
        pair.send((byte) 1);
        Eventually.until("the handler is refused", () -> executor.refusals > 0);
        pair.channel().close();
        group.shutdown();
        assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
    }

    /** As a pool does that discards what it has no thread for. */
    @Test
    void an_executor_that_dropped_tasks_for_a_while_does_not_break_the_group() throws Exception {
        OwnExecutor executor = new OwnExecutor();
        AsynchronousChannelGroup group = closingGroup(AsynchronousChannelGroup.withThreadPool(executor));
        Pair unlucky = pairOf(group);
        Pair pair = pairOf(group);
        executor.dropping = true;
        unlucky.channel().read(ByteBuffer.allocate(4), null, new Outcome<Integer>());
        unlucky.send((byte) 1);
        Eventually.until("a task was dropped", () -> !executor.seen.isEmpty());
        executor.dropping = false;
        for (int i = 0; i < 3; i++) {
            pair.assertReads();
        }
    }

    /** An executor whose tasks run on the thread that brings them. */
    private static ExecutorService direct() {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
            @Override
            public void execute(Runnable task) {
                task.run();
            }
        };
    }

    /** Pools that run what is too much for them on the thread that brings it: the handlers have no other thread then. */
    @Test
    void an_executor_may_use_the_thread_that_brings_it_the_task() throws Exception {
        AsynchronousChannelGroup group = closingGroup(AsynchronousChannelGroup.withThreadPool(direct()));
        Pair pair = pairOf(group);
        ByteBuffer buffer = ByteBuffer.allocate(4);
        for (int i = 0; i < 20; i++) {
            Outcome<Integer> read = new Outcome<>();
            Outcome<Integer> write = new Outcome<>();
            pair.channel().read(buffer.clear(), null, new Then<>(count -> {
                pair.channel().write(buffer.flip(), null, write);
                read.completed(count, null);
            }));
            pair.send((byte) i);
            assertEquals(1, read.value());
            assertEquals(1, write.value());
            assertArrayEquals(new byte[] {(byte) i}, pair.take(1));
        }
    }

    @Test
    void a_pool_that_is_full_may_use_the_thread_that_brings_it_the_task() throws Exception {
        AsynchronousChannelGroup group =
                closingGroup(AsynchronousChannelGroup.withThreadPool(new ThreadPoolExecutor(1, 1,
                        1, TimeUnit.SECONDS, new SynchronousQueue<>(), Thread.ofPlatform().daemon().factory(),
                        new ThreadPoolExecutor.CallerRunsPolicy())));
        Pair blocking = pairOf(group);
        Pair pair = pairOf(group);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        closing((AutoCloseable) release::countDown);
        blocking.channel().read(ByteBuffer.allocate(1), null, new Then<>(count -> {
            blocked.countDown();
            release.await();
        }));
        blocking.send((byte) 1);
        assertTrue(blocked.await(10, TimeUnit.SECONDS));
        for (int i = 0; i < 20; i++) {
            pair.assertReads();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_group_that_is_shut_down_runs_tasks_until_it_terminates(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        group.group().shutdown();
        Outcome<Thread> task = new Outcome<>();
        ((Executor) group.group()).execute(() -> task.completed(Thread.currentThread(), null));
        group.assertOwns(task.value());
        assertTrue(pair.channel().isOpen());
        assertFalse(group.group().isTerminated());
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_task_that_throws_is_seen_once_and_the_group_goes_on(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        for (int i = 1; i <= 10; i++) {
            ((Executor) group.group()).execute(() -> {
                throw new IllegalStateException("thrown by a task");
            });
            int count = i;
            Eventually.until("the uncaught handler saw it", () -> group.uncaught().size() == count);
            pair.assertReads();
        }
        assertEquals(10, group.uncaught().size());
    }

    /** A thread that cannot be replaced is missed, and nothing else. */
    @Test
    void a_thread_factory_that_gives_null_later_costs_the_group_one_thread() throws Exception {
        AtomicInteger made = new AtomicInteger();
        ConcurrentLinkedQueue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
        AsynchronousChannelGroup group = closingGroup(AsynchronousChannelGroup.withFixedThreadPool(3, task -> {
            if (made.incrementAndGet() > 3) {
                return null;
            }
            return Thread.ofPlatform().daemon().uncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown))
                    .unstarted(task);
        }));
        Pair pair = pairOf(group);
        for (int i = 0; i < 2; i++) {
            pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(count -> {
                throw new IllegalStateException("thrown by a handler");
            }));
            pair.send((byte) 1);
            int count = i + 1;
            Eventually.until("the uncaught handler saw it", () -> uncaught.size() == count);
        }
        for (int i = 0; i < 20; i++) {
            pair.assertReads();
        }
        assertTrue(made.get() > 3);
        group.shutdownNow();
        assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
    }

    @Test
    void a_group_over_an_executor_that_is_shut_down_is_terminated() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        executor.shutdown();
        AsynchronousChannelGroup group = closingGroup(AsynchronousChannelGroup.withCachedThreadPool(executor, 1));
        assertTrue(group.isTerminated());
    }

    @Test
    void what_a_thread_factory_throws_comes_out_of_the_opening() {
        IllegalStateException thrown = new IllegalStateException("no thread today");
        assertSame(thrown,
                assertThrows(IllegalStateException.class,
                        () -> AsynchronousChannelGroup.withFixedThreadPool(1, task -> {
                            throw thrown;
                        })));
    }

    @Test
    void a_thread_factory_that_gives_null_gives_a_group_without_threads() throws Exception {
        AtomicBoolean lacking = new AtomicBoolean(true);
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(2,
                task -> lacking.get() ? null : Thread.ofPlatform().daemon().unstarted(task));
        AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group);
        group.shutdownNow();
        assertFalse(channel.isOpen());
        assertTrue(group.isShutdown());
        assertThrows(ShutdownChannelGroupException.class, () -> AsynchronousSocketChannel.open(group));
        lacking.set(false);
        // The JDK's does not ask again.
        assertEquals(!Provider.isTheJdks(), group.awaitTermination(Provider.isTheJdks() ? 0 : 10, TimeUnit.SECONDS));
    }

    @Test
    void a_fixed_group_takes_its_threads_from_the_factory() throws Exception {
        ConcurrentLinkedQueue<Thread> made = new ConcurrentLinkedQueue<>();
        AsynchronousChannelGroup group = closingGroup(AsynchronousChannelGroup.withFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "from the factory");
            thread.setDaemon(true);
            made.add(thread);
            return thread;
        }));
        Pair pair = pairOf(group);
        Outcome<Integer> read = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(4), null, read);
        pair.send((byte) 1);
        read.value();
        assertTrue(made.contains(read.thread()));
        assertTrue(made.size() <= 2, () -> made.toString());
    }

    /** A program may keep its channels and forget the group. */
    @Test
    void channels_keep_their_group_alive() throws Exception {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1,
                Thread.ofPlatform().daemon().factory());
        // For the end, where it has to be shut down; not to keep it.
        WeakReference<AsynchronousChannelGroup> seen = new WeakReference<>(group);
        Pair pair = pairOf(group);
        group = null;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(4), null, read);
            System.gc();
            pair.send((byte) 1);
            assertEquals(1, read.value());
        }
        seen.get().shutdownNow();
    }

    @Test
    void many_groups_live_side_by_side_and_leave_nothing_behind() throws Exception {
        for (int i = 0; i < 30; i++) {
            TestGroup group = TestGroup.of(GroupKind.values()[1 + i % 5]);
            Pair pair = pair(group);
            pair.assertReads();
            group.close();
        }
    }
}
