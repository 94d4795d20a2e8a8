package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.nio2uring.ProcessDump;

/**
 * A completion handler that keeps the one outcome of its operation. A second call is a defect wherever it comes from:
 * it is kept for the end of the test, which {@link Conformance} then fails.
 */
final class Outcome<V> implements CompletionHandler<V, Object> {
    private static final Queue<String> SECOND_CALLS = new ConcurrentLinkedQueue<>();

    private record Call(Object result, Throwable failure, Object attachment, Thread thread) {}

    private final AtomicReference<Call> call = new AtomicReference<>();
    private final CountDownLatch arrived = new CountDownLatch(1);

    @Override
    public void completed(V result, Object attachment) {
        record(new Call(result, null, attachment, Thread.currentThread()));
    }

    @Override
    public void failed(Throwable failure, Object attachment) {
        record(new Call(null, failure, attachment, Thread.currentThread()));
    }

    private void record(Call next) {
        if (!call.compareAndSet(null, next)) {
            SECOND_CALLS.add("first " + call.get() + ", then " + next);
        }
        arrived.countDown();
    }

    static List<String> takeSecondCalls() {
        List<String> taken = List.copyOf(SECOND_CALLS);
        SECOND_CALLS.clear();
        return taken;
    }

    boolean hasArrived() {
        return call.get() != null;
    }

    void await() throws InterruptedException {
        assertTrue(arrived.await(Eventually.DEADLINE.toMillis(), TimeUnit.MILLISECONDS),
                () -> "the handler was not called\n" + ProcessDump.now());
    }

    /** The result, waiting for it; a failed operation fails the test. */
    @SuppressWarnings("unchecked")
    V value() throws InterruptedException {
        await();
        Throwable failure = call.get().failure;
        if (failure != null) {
            throw new AssertionError("the operation failed", failure);
        }
        return (V) call.get().result;
    }

    /** The exception of exactly this class, waiting for it; anything else fails the test. */
    <T extends Throwable> T failure(Class<T> type) throws InterruptedException {
        await();
        Throwable failure = call.get().failure;
        if (failure == null) {
            throw new AssertionError("expected " + type.getName() + ", got the result " + call.get().result);
        }
        if (failure.getClass() != type) {
            throw new AssertionError("expected " + type.getName(), failure);
        }
        return type.cast(failure);
    }

    /** The exception whatever its class, or null when the operation succeeded. */
    Throwable failureOrNull() throws InterruptedException {
        await();
        return call.get().failure;
    }

    Object attachment() throws InterruptedException {
        await();
        return call.get().attachment;
    }

    Thread thread() throws InterruptedException {
        await();
        return call.get().thread;
    }

    void assertPending() {
        assertEquals(null, call.get(), "the operation should still be pending");
    }
}
