package io.nio2uring.traffic;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions. A wait that takes too long fails with the stacks of all platform threads in the message. */
public final class Waiting {
    /** Longer than any wait of these tests on a busy machine, shorter than the time limit of a test. */
    private static final long PATIENCE_SECONDS = 20;

    private static final long POLL_NANOS = 1_000_000;

    /** Threads of the JVM, whose stacks tell nothing. */
    private static final Set<String> ALWAYS_THERE = Set.of("Reference Handler", "Finalizer", "Signal Dispatcher",
            "Common-Cleaner", "Notification Thread", "time limit");

    private Waiting() {
    }

    /** Returns once {@code condition} holds. */
    public static void until(String what, BooleanSupplier condition) {
        if (!holdsWithin(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), condition)) {
            throw tooLong(what);
        }
    }

    /** Whether {@code condition} held at some moment of the next {@code nanos} nanoseconds. */
    static boolean holdsWithin(long nanos, BooleanSupplier condition) {
        long deadline = System.nanoTime() + nanos;
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw tooLong("interrupted while waiting");
            }
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** The result of a future that is expected to complete normally and soon. */
    public static <V> V forResult(Future<V> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("expected a result, got " + e.getCause(), e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw tooLong("no result");
        }
    }

    /** What a future that is expected to fail soon failed with. */
    public static Throwable forFailure(Future<?> future) {
        try {
            Object result = future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("expected a failure, got result " + result);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException | InterruptedException e) {
            throw tooLong("neither result nor failure");
        }
    }

    /** An error to throw for {@code what}, with the stacks of all platform threads as they are now. */
    static AssertionError tooLong(String what) {
        return new AssertionError("waited too long: " + what + System.lineSeparator() + threads());
    }

    /** The stacks of all platform threads but those of the JVM itself, for a failure's message. */
    public static String threads() {
        StringBuilder dump = new StringBuilder("Threads at that moment:");
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            if (ALWAYS_THERE.contains(thread.getName())) {
                continue;
            }
            dump.append("\n\"").append(thread.getName()).append("\" ").append(thread.getState());
            dump.append(thread.isDaemon() ? " daemon" : "");
            for (StackTraceElement frame : entry.getValue()) {
                dump.append("\n    at ").append(frame);
            }
        }
        return dump.toString();
    }
}
