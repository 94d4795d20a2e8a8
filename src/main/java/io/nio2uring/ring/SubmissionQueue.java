package io.nio2uring.ring;

import io.nio2uring.abi.SqRingFlag;
import io.nio2uring.abi.Sqe;
import io.nio2uring.sys.RawMemory;

/**
 * The submission queue: entries are written at the tail, published together, and taken by the kernel at the head.
 *
 * <p>Works on any memory, so that tests can play the kernel. Not thread-safe: one thread at a time is the producer.
 */
final class SubmissionQueue {
    /** Written by the kernel, read here with acquire: entries before it may be written again. */
    private final long headAddress;
    /** Written here with release, read by the kernel: entries before it are complete. */
    private final long tailAddress;
    /** Written by the kernel, read here. */
    private final long flagsAddress;
    private final long sqesAddress;
    private final int entries;
    private final int mask;

    /** The next entry to write; ahead of the published tail by what is prepared and not yet published. */
    private int tail;
    private int publishedTail;
    /** The kernel's head as last read; it only advances, so an old value errs towards "full". */
    private int knownHead;

    /**
     * Takes over a queue whose cursors may stand anywhere, as long as it is empty.
     *
     * @param headAddress the 32-bit head
     * @param tailAddress the 32-bit tail
     * @param flagsAddress the 32-bit flags word
     * @param sqesAddress the first entry, aligned to 8 bytes
     * @param entries their number, a power of two
     */
    SubmissionQueue(long headAddress, long tailAddress, long flagsAddress, long sqesAddress, int entries) {
        assert Integer.bitCount(entries) == 1 : entries;
        this.headAddress = headAddress;
        this.tailAddress = tailAddress;
        this.flagsAddress = flagsAddress;
        this.sqesAddress = sqesAddress;
        this.entries = entries;
        this.mask = entries - 1;
        this.tail = Cursors.own(tailAddress);
        this.publishedTail = tail;
        this.knownHead = Cursors.theirs(headAddress);
    }

    /**
     * Writes one entry, all 64 bytes of it. The only place that does.
     *
     * @return false if the queue is full; nothing was written then
     */
    boolean push(int opcode, int sqeFlags, int ioprio, int fd, long off, long addr, int len, int opFlags,
            long userData, int bufIndex, int fileIndex) {
        if (tail - knownHead == entries && !hasRoom()) {
            return false;
        }
        // Eight whole words: cheaper than clearing first, and no byte of the slot's previous use can survive. The
        // byte order within a word is that of the little-endian machines this supports.
        long sqe = sqesAddress + (long) (tail & mask) * Sqe.SIZE_BYTES;
        RawMemory.putLong(sqe + Sqe.OPCODE_OFFSET,
                opcode | (long) sqeFlags << 8 | (long) ioprio << 16 | (long) fd << 32);
        RawMemory.putLong(sqe + Sqe.OFF_OFFSET, off);
        RawMemory.putLong(sqe + Sqe.ADDR_OFFSET, addr);
        RawMemory.putLong(sqe + Sqe.LEN_OFFSET, Integer.toUnsignedLong(len) | (long) opFlags << 32);
        RawMemory.putLong(sqe + Sqe.USER_DATA_OFFSET, userData);
        RawMemory.putLong(sqe + Sqe.BUF_INDEX_OFFSET, (long) bufIndex & 0xffff | (long) fileIndex << 32);
        RawMemory.putLong(sqe + Sqe.ADDR3_OFFSET, 0L);
        RawMemory.putLong(sqe + Sqe.ADDR3_OFFSET + Long.BYTES, 0L);
        tail++;
        return true;
    }

    private boolean hasRoom() {
        knownHead = Cursors.theirs(headAddress);
        return tail - knownHead != entries;
    }

    /** The slot that the next {@link #push} writes, from 0; if it succeeds, the kernel was done with the slot. */
    int nextSlot() {
        return tail & mask;
    }

    /**
     * Gives every entry written so far to the kernel.
     *
     * @return how many were not given before
     */
    int publish() {
        int published = tail - publishedTail;
        if (published != 0) {
            Cursors.publish(tailAddress, tail);
            publishedTail = tail;
        }
        return published;
    }

    /** Entries written and not yet taken by the kernel, published or not. */
    int pending() {
        knownHead = Cursors.theirs(headAddress);
        return tail - knownHead;
    }

    /**
     * Takes back every entry that the kernel has not taken. Only while it cannot take any: not with SQPOLL, and not
     * during {@code io_uring_enter(2)}.
     */
    void withdraw() {
        tail = Cursors.theirs(headAddress);
        Cursors.publish(tailAddress, tail);
        publishedTail = tail;
    }

    /** Takes back every entry that has not been published; at any time. */
    void withdrawUnpublished() {
        tail = publishedTail;
    }

    /** The flags that the kernel sets: {@link SqRingFlag}. */
    int flags() {
        return Cursors.theirs(flagsAddress);
    }

    /**
     * Whether the SQPOLL thread sleeps and must be woken. To be asked after {@link #publish}: without the full fence
     * this load could come before that store, the thread could go to sleep in between, and neither would notice.
     */
    boolean needsWakeup() {
        Cursors.fullFence();
        return (Cursors.theirs(flagsAddress) & SqRingFlag.NEED_WAKEUP) != 0;
    }

    int entries() {
        return entries;
    }
}
