package io.nio2uring.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Zeroed native memory for one sample, as the ring's classes work on addresses.
 *
 * <p>Cut from larger blocks, since jcstress makes millions of samples a second; a block goes when the last sample that
 * was cut from it is unreachable, so a sample keeps its segment in a field.
 */
final class SharedWords {
    private static final long BLOCK_BYTES = 1 << 20;
    /** No two samples in one line, nor in the pair of lines that x86-64 prefetches together. */
    private static final long LINE_BYTES = 128;

    private static MemorySegment block = newBlock();
    private static long used;

    private SharedWords() {}

    /**
     * Cuts memory from a block.
     *
     * @param lengthBytes how much, at most a block
     * @return the memory, all zeros and aligned to a cache line
     */
    static synchronized MemorySegment allocate(long lengthBytes) {
        long size = (lengthBytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
        if (used + size > BLOCK_BYTES) {
            block = newBlock();
            used = 0;
        }
        MemorySegment words = block.asSlice(used, size);
        used += size;
        return words;
    }

    private static MemorySegment newBlock() {
        return Arena.ofAuto().allocate(BLOCK_BYTES, LINE_BYTES);
    }
}
