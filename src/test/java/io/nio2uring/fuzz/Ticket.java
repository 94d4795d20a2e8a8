package io.nio2uring.fuzz;

import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One operation that was started: the handler that takes its outcome, or the future that has it.
 *
 * @param <V> type of the result
 */
final class Ticket<V> implements CompletionHandler<V, Object> {
    /** Longer than any outcome takes on a loaded machine. */
    static final long PATIENCE_SECONDS = 20;

    /** Breaches of what holds for every operation, whichever program it belongs to. */
    static final Queue<String> BREACHES = new ConcurrentLinkedQueue<>();

    private static final Runnable NOTHING = () -> {
    };

    /** How an operation ended; the failure is null when it succeeded. */
    record Result<V>(V value, Throwable failure) {
        @Override
        public String toString() {
            return failure == null ? String.valueOf(value) : failure.getClass().getSimpleName();
        }
    }

    private final Object attachment = new Object();
    private final AtomicReference<Result<V>> result = new AtomicReference<>();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private Runnable onArrival = NOTHING;
    private Future<V> future;

    /** What the handler must be given with its outcome. */
    Object attachment() {
        return attachment;
    }

    /** Sets what the handler does; before the operation is started. */
    void onArrival(Runnable action) {
        onArrival = action;
    }

    void setFuture(Future<V> newFuture) {
        future = newFuture;
    }

    Future<V> future() {
        return future;
    }

    @Override
    public void completed(V value, Object given) {
        arrive(new Result<>(value, null), given);
    }

    @Override
    public void failed(Throwable failure, Object given) {
        arrive(new Result<>(null, failure), given);
    }

    private void arrive(Result<V> next, Object given) {
        if (given != attachment) {
            BREACHES.add("foreign attachment " + given + " with " + next);
        }
        if (!result.compareAndSet(null, next)) {
            BREACHES.add("second outcome: first " + result.get() + ", then " + next);
        }
        onArrival.run();
        arrived.countDown();
    }

    boolean hasEnded() {
        return future != null ? future.isDone() : arrived.getCount() == 0;
    }

    /** The outcome, waiting for it. */
    Result<V> await() throws InterruptedException {
        if (future == null) {
            if (!arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new HangException("a handler was not called");
            }
            return result.get();
        }
        try {
            V value = future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!future.isDone() || future.cancel(true) || future.isCancelled()) {
                BREACHES.add("a future that had the result " + value + " was not done");
            }
            return new Result<>(value, null);
        } catch (ExecutionException e) {
            return new Result<>(null, e.getCause());
        } catch (CancellationException e) {
            return new Result<>(null, e);
        } catch (TimeoutException e) {
            throw new HangException("a future was not completed");
        }
    }
}
