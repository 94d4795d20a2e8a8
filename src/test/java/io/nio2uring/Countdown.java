package io.nio2uring;

/**
 * A time that passes only while this process runs: where all of it stood still between two looks, what a test waits for has
 * not had more time either. For one thread.
 */
public final class Countdown {
    private static final long LONGEST_NANOS = 10_000_000;

    private long leftNanos;
    private long lookedAt = System.nanoTime();

    public Countdown(long nanos) {
        leftNanos = nanos;
    }

    /** To be asked again every few milliseconds: of the time between two looks no more than 10 count. */
    public boolean isOver() {
        long now = System.nanoTime();
        leftNanos -= Math.min(now - lookedAt, LONGEST_NANOS);
        lookedAt = now;
        return leftNanos < 0;
    }
}
