package io.nio2uring.simulation;

/** The character of a seed's kernel: each "one in" says how often it does something, never for 0. */
final class Faults {
    private final Rng rng;
    /** A request is started while it is submitted, not later. */
    final int inlineOneIn;
    /** A transfer does less than it could. */
    final int shortOneIn;
    /** A request ends with {@code -EINTR}, {@code -EAGAIN}, or with {@code -ECANCELED} that nobody asked for. */
    final int interruptedOneIn;
    final int againOneIn;
    final int unaskedOneIn;
    /** {@code io_uring_enter} takes nothing: {@code -EAGAIN}, {@code -EBUSY}; or only some of the entries. */
    final int refusedOneIn;
    final int busyOneIn;
    final int partlyOneIn;
    /** A wait ends with {@code -EINTR}. */
    final int signalOneIn;
    /** A cancel finds its target running ({@code -EALREADY}) or as good as ended ({@code -ENOENT}). */
    final int lateCancelOneIn;
    /** A request has posted its completion, and lets go of its file later, or when somebody takes the ring's lock. */
    final int lateLetGoOneIn;
    /** A multishot request ends: no {@code F_MORE}. */
    final int endsEarlyOneIn;
    /** The system has run out of descriptors or memory for what is being opened. */
    final int exhaustedOneIn;
    /** A completion that has no room in its queue is lost, for lack of memory. */
    final int losesOneIn;
    /** The system has no thread to take the place of one that has died. */
    final int lacksThreadOneIn;
    /** A receive writes its bytes in two goes, the second with its completion. */
    final int slowCopyOneIn;
    /** While completions have overflowed, nothing is taken, as before Linux 5.19. */
    final boolean busyOnOverflow;
    /** Closed descriptors' numbers are given out again in the order of closing, instead of the lowest first. */
    final boolean latestFdFirst;
    private final int usualDelayNanos;
    private final int longDelayOneIn;
    private final int longDelayNanos;
    /** Delays end at multiples of this, so that completions come in batches. */
    private final int batchNanos;

    Faults(Rng rng) {
        this.rng = rng;
        inlineOneIn = rng.pick(0, 1, 2, 4);
        shortOneIn = rng.pick(0, 2, 8);
        interruptedOneIn = rng.pick(0, 0, 10, 40);
        againOneIn = rng.pick(0, 0, 10, 40);
        unaskedOneIn = rng.pick(0, 0, 10, 40);
        refusedOneIn = rng.pick(0, 0, 5, 50);
        busyOneIn = rng.pick(0, 0, 5, 50);
        partlyOneIn = rng.pick(0, 0, 2, 20);
        signalOneIn = rng.pick(0, 0, 10);
        lateCancelOneIn = rng.pick(0, 1, 2, 4);
        endsEarlyOneIn = rng.pick(0, 3, 10);
        exhaustedOneIn = rng.pick(0, 0, 0, 6, 30);
        lacksThreadOneIn = rng.pick(0, 0, 3, 2);
        slowCopyOneIn = rng.pick(0, 1, 3);
        busyOnOverflow = rng.oneIn(3);
        latestFdFirst = rng.oneIn(2);
        usualDelayNanos = rng.pick(100, 5_000, 50_000);
        longDelayOneIn = rng.pick(0, 10, 50);
        longDelayNanos = rng.pick(1_000_000, 5_000_000);
        batchNanos = rng.pick(1, 1, 20_000, 500_000);
        lateLetGoOneIn = rng.pick(0, 1, 4);
        losesOneIn = rng.pick(0, 0, 0, 4, 20);
    }

    /** How long something takes that begins now. */
    long delayNanos(long now) {
        long end = now + rng.below(rng.oneIn(longDelayOneIn) ? longDelayNanos : usualDelayNanos);
        return (end + batchNanos - 1) / batchNanos * batchNanos - now;
    }
}
