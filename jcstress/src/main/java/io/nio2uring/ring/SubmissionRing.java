package io.nio2uring.ring;

import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.Sqe;
import io.nio2uring.sys.RawMemory;

/** The product's submission queue on memory of the test, where an actor is the kernel. */
abstract class SubmissionRing {
    private static final long TAIL_OFFSET = 64;
    private static final long FLAGS_OFFSET = 4;
    private static final long SQES_OFFSET = 128;

    private final SharedWords words;
    final long headAddress;
    final long tailAddress;
    final long flagsAddress;
    final SubmissionQueue queue;

    SubmissionRing(int entries) {
        words = new SharedWords(SQES_OFFSET + (long) entries * Sqe.SIZE_BYTES);
        headAddress = words.address;
        tailAddress = words.address + TAIL_OFFSET;
        flagsAddress = words.address + FLAGS_OFFSET;
        queue = new SubmissionQueue(headAddress, tailAddress, flagsAddress, words.address + SQES_OFFSET, entries);
    }

    final boolean push(int userData) {
        return queue.push(Opcode.NOP, 0, 0, -1, 0, 0, 0, 0, userData, 0, 0);
    }

    /** The kernel's reading of the first slot. */
    final int userDataOfFirst() {
        return (int) RawMemory.getLong(words.address + SQES_OFFSET + Sqe.USER_DATA_OFFSET);
    }

    /** What a broken application does: writes the first slot without asking for room. */
    final void overwriteFirst(int userData) {
        RawMemory.putLong(words.address + SQES_OFFSET + Sqe.USER_DATA_OFFSET, userData);
    }
}
