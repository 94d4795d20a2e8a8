package io.nio2uring.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Zeroed native memory for one sample, as the ring's classes work on addresses.
 *
 * <p>Cut from larger blocks, since jcstress makes millions of samples a second; a block goes when the last sample that
 * was cut from it is unreachable, so a sample keeps its words in a field.
 */
final class SharedWords {
    private static final long BLOCK_BYTES = 1 << 18;
    /** No two samples in one line, nor in the pair of lines that x86-64 prefetches together. */
    private static final long LINE_BYTES = 128;
    private static final ThreadLocal<Block> BLOCK = ThreadLocal.withInitial(Block::new);

    /** Where the words begin, aligned to a pair of cache lines. */
    final long address;
    /** Keeps the memory mapped. */
    private final MemorySegment block;

    /**
     * Takes memory that nobody else has.
     *
     * @param lengthBytes how much, at most a block
     */
    SharedWords(long lengthBytes) {
        Block current = BLOCK.get();
        long size = (lengthBytes + LINE_BYTES - 1) & -LINE_BYTES;
        if (current.used + size > BLOCK_BYTES) {
            current.renew();
        }
        block = current.segment;
        address = current.address + current.used;
        current.used += size;
    }

    private static final class Block {
        private MemorySegment segment;
        private long address;
        private long used;

        Block() {
            renew();
        }

        void renew() {
            segment = Arena.ofAuto().allocate(BLOCK_BYTES, LINE_BYTES);
            address = segment.address();
            used = 0;
        }
    }
}
