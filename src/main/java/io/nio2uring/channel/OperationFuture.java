package io.nio2uring.channel;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.nio2uring.loop.Command;
import io.nio2uring.loop.EventLoop;

/**
 * The future of an operation.
 *
 * <pre>
 *   PENDING --claim--&gt; CLAIMED --settle--&gt; SUCCEEDED or FAILED
 *      +----cancel---&gt; CANCELLED
 * </pre>
 *
 * <p>The loop claims the outcome before it touches the user's buffer, so a cancelled operation never writes into it.
 *
 * @param <V> type of the result
 */
final class OperationFuture<V> implements Future<V> {
    private enum Stage {
        PENDING, CLAIMED, SUCCEEDED, FAILED, CANCELLED
    }

    private final ChannelOperation<V> operation;
    // Guarded by this; stage is volatile for those who only look.
    private volatile Stage stage = Stage.PENDING;
    private V value;
    private Throwable failure;

    OperationFuture(ChannelOperation<V> operation) {
        this.operation = operation;
    }

    /** A future that has its outcome already. */
    static <V> Future<V> settled(V value, Throwable failure) {
        OperationFuture<V> future = new OperationFuture<>(null);
        future.settle(value, failure);
        return future;
    }

    /** Takes the right to settle; false when the future was cancelled. */
    synchronized boolean claim() {
        if (stage != Stage.PENDING) {
            return false;
        }
        stage = Stage.CLAIMED;
        return true;
    }

    synchronized void settle(V newValue, Throwable newFailure) {
        value = newValue;
        failure = newFailure == null || newFailure instanceof IOException ? newFailure : new IOException(newFailure);
        stage = newFailure == null ? Stage.SUCCEEDED : Stage.FAILED;
        notifyAll();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        synchronized (this) {
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
            operation.kill();
            stage = Stage.CANCELLED;
            notifyAll();
        }
        if (mayInterruptIfRunning) {
            operation.endpoint.close();
        } else {
            operation.endpoint.loop.execute(new Cancel());
        }
        return true;
    }

    private final class Cancel extends Command {
        @Override
        protected void run(EventLoop loop) {
            // The operation cannot have been started anew: its kind is forbidden since it was cancelled.
            loop.cancel(operation);
        }
    }

    @Override
    public boolean isCancelled() {
        return stage == Stage.CANCELLED;
    }

    @Override
    public boolean isDone() {
        return stage.compareTo(Stage.SUCCEEDED) >= 0;
    }

    @Override
    public V get() throws InterruptedException, ExecutionException {
        if (!isDone()) {
            operation.endpoint.loop.aboutToBlock();
            synchronized (this) {
                while (!isDone()) {
                    wait();
                }
            }
        }
        return outcome();
    }

    @Override
    public V get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!isDone()) {
            long nanos = unit.toNanos(timeout);
            long start = System.nanoTime();
            operation.endpoint.loop.aboutToBlock();
            synchronized (this) {
                while (!isDone()) {
                    long left = nanos - (System.nanoTime() - start);
                    if (left <= 0) {
                        throw new TimeoutException("not completed after " + timeout + " "
                                + unit.toString().toLowerCase(java.util.Locale.ROOT));
                    }
                    // Rounded up: a wait of 0 would be one without limit.
                    wait(Math.min((left - 1) / 1_000_000 + 1, Integer.MAX_VALUE));
                }
            }
        }
        return outcome();
    }

    private synchronized V outcome() throws ExecutionException {
        return switch (stage) {
            case SUCCEEDED -> value;
            case FAILED -> throw new ExecutionException(failure);
            case CANCELLED -> throw new CancellationException();
            default -> throw new AssertionError(stage);
        };
    }
}
