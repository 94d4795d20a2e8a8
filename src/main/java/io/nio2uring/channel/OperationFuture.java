package io.nio2uring.channel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import io.nio2uring.loop.Command;
import io.nio2uring.loop.EventLoop;

/**
 * The future of an operation.
 *
 * @param <V> type of the result
 */
final class OperationFuture<V> extends Settlement<V> implements Future<V> {
    private final ChannelOperation<V> operation;

    OperationFuture(ChannelOperation<V> operation) {
        this.operation = operation;
    }

    /** A future that has its outcome already. */
    static <V> Future<V> settled(V value, Throwable failure) {
        OperationFuture<V> future = new OperationFuture<>(null);
        future.settle(value, failure);
        return future;
    }

    @Override
    void withdrawn() {
        operation.kill();
    }

    @Override
    void resume(Thread waiter) {
        EventLoop loop = operation == null ? null : operation.endpoint.loop;
        if (loop == null) {
            LockSupport.unpark(waiter);
        } else {
            loop.resume(waiter);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (operation != null) {
            operation.unmute();
        }
        if (!withdraw()) {
            return false;
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
        return isWithdrawn();
    }

    @Override
    public boolean isDone() {
        return isSettled();
    }

    @Override
    public V get() throws InterruptedException, ExecutionException {
        if (!isDone()) {
            prepareToWait();
            await(Long.MAX_VALUE);
        }
        return outcome();
    }

    @Override
    public V get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!isDone()) {
            // The least number would overflow, and be a very long time.
            long nanos = Math.max(0, unit.toNanos(timeout));
            long start = System.nanoTime();
            prepareToWait();
            long left = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
            if (!await(left)) {
                throw new TimeoutException("not completed after " + timeout + " "
                        + unit.toString().toLowerCase(java.util.Locale.ROOT));
            }
        }
        return outcome();
    }

    /** It may turn out that there is nothing to wait for. */
    private void prepareToWait() {
        EventLoop loop = operation.endpoint.loop;
        loop.submitIfLeading();
        if (!isDone()) {
            loop.aboutToBlock();
        }
    }
}
