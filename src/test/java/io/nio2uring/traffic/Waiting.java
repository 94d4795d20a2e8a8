package io.nio2uring.traffic;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.nio2uring.Countdown;
import io.nio2uring.ProcessDump;

/** Waits for conditions. A wait that takes too long fails with a dump of the process in the message. */
public final class Waiting {
    /** Longer than any wait of these tests on a busy machine, shorter than the time limit of a test. */
    private static final long PATIENCE_SECONDS = 20;

    private static final long POLL_NANOS = 1_000_000;

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
        Countdown left = new Countdown(nanos);
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw tooLong("interrupted while waiting");
            }
            if (left.isOver()) {
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

    /** Reads, with a handler, from a connection whose peer is silent until the time limit is over. */
    public static void forTimeLimit(AsynchronousSocketChannel channel, long limitMillis) {
        CompletableFuture<Integer> outcome = new CompletableFuture<>();
        channel.read(ByteBuffer.allocate(8), limitMillis, TimeUnit.MILLISECONDS, null, into(outcome));
        Throwable failure = forFailure(outcome);
        if (!(failure instanceof InterruptedByTimeoutException)) {
            throw new AssertionError("expected the time limit, got " + failure, failure);
        }
    }

    /** A handler that hands its outcome on. */
    public static <V> CompletionHandler<V, Void> into(CompletableFuture<V> outcome) {
        return new CompletionHandler<>() {
            @Override
            public void completed(V value, Void attachment) {
                outcome.complete(value);
            }

            @Override
            public void failed(Throwable cause, Void attachment) {
                outcome.completeExceptionally(cause);
            }
        };
    }

    /** An error to throw for {@code what}, with a dump of the process as it is now. */
    static AssertionError tooLong(String what) {
        return new AssertionError("waited too long: " + what + System.lineSeparator() + ProcessDump.now());
    }
}
