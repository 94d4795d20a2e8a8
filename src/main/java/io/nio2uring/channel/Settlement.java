package io.nio2uring.channel;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

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

    /** Takes the right to settle; false when the outcome was withdrawn. */
    final synchronized boolean claim() {
        if (stage != Stage.PENDING) {
            return false;
        }
        stage = Stage.CLAIMED;
        return true;
    }

    /** Determines the outcome. By whoever has claimed it, or before anybody else knows of it. */
    final synchronized void settle(V newValue, Throwable newFailure) {
        value = newValue;
        failure = newFailure == null || newFailure instanceof IOException ? newFailure : new IOException(newFailure);
        stage = newFailure == null ? Stage.SUCCEEDED : Stage.FAILED;
        notifyAll();
    }

    /**
     * Cancels, unless the outcome is claimed already; then waits until it is settled.
     *
     * @return false when the outcome is another one
     */
    final synchronized boolean withdraw() {
        // The loop is copying the result this very moment.
        boolean interrupted = false;
        while (stage == Stage.CLAIMED) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (stage != Stage.PENDING) {
            return false;
        }
        withdrawn();
        stage = Stage.CANCELLED;
        notifyAll();
        return true;
    }

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
