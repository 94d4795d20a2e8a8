package io.nio2uring.loop;

import java.lang.foreign.MemorySegment;

import io.nio2uring.sys.NativeMemory;

/**
 * Native memory through which writes from heap memory go to the kernel.
 *
 * <p>A buffer is held for one non-blocking send only, never while a peer is slow to read (the write then waits for the
 * socket to become writable, holding nothing), so a few buffers serve any number of connections. Used under ownership
 * of the loop only.
 */
public final class StagingBuffers implements AutoCloseable {
    private final int count;
    private final int sizeBytes;
    private final int[] free;
    private int freeCount;
    private MemorySegment block;

    StagingBuffers(int count, int sizeBytes) {
        this.count = count;
        this.sizeBytes = sizeBytes;
        free = new int[count];
        for (int i = count - 1; i >= 0; i--) {
            free[freeCount++] = i;
        }
    }

    /**
     * Takes a buffer.
     *
     * @return its number; -1 when all are in use
     */
    public int acquire() {
        if (block == null) {
            // Allocated when first needed: many servers never write from heap memory. Pages that are never touched
            // take no memory.
            block = NativeMemory.calloc((long) count * sizeBytes);
        }
        return freeCount == 0 ? -1 : free[--freeCount];
    }

    /**
     * Gives a buffer back, once the kernel has let go of it.
     *
     * @param buffer its number
     */
    public void release(int buffer) {
        free[freeCount++] = buffer;
    }

    /**
     * Where a buffer lies.
     *
     * @param buffer its number
     * @return address of its first byte
     */
    public long address(int buffer) {
        return block.address() + (long) buffer * sizeBytes;
    }

    /**
     * Size of each buffer.
     *
     * @return bytes
     */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Buffers that can be had now. */
    int available() {
        return freeCount;
    }

    /** Buffers that are in use now. */
    int inUse() {
        return count - freeCount;
    }

    @Override
    public void close() {
        assert freeCount == count : "staging buffers in use at close";
        if (block != null) {
            NativeMemory.free(block);
            block = null;
        }
    }
}
