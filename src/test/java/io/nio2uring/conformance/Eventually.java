package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.nio2uring.Countdown;

/** Waits for conditions that have no call to wait in. */
final class Eventually {
    /** Longer than anything here takes on a loaded machine, shorter than {@link HangReport#LIMIT}. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final long POLL_NANOS = 500_000;

    private Eventually() {}

    static void until(String what, BooleanSupplier condition) {
        if (!within(DEADLINE, condition)) {
            fail("not within " + DEADLINE + ": " + what);
        }
    }

    /** Whether the condition came true within the given time; returns as soon as it does. */
    static boolean within(Duration time, BooleanSupplier condition) {
        Countdown left = new Countdown(time.toNanos());
        while (!condition.getAsBoolean()) {
            if (left.isOver()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
