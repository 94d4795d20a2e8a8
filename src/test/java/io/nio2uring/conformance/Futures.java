package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Waits for futures with the deadline of the tests. */
final class Futures {
    private Futures() {}

    /** What a virtual thread of its own gets out of the call. */
    static <V> CompletableFuture<V> inVirtualThread(Callable<V> call) {
        CompletableFuture<V> outcome = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                outcome.complete(call.call());
            } catch (Throwable t) {
                outcome.completeExceptionally(t);
            }
        });
        return outcome;
    }

    static <V> V value(Future<V> future) throws Exception {
        return future.get(Eventually.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The cause of exactly this class with which the future failed. */
    static <T extends Throwable> T failure(Class<T> type, Future<?> future) {
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> value(future));
        assertTrue(future.isDone(), "a failed future is done");
        assertEquals(type, thrown.getCause().getClass(), () -> "cause: " + thrown.getCause());
        return type.cast(thrown.getCause());
    }
}
