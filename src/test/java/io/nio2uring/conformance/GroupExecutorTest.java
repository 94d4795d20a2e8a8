package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

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

        @Override
        public void execute(Runnable command) {
            if (rejecting) {
                throw new RejectedExecutionException("told to");
            }
            seen.add(command);
            inner.execute(command);
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
        Outcome<Integer> read = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(4), null, read);
        pair.send((byte) 1);
        assertEquals(1, read.value());
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
        Outcome<Integer> read = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(4), null, read);
        pair.send((byte) 1);
        assertEquals(1, read.value());
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
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(2, task -> null);
        AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group);
        group.shutdownNow();
        assertFalse(channel.isOpen());
        assertTrue(group.isShutdown());
        assertThrows(ShutdownChannelGroupException.class, () -> AsynchronousSocketChannel.open(group));
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
        Pair pair = pairOf(AsynchronousChannelGroup.withFixedThreadPool(1, Thread.ofPlatform().daemon().factory()));
        for (int i = 0; i < 3; i++) {
            System.gc();
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(4), null, read);
            System.gc();
            pair.send((byte) 1);
            assertEquals(1, read.value());
        }
    }

    @Test
    void many_groups_live_side_by_side_and_leave_nothing_behind() throws Exception {
        for (int i = 0; i < 30; i++) {
            TestGroup group = TestGroup.of(GroupKind.values()[1 + i % 5]);
            Pair pair = pair(group);
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(4), null, read);
            pair.send((byte) 1);
            assertEquals(1, read.value());
            group.close();
        }
    }
}
