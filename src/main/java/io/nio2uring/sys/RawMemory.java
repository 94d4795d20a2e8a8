package io.nio2uring.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Plain access to native memory by address, without allocation and without bounds.
 *
 * <p>Nothing here is checked: the caller guarantees for each call that all bytes of the access are mapped, stay
 * mapped during it, and are aligned to the size of the access. A wrong address ends the JVM. Ordered access to what
 * is shared with the kernel is not here but in {@code ring.Cursors}.
 */
@SuppressWarnings("restricted")
public final class RawMemory {
    /** All of the address space, in the global scope: an offset into it is an address. */
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private RawMemory() {
    }

    /**
     * Reads a byte.
     *
     * @param address where; the caller guarantees that one byte is mapped there
     * @return the byte
     */
    public static byte getByte(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    /**
     * Writes a byte.
     *
     * @param address where; the caller guarantees that one byte is mapped there and is its own to write
     * @param value the byte
     */
    public static void putByte(long address, byte value) {
        ALL.set(ValueLayout.JAVA_BYTE, address, value);
    }

    /**
     * Reads 16 bits in native order.
     *
     * @param address where, a multiple of 2; the caller guarantees that two bytes are mapped there
     * @return the value
     */
    public static short getShort(long address) {
        return ALL.get(ValueLayout.JAVA_SHORT, address);
    }

    /**
     * Writes 16 bits in native order.
     *
     * @param address where, a multiple of 2; the caller guarantees that two bytes are mapped there and are its own
     * @param value the value
     */
    public static void putShort(long address, short value) {
        ALL.set(ValueLayout.JAVA_SHORT, address, value);
    }

    /**
     * Reads 32 bits in native order.
     *
     * @param address where, a multiple of 4; the caller guarantees that four bytes are mapped there
     * @return the value
     */
    public static int getInt(long address) {
        return ALL.get(ValueLayout.JAVA_INT, address);
    }

    /**
     * Writes 32 bits in native order.
     *
     * @param address where, a multiple of 4; the caller guarantees that four bytes are mapped there and are its own
     * @param value the value
     */
    public static void putInt(long address, int value) {
        ALL.set(ValueLayout.JAVA_INT, address, value);
    }

    /**
     * Reads 64 bits in native order.
     *
     * @param address where, a multiple of 8; the caller guarantees that eight bytes are mapped there
     * @return the value
     */
    public static long getLong(long address) {
        return ALL.get(ValueLayout.JAVA_LONG, address);
    }

    /**
     * Writes 64 bits in native order.
     *
     * @param address where, a multiple of 8; the caller guarantees that eight bytes are mapped there and are its own
     * @param value the value
     */
    public static void putLong(long address, long value) {
        ALL.set(ValueLayout.JAVA_LONG, address, value);
    }

    /**
     * Copies bytes; the ranges may overlap.
     *
     * @param source first byte to read; the caller guarantees that the whole range is mapped
     * @param target first byte to write; the caller guarantees that the whole range is mapped and is its own
     * @param lengthBytes how many, 0 or more
     */
    public static void copy(long source, long target, long lengthBytes) {
        MemorySegment.copy(ALL, source, ALL, target, lengthBytes);
    }

    /**
     * Copies bytes into a segment, also one on the heap.
     *
     * @param source first byte to read; the caller guarantees that the whole range is mapped
     * @param target where to
     * @param targetOffset first byte of {@code target} to write
     * @param lengthBytes how many, 0 or more
     */
    public static void copyTo(long source, MemorySegment target, long targetOffset, long lengthBytes) {
        MemorySegment.copy(ALL, source, target, targetOffset, lengthBytes);
    }

    /**
     * Copies bytes out of a segment, also one on the heap.
     *
     * @param source where from
     * @param sourceOffset first byte of {@code source} to read
     * @param target first byte to write; the caller guarantees that the whole range is mapped and is its own
     * @param lengthBytes how many, 0 or more
     */
    public static void copyFrom(MemorySegment source, long sourceOffset, long target, long lengthBytes) {
        MemorySegment.copy(source, sourceOffset, ALL, target, lengthBytes);
    }

    /**
     * Copies bytes into an array.
     *
     * @param source first byte to read; the caller guarantees that the whole range is mapped
     * @param target where to
     * @param targetIndex first element of {@code target} to write
     * @param lengthBytes how many, 0 or more
     */
    public static void copyTo(long source, byte[] target, int targetIndex, int lengthBytes) {
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, source, target, targetIndex, lengthBytes);
    }

    /**
     * Copies bytes out of an array.
     *
     * @param source where from
     * @param sourceIndex first element of {@code source} to read
     * @param target first byte to write; the caller guarantees that the whole range is mapped and is its own
     * @param lengthBytes how many, 0 or more
     */
    public static void copyFrom(byte[] source, int sourceIndex, long target, int lengthBytes) {
        MemorySegment.copy(source, sourceIndex, ALL, ValueLayout.JAVA_BYTE, target, lengthBytes);
    }

    /**
     * Writes zeros.
     *
     * @param address first byte; the caller guarantees that the whole range is mapped and is its own
     * @param lengthBytes how many, 0 or more
     */
    public static void clear(long address, long lengthBytes) {
        ALL.asSlice(address, lengthBytes).fill((byte) 0);
    }
}
