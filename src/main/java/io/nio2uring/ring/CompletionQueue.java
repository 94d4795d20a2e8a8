package io.nio2uring.ring;

import io.nio2uring.abi.Cqe;
import io.nio2uring.sys.RawMemory;

/**
 * The completion queue: the kernel writes entries at the tail, they are taken here at the head.
 *
 * <p>Works on any memory, so that tests can play the kernel. Not thread-safe: one thread at a time is the consumer.
 */
final class CompletionQueue {
    /** Written here with release, read by the kernel: entries before it may be written again. */
    private final long headAddress;
    /** Written by the kernel, read here with acquire: entries before it are complete. */
    private final long tailAddress;
    /** Counts the completions that the kernel had to drop, for lack of memory; written by the kernel, read here. */
    final long overflowAddress;
    private final long cqesAddress;
    private final int entries;
    private final int mask;

    private int head;
    /** The counter as last read. */
    private int knownLost;

    /**
     * Takes over a queue whose cursors may stand anywhere.
     *
     * @param headAddress the 32-bit head
     * @param tailAddress the 32-bit tail
     * @param overflowAddress the 32-bit count of lost completions, at 0
     * @param cqesAddress the first entry, aligned to 8 bytes
     * @param entries their number, a power of two
     */
    CompletionQueue(long headAddress, long tailAddress, long overflowAddress, long cqesAddress, int entries) {
        assert Integer.bitCount(entries) == 1 : entries;
        this.headAddress = headAddress;
        this.tailAddress = tailAddress;
        this.overflowAddress = overflowAddress;
        this.cqesAddress = cqesAddress;
        this.entries = entries;
        this.mask = entries - 1;
        this.head = Cursors.own(headAddress);
    }

    /** The kernel's tail: entries before it, and at or after {@link #head}, can be taken. */
    int tail() {
        return Cursors.theirs(tailAddress);
    }

    /** The next entry to take. */
    int head() {
        return head;
    }

    /** Whether completions have been lost since this was asked last. */
    boolean hasLost() {
        int lost = Cursors.theirs(overflowAddress);
        boolean more = lost != knownLost;
        knownLost = lost;
        return more;
    }

    /** How many completions have been lost. */
    int lost() {
        return Cursors.theirs(overflowAddress);
    }

    /** How many entries can be taken. */
    int ready() {
        return tail() - head;
    }

    /**
     * Takes the entry at the head, which must lie before a {@link #tail} that was read: copies it, then gives its
     * slot back at once, so that a slow or throwing consumer neither holds nor repeats it.
     */
    void take(Completion into) {
        long cqe = cqesAddress + (long) (head & mask) * Cqe.SIZE_BYTES;
        into.set(RawMemory.getLong(cqe + Cqe.USER_DATA_OFFSET), RawMemory.getInt(cqe + Cqe.RES_OFFSET),
                RawMemory.getInt(cqe + Cqe.FLAGS_OFFSET));
        head++;
        Cursors.publish(headAddress, head);
    }

    int entries() {
        return entries;
    }
}
