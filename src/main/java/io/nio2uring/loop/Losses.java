package io.nio2uring.loop;

import java.util.function.Predicate;

/**
 * The search for operations whose completion the kernel has lost: the completion queue was full, and there was no memory to
 * keep more. The kernel counts such losses, and does not say whose they were. So all that may be in flight is cancelled:
 * what is in flight ends by that, and begins anew; what has ended is not found. Used under ownership of the loop.
 *
 * <p>Not found is not gone yet: while a thread is about to go on with an operation, no cancellation finds that. It takes the
 * thread a moment, or as long as it has no processor. So what is not found is asked after once more, a good while later.
 */
final class Losses {
    private static final long CERTAINTY_NANOS = 500_000_000L;

    private final SlotTable slots;
    private long known;
    private int next;
    /** How many slots are still to be looked at; round and round, so that each gets its turn if losses go on. */
    private int left;
    /** Whether only operations that were not found before are asked after in this round. */
    private boolean again;
    /** Whether there are such for another round, and when that begins. */
    private boolean haveMissing;
    private long nextRoundNanos;

    Losses(SlotTable slots) {
        this.slots = slots;
    }

    /** Tells whether there are more than there were when this was asked last. */
    boolean haveGrown(long lost) {
        boolean more = lost != known;
        known = lost;
        return more;
    }

    /** Suspects all operations: also those that were asked after already, since the answer may be what was lost. */
    void suspectAll() {
        left = slots.capacity();
        again = false;
    }

    /** Tells whether there are operations to be asked after, now or later. */
    boolean haveSuspects() {
        return left > 0 || haveMissing;
    }

    /** Tells whether a round is over, but for its last answers. */
    boolean haveAllBeenAsked() {
        return left == 0;
    }

    /**
     * Asks after one operation after the other, if it is time for that.
     *
     * @param cancel false when there is no room; it is called for the same operation again next time
     */
    void cancelSuspects(Predicate<Operation> cancel) {
        if (left == 0 && haveMissing && System.nanoTime() - nextRoundNanos >= 0) {
            suspectAll();
            again = true;
            haveMissing = false;
        }
        for (; left > 0; left--) {
            next = next < slots.capacity() ? next : 0;
            Operation operation = slots.at(next);
            if (operation != null && operation.inKernel && (!again || operation.missingSince != 0)
                    && !cancel.test(operation)) {
                return;
            }
            next++;
        }
    }

    /** Takes the answer that an operation was not found; true when it is certain that nothing will come of it. */
    boolean isGone(Operation operation) {
        long now = System.nanoTime();
        if (operation.missingSince == 0) {
            operation.missingSince = now | 1;
        } else if (now - operation.missingSince >= CERTAINTY_NANOS) {
            return true;
        }
        if (!haveMissing) {
            haveMissing = true;
            nextRoundNanos = now + CERTAINTY_NANOS + 1;
        }
        return false;
    }
}
