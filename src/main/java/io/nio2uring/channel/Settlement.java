package io.nio2uring.channel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * The outcome that a future waits for, and the race of those who determine it.
 *
 * <pre>
 *   PENDING --claim--&gt; CLAIMED --settle--&gt; SUCCEEDED or FAILED
 *      +----withdraw--&gt; CANCELLED
 * </pre>
 *
 * <p>The loop claims the outcome before it touches the user's buffer, so a cancelled operation never writes into it.
 * Thread-safe.
 *
 * @param <V> type of the result
 */
abstract class Settlement<V> {
    private enum Stage {
        PENDING, CLAIMED, SUCCEEDED, FAILED, CANCELLED
    }

    // Guarded by this; stage is volatile for those who only look.
    private volatile Stage stage = Stage.PENDING;
    private V value;
    private Throwable failure;
    /**
     * Who is to be resumed: nobody, a thread, or a list of several. Not the waiters of this object's monitor: a virtual
     * thread that waits for one costs a monitor of the system, and a thread of the virtual machine that wakes it.
     */
    private Object waiting;

    /** Takes the right to settle; false when the outcome was withdrawn. */
    final synchronized boolean claim() {
        if (stage != Stage.PENDING) {
            return false;
        }
        stage = Stage.CLAIMED;
        return true;
    }

    /** Determines the outcome. By whoever has claimed it, or before anybody else knows of it. */
    final void settle(V newValue, Throwable newFailure) {
        // Without the lock: who goes on at once needs it.
        resumeAll(determine(newValue, newFailure));
    }

    /** Returns what waited. */
    private synchronized Object determine(V newValue, Throwable newFailure) {
        value = newValue;
        failure = newFailure == null || newFailure instanceof IOException ? newFailure : new IOException(newFailure);
        stage = newFailure == null ? Stage.SUCCEEDED : Stage.FAILED;
        return takeWaiting();
    }

    /**
     * Cancels, unless the outcome is claimed already; then waits until it is settled.
     *
     * @return false when the outcome is another one
     */
    final boolean withdraw() {
        while (!isSettled()) {
            if (cancelIfPending()) {
                return true;
            }
            // The loop is copying the result this very moment.
            awaitUninterruptibly();
        }
        return false;
    }

    private synchronized boolean cancelIfPending() {
        if (stage != Stage.PENDING) {
            return false;
        }
        withdrawn();
        stage = Stage.CANCELLED;
        resumeAll(takeWaiting());
        return true;
    }

    /**
     * Waits until the outcome is settled.
     *
     * @param nanos how long at most; {@link Long#MAX_VALUE} for as long as it takes
     * @return false when the time is over
     */
    final boolean await(long nanos) throws InterruptedException {
        Thread current = Thread.currentThread();
        if (!enlist(current)) {
            return true;
        }
        try {
            long start = nanos == Long.MAX_VALUE ? 0 : System.nanoTime();
            while (!isSettled()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (nanos == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    long left = nanos - (System.nanoTime() - start);
                    if (left <= 0) {
                        return false;
                    }
                    LockSupport.parkNanos(this, left);
                }
            }
            return true;
        } finally {
            delist(current);
        }
    }

    private void awaitUninterruptibly() {
        boolean interrupted = false;
        for (boolean settled = false; !settled;) {
            try {
                settled = await(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has a thread unparked when the outcome is settled; false when it is. */
    private synchronized boolean enlist(Thread thread) {
        if (isSettled()) {
            return false;
        }
        if (waiting == null) {
            waiting = thread;
        } else {
            List<Thread> several = waitingThreads();
            several.add(thread);
            waiting = several;
        }
        return true;
    }

    private synchronized void delist(Thread thread) {
        if (waiting == thread) {
            waiting = null;
        } else if (waiting != null) {
            List<Thread> others = waitingThreads();
            others.remove(thread);
            waiting = others;
        }
    }

    /** A copy of what {@code waiting} names; under the lock. */
    private List<Thread> waitingThreads() {
        List<Thread> threads = new ArrayList<>();
        if (waiting instanceof Thread one) {
            threads.add(one);
        } else {
            ((List<?>) waiting).forEach(each -> threads.add((Thread) each));
        }
        return threads;
    }

    /** Under the lock, after the last change of the stage. */
    private Object takeWaiting() {
        Object waited = waiting;
        waiting = null;
        return waited;
    }

    private void resumeAll(Object waited) {
        if (waited instanceof Thread one) {
            resume(one);
        } else if (waited != null) {
            for (Object each : (List<?>) waited) {
                resume((Thread) each);
            }
        }
    }

    /** Lets a thread go on that waited. */
    abstract void resume(Thread waiter);

    /** Called under the lock before anybody can see that the outcome was withdrawn. */
    abstract void withdrawn();

    final boolean isWithdrawn() {
        return stage == Stage.CANCELLED;
    }

    final boolean isSettled() {
        return stage.compareTo(Stage.SUCCEEDED) >= 0;
    }

    /** What was determined; once {@link #isSettled}. */
    final synchronized V outcome() throws ExecutionException {
        return switch (stage) {
            case SUCCEEDED -> value;
            case FAILED -> throw new ExecutionException(failure);
            case CANCELLED -> throw new CancellationException();
            default -> throw new AssertionError(stage);
        };
    }
}
