package io.nio2uring.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * An executor service that is no {@link java.util.concurrent.ThreadPoolExecutor}, as application servers bring their
 * own: some threads around one queue.
 */
final class QueueExecutor extends AbstractExecutorService {
    private static final Runnable END = () -> {};

    private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean shutdown;

    QueueExecutor(int threadCount) {
        for (int i = 0; i < threadCount; i++) {
            threads.add(Thread.ofPlatform().daemon().name("queue-executor-" + i).start(this::work));
        }
    }

    private void work() {
        try {
            for (Runnable task = queue.take(); task != END; task = queue.take()) {
                task.run();
            }
        } catch (InterruptedException asked) {
            assert shutdown : "only shutdownNow interrupts an idle thread";
        }
    }

    @Override
    public void execute(Runnable task) {
        if (shutdown) {
            throw new RejectedExecutionException("shut down");
        }
        queue.add(task);
    }

    @Override
    public void shutdown() {
        shutdown = true;
        threads.forEach(_ -> queue.add(END));
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> waiting = new ArrayList<>();
        queue.drainTo(waiting);
        threads.forEach(Thread::interrupt);
        return waiting;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && threads.stream().noneMatch(Thread::isAlive);
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        for (Thread thread : threads) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            thread.join(Math.max(1, leftMillis));
        }
        return isTerminated();
    }
}
