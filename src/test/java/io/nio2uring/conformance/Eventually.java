package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions that have no call to wait in. */
final class Eventually {
    /** Longer than anything here takes on a loaded machine, shorter than {@link HangReport#LIMIT}. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final long POLL_NANOS = 500_000;
    /** Where the whole process stood still between two looks, what is waited for has not had more time either. */
    private static final long LONGEST_NANOS = 10_000_000;

    private Eventually() {}

    static void until(String what, BooleanSupplier condition) {
        if (!within(DEADLINE, condition)) {
            fail("not within " + DEADLINE + ": " + what);
        }
    }

    /** Whether the condition came true within the given time; returns as soon as it does. */
    static boolean within(Duration time, BooleanSupplier condition) {
        long left = time.toNanos();
        long before = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (left < 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
            long now = System.nanoTime();
            left -= Math.min(now - before, LONGEST_NANOS);
            before = now;
        }
        return true;
    }
}
