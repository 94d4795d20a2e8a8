package io.nio2uring.loop;

/**
 * How many completions a waiting loop awaits at once.
 *
 * <p>Peers that answer as fast as the loop does fall into step with it: one message arrives, the loop is woken for it,
 * answers, and sleeps until the next, so that each message costs a sleep and two system calls, and the peer that sent it
 * a wake-up. Therefore the loop awaits several completions, for a few microseconds, as long as they follow each other
 * quickly. If they do not, it awaits one, since waiting for company that does not come would only delay it, and tries
 * again now and then: how slowly they come one by one does not tell how they come when nobody has to be woken for each.
 *
 * <p>It awaits a third of those peers at most that talk, lest they and the loop wait for each other by turns. How many
 * operations are in flight does not tell their number, since silent peers have one pending, too. But between the
 * submission of a read and its completion each of the others that talk has about one read completed. Writes, most of
 * which are complete at once, are no peers.
 */
final class Burst {
    /** Fewer operations in flight do not come in bursts. */
    static final int LEAST_IN_FLIGHT = 8;
    /** How long to wait for more than one completion, in microseconds. */
    static final int MICROS = 20;

    private static final int MOST = 24;
    /** The average over reads and writes is half of the peers where each read is answered; so these make a third of them. */
    private static final int PARTS = 2;
    private static final int OF = 3;
    /** A completion that takes longer than this to come, in nanoseconds, is worth more than the calls saved. */
    private static final long QUICK_NANOS = 5_000;
    /** Waits for one completion between two tries while they do not come quickly. */
    private static final int REST = 64;
    private static final int WEIGHT = 16;
    /** One long silence says little. */
    private static final long LONGEST_NANOS = 40_000;
    /** More make no difference, and one peer that has long been silent should not make them seem many. */
    private static final int MOST_BETWEEN = 2 * MOST * OF / PARTS;
    /** Of how many operations, as a power of two, the average is. */
    private static final int BETWEEN_SHIFT = 6;

    private int count = 2;
    /** By how much a wait for several takes longer than its completions are worth, in nanoseconds; a moving average. */
    private long lossNanos;
    /** So many waits are still to be for one completion. */
    private int rest;
    /** Counts the loop's calls; wraps around. */
    private int turn;
    /** Counts the completions that did not come with the call that submitted their operation; wraps around. */
    private int awaited;
    /** How many of these there are from an operation's submission to its end; a moving average, shifted. */
    private int betweenShifted;

    /** Notes a submission: what {@link #completed} is to be given. */
    long submitted() {
        return (long) turn << 32 | awaited & 0xFFFF_FFFFL;
    }

    /** Notes that the next completions are those of another call. */
    void nextTurn() {
        turn++;
    }

    /** Takes note of a completion. */
    void completed(long submitted) {
        if (turn - (int) (submitted >>> 32) > 1) {
            awaited++;
        }
        int between = Math.min(awaited - (int) submitted & Integer.MAX_VALUE, MOST_BETWEEN);
        betweenShifted += between - (betweenShifted >> BETWEEN_SHIFT);
    }

    /** How many completions to wait for next. */
    int waitCount() {
        int most = Math.min(count, (betweenShifted >> BETWEEN_SHIFT) * PARTS / OF);
        if (most <= 1 || rest > 0) {
            rest = Math.max(0, rest - 1);
            return 1;
        }
        return most;
    }

    /** Takes note of a wait: what it was for, how many completions there are after it, how long it took. */
    void waited(int waitCount, int ready, long nanos) {
        if (waitCount == 1) {
            return;
        }
        lossNanos += (Math.min(nanos, LONGEST_NANOS) - ready * QUICK_NANOS - lossNanos) / WEIGHT;
        rest = lossNanos < 0 ? 0 : REST;
        if (ready < waitCount) {
            count = Math.max(2, count / 2);
        } else if (waitCount == count) {
            count = Math.min(MOST, count + 1);
        }
    }
}
