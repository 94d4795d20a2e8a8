package io.nio2uring.ring;

import io.nio2uring.abi.Buf;
import io.nio2uring.abi.BufRing;
import io.nio2uring.sys.RawMemory;

/**
 * The queue of a provided-buffer ring: buffers are added at a 16-bit tail, and the kernel takes them at a head that
 * it keeps to itself. It never holds more than its size, since it never holds a buffer twice.
 *
 * <p>Works on any memory, so that tests can play the kernel. Not thread-safe: one thread at a time is the producer.
 */
final class BufferQueue {
    private final long address;
    /**
     * Written here with release, read by the kernel: entries before it are complete. It lies over a reserved field of
     * the first entry, which is why entries are written field by field.
     */
    private final long tailAddress;
    private final int mask;

    private short tail;

    /**
     * Takes over an empty queue whose tail may stand anywhere.
     *
     * @param address the first entry, aligned to 8 bytes
     * @param entries their number, a power of two
     */
    BufferQueue(long address, int entries) {
        assert Integer.bitCount(entries) == 1 : entries;
        this.address = address;
        this.tailAddress = address + BufRing.TAIL_OFFSET;
        this.mask = entries - 1;
        this.tail = RawMemory.getShort(tailAddress);
    }

    /** Writes an entry; the kernel sees it after {@link #publish}. */
    void add(long bufferAddress, int lengthBytes, int id) {
        long entry = address + (long) (tail & mask) * Buf.SIZE_BYTES;
        RawMemory.putLong(entry + Buf.ADDR_OFFSET, bufferAddress);
        RawMemory.putInt(entry + Buf.LEN_OFFSET, lengthBytes);
        RawMemory.putShort(entry + Buf.BID_OFFSET, (short) id);
        tail++;
    }

    /** Gives every entry written so far to the kernel. */
    void publish() {
        Cursors.publish16(tailAddress, tail);
    }
}
