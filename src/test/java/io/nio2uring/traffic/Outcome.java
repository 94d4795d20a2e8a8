package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A handler that keeps what it is told, so that a second call is seen. */
final class Outcome<V> implements CompletionHandler<V, Object> {
    private record Call(Object value, Throwable failure, long nanoTime) {}

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Call> first = new CompletableFuture<>();

    @Override
    public void completed(V result, Object attachment) {
        called(new Call(result, null, System.nanoTime()));
    }

    @Override
    public void failed(Throwable failure, Object attachment) {
        called(new Call(null, failure, System.nanoTime()));
    }

    private void called(Call call) {
        calls.add(call);
        first.complete(call);
    }

    boolean isKnown() {
        return first.isDone();
    }

    /** Whether the operation completed, when it has ended. */
    boolean succeeded() {
        return first().failure == null;
    }

    @SuppressWarnings("unchecked")
    V result() {
        Call call = first();
        if (call.failure != null) {
            throw new AssertionError("expected a result, got " + call.failure, call.failure);
        }
        return (V) call.value;
    }

    Throwable failure() {
        Call call = first();
        if (call.failure == null) {
            throw new AssertionError("expected a failure, got result " + call.value);
        }
        return call.failure;
    }

    /** When the handler was called, in the time of {@link System#nanoTime()}. */
    long endedNanos() {
        return first().nanoTime;
    }

    private Call first() {
        return Waiting.forResult(first);
    }

    /** To be asked when no more calls can come. */
    void assertCalledOnce() {
        assertEquals(1, calls.size(), () -> "calls of the handler: " + calls);
    }
}
