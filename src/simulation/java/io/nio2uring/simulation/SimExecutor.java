package io.nio2uring.simulation;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A pool of simulated threads, made as needed up to a limit; a thread whose task throws dies and is replaced, if the system
 * has another one.
 */
final class SimExecutor extends AbstractExecutorService {
    private final Scheduler scheduler;
    private final int limit;
    private final ThreadFactory factory;
    /** Refuses once in so many times; never for 0. */
    private final int refusesOneIn;
    /**
     * The system refuses a thread once in so many times, when there have been as many as the limit and the pool is not shut
     * down; never for 0.
     */
    private final int lacksThreadOneIn;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Queue<SimThread> idle = new ArrayDeque<>();
    private int threads;
    private boolean hasBeenFull;
    private boolean shutdown;

    SimExecutor(Scheduler scheduler, int limit, ThreadFactory factory, int refusesOneIn, int lacksThreadOneIn) {
        this.scheduler = scheduler;
        this.limit = limit;
        this.factory = factory;
        this.refusesOneIn = refusesOneIn;
        this.lacksThreadOneIn = lacksThreadOneIn;
    }

    @Override
    public void execute(Runnable task) {
        scheduler.point();
        if (shutdown || scheduler.rng.oneIn(refusesOneIn)) {
            throw new RejectedExecutionException("simulated");
        }
        SimThread waiting = idle.poll();
        if (waiting != null) {
            scheduler.wake(waiting);
        } else if (threads < limit) {
            addThread();
        }
        tasks.add(task);
    }

    private void addThread() {
        if (hasBeenFull && !shutdown && scheduler.rng.oneIn(lacksThreadOneIn)) {
            scheduler.trace.add(scheduler, "has no thread for a pool");
            throw new OutOfMemoryError("unable to create native thread, simulated");
        }
        threads++;
        hasBeenFull |= threads == limit;
        scheduler.start(factory.newThread(this::work));
    }

    private void work() {
        boolean orderly = false;
        try {
            for (;;) {
                Runnable task = tasks.poll();
                if (task != null) {
                    task.run();
                } else if (shutdown) {
                    break;
                } else {
                    idle.add(scheduler.running());
                    scheduler.block("a task", Scheduler.NEVER);
                    idle.remove(scheduler.running());
                }
            }
            orderly = true;
        } finally {
            threads--;
            if (!orderly && !tasks.isEmpty()) {
                try {
                    addThread();
                } catch (OutOfMemoryError e) {
                    // Once is all that a pool tries.
                }
            }
        }
    }

    @Override
    public void shutdown() {
        shutdown = true;
        idle.forEach(scheduler::wake);
        idle.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw scheduler.fail("nobody may stop the users' executor at once");
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && threads == 0 && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("a simulated thread has better things to do");
    }
}
