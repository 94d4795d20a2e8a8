package io.nio2uring.loop;

/**
 * How many completions a waiting loop awaits at once.
 *
 * <p>Peers that answer as fast as the loop does fall into step with it: one message arrives, the loop is woken for it,
 * answers, and sleeps until the next, so that each message costs a sleep and two system calls. When completions follow
 * each other quickly anyway, the loop therefore awaits several of them for a few microseconds. Otherwise it awaits one:
 * waiting for company that does not come would only delay it.
 *
 * <p>How many of the operations in flight are those of peers that talk cannot be known beforehand. So a burst that was
 * not worth its wait is followed by a rest, and each further one by twice as long a rest, until many in a row were.
 */
final class Burst {
    /** Fewer operations in flight do not come in bursts. */
    static final int LEAST_IN_FLIGHT = 8;
    /** How long to wait for more than one completion, in microseconds. */
    static final int MICROS = 20;

    private static final int MOST = 16;
    /** At most this part of the operations in flight: the rest may be those of silent peers. */
    private static final int PART = 4;
    /** A completion that takes longer than this to come, in nanoseconds, is worth more than the calls saved. */
    private static final long QUICK_NANOS = 10_000;
    private static final int WEIGHT = 8;

    /** So many bursts in a row that were worth it halve the next rest. */
    private static final int PROOF = 64;
    private static final int LONGEST_REST = 4096;

    private int count = 2;
    /** Bursts that were worth it since the last that was not, or since the rest was halved. */
    private int proven;
    /** So many waits are still to be for one completion. */
    private int rest;
    /** How many after the next burst that is not worth it. */
    private int nextRest = 1;
    /** What a wait lasts for each completion that it brings, in nanoseconds; a moving average. */
    private long averageNanos = QUICK_NANOS;

    /** How many completions to wait for next. */
    int waitCount(int inFlight) {
        if (rest > 0) {
            rest--;
            return 1;
        }
        return averageNanos < QUICK_NANOS ? Math.min(count, inFlight / PART) : 1;
    }

    /** Takes note of a wait: what it was for, how many completions there are after it, how long it took. */
    void waited(int waitCount, int ready, long nanos) {
        long each = Math.min(nanos / Math.max(1, ready), WEIGHT * QUICK_NANOS);
        averageNanos += (each - averageNanos) / WEIGHT;
        if (waitCount == 1) {
            return;
        }
        if (each > QUICK_NANOS) {
            count = 2;
            proven = 0;
            rest = nextRest;
            nextRest = Math.min(LONGEST_REST, nextRest * 2);
            return;
        }
        if (ready < waitCount) {
            count = Math.max(2, count / 2);
        } else if (waitCount == count) {
            count = Math.min(MOST, count + 1);
        }
        if (++proven >= PROOF) {
            proven = 0;
            nextRest = Math.max(1, nextRest / 2);
        }
    }
}
