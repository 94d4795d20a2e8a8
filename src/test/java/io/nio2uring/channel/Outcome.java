package io.nio2uring.channel;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler that counts its calls and remembers the first. */
final class Outcome<V> implements CompletionHandler<V, Object> {
    private final AtomicInteger calls = new AtomicInteger();
    private final CompletableFuture<V> first = new CompletableFuture<>();

    @Override
    public void completed(V value, Object attachment) {
        calls.incrementAndGet();
        first.complete(value);
    }

    @Override
    public void failed(Throwable failure, Object attachment) {
        calls.incrementAndGet();
        first.completeExceptionally(failure);
    }

    int calls() {
        return calls.get();
    }

    V value(String what) {
        return Waits.result(first, what);
    }

    Throwable failure(String what) {
        return Waits.failure(first, what);
    }

    boolean isThere() {
        return first.isDone();
    }

    @Override
    public String toString() {
        return first.toString();
    }

    boolean isFailure() {
        return first.isCompletedExceptionally();
    }
}
