package io.nio2uring.channel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.nio2uring.ProcessDump;

/** Waiting for conditions, with a limit that only a hang reaches; then every thread is shown. */
final class Waits {
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private Waits() {
    }

    static void until(BooleanSupplier condition, String what) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw tooLong(what);
            }
            LockSupport.parkNanos(200_000);
        }
    }

    static <T> T get(Future<T> future, String what) throws ExecutionException {
        try {
            return future.get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw tooLong(what);
        } catch (InterruptedException e) {
            throw new AssertionError(what, e);
        }
    }

    /** The result of something that must not fail. */
    static <T> T result(Future<T> future, String what) {
        try {
            return get(future, what);
        } catch (ExecutionException e) {
            throw new AssertionError(what, e.getCause());
        }
    }

    /** The failure of something that must not succeed. */
    static Throwable failure(Future<?> future, String what) {
        try {
            Object value = get(future, what);
            throw new AssertionError(what + ": succeeded with " + value);
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    static AssertionError tooLong(String what) {
        return new AssertionError("too long: " + what + '\n' + ProcessDump.now() + OpenGroup.dumpAll());
    }
}
