package io.nio2uring.ring;

import io.nio2uring.abi.Cqe;
import io.nio2uring.sys.RawMemory;

/** The product's completion queue on memory of the test, where an actor is the kernel. */
abstract class CompletionRing {
    private static final long OVERFLOW_OFFSET = 4;
    private static final long TAIL_OFFSET = 64;
    private static final long CQES_OFFSET = 128;

    private final SharedWords words;
    final long headAddress;
    final long tailAddress;
    final CompletionQueue queue;
    final Completion completion = new Completion();

    CompletionRing(int entries) {
        words = new SharedWords(CQES_OFFSET + (long) entries * Cqe.SIZE_BYTES);
        headAddress = words.address;
        tailAddress = words.address + TAIL_OFFSET;
        queue = new CompletionQueue(headAddress, tailAddress, words.address + OVERFLOW_OFFSET,
                words.address + CQES_OFFSET, entries);
    }

    /** The kernel's writing of the first slot: {@code user_data} and {@code res} alike. */
    final void writeFirst(int content) {
        RawMemory.putLong(words.address + CQES_OFFSET + Cqe.USER_DATA_OFFSET, content);
        RawMemory.putInt(words.address + CQES_OFFSET + Cqe.RES_OFFSET, content);
    }

    /** What a broken application does: reads the first slot by itself. */
    final int userDataOfFirst() {
        return (int) RawMemory.getLong(words.address + CQES_OFFSET + Cqe.USER_DATA_OFFSET);
    }

    final int resultOfFirst() {
        return RawMemory.getInt(words.address + CQES_OFFSET + Cqe.RES_OFFSET);
    }
}
