package io.nio2uring.ring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

import io.nio2uring.abi.Buf;
import io.nio2uring.abi.BufReg;
import io.nio2uring.abi.RegisterOp;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.RingCalls;
import io.nio2uring.sys.SystemCallException;

/**
 * A group of buffers of equal size, out of which the kernel picks one when data arrives. A buffer belongs to the
 * kernel until a completion names it ({@link Completion#bufferId}), then to the application until it is recycled, in
 * any order. When all are with the application, receives end with {@code -ENOBUFS}.
 *
 * {@snippet file="RingSnippets.java" region="buffers"}
 *
 * <p>Not thread-safe: to be used like its ring, by the same thread at a time, which an assertion checks as it does for
 * the ring. Source: {@code io_uring_register(2)},
 * {@code IORING_REGISTER_PBUF_RING} (Linux 5.19).
 */
public final class ProvidedBufferRing implements AutoCloseable {
    /** Largest number of buffers of a group. */
    public static final int MAX_ENTRIES = 32_768;

    private final int ringFd;
    /** The ring's. */
    private final SequentialUse use;
    private final int group;
    private final int entries;
    private final int bufferSizeBytes;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffers;
    private final BufferQueue queue;
    private boolean closed;

    ProvidedBufferRing(int ringFd, SequentialUse use, int entries, int bufferSizeBytes, int group, boolean incremental)
            throws IOException {
        if (entries < 1 || entries > MAX_ENTRIES || Integer.bitCount(entries) != 1) {
            throw new IllegalArgumentException("entries: " + entries + " is not a power of two in 1 to " + MAX_ENTRIES);
        }
        if (bufferSizeBytes < 1) {
            throw new IllegalArgumentException("bufferSizeBytes: " + bufferSizeBytes);
        }
        this.ringFd = ringFd;
        this.use = use;
        this.group = Preparation.checkGroup(group);
        this.entries = entries;
        this.bufferSizeBytes = bufferSizeBytes;
        long queueBytes = (long) entries * Buf.SIZE_BYTES;
        boolean registered = false;
        try {
            MemorySegment memory = NativeMemory.mapAnonymous(queueBytes + (long) entries * bufferSizeBytes, arena);
            this.buffers = memory.asSlice(queueBytes);
            this.queue = new BufferQueue(memory.address(), entries);
            register(memory.address(), incremental ? RegisterOp.PBUF_RING_INC : 0);
            registered = true;
        } finally {
            if (!registered) {
                arena.close();
            }
        }
        for (int id = 0; id < entries; id++) {
            queue.add(address(id), bufferSizeBytes, id);
        }
        queue.publish();
    }

    private void register(long queueAddress, int flags) throws IOException {
        int result = register(RegisterOp.REGISTER_PBUF_RING, queueAddress, flags);
        if (result < 0) {
            throw new SystemCallException(
                    "io_uring_register of buffer group " + group + " with " + entries + " buffers", -result);
        }
    }

    private int register(int op, long queueAddress, int flags) {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment argument = temporary.allocate(BufReg.SIZE_BYTES, Long.BYTES);
            argument.set(ValueLayout.JAVA_LONG, BufReg.RING_ADDR_OFFSET, queueAddress);
            argument.set(ValueLayout.JAVA_INT, BufReg.RING_ENTRIES_OFFSET, entries);
            argument.set(ValueLayout.JAVA_SHORT, BufReg.BGID_OFFSET, (short) group);
            argument.set(ValueLayout.JAVA_SHORT, BufReg.FLAGS_OFFSET, (short) flags);
            return RingCalls.ioUringRegister(ringFd, op, argument, 1);
        }
    }

    /**
     * The number of this group, for {@code prepRecv…}.
     *
     * @return the group, 0 to 65,535
     */
    public int group() {
        return group;
    }

    /**
     * How many buffers there are.
     *
     * @return their number; ids run from 0
     */
    public int entries() {
        return entries;
    }

    /**
     * How large each buffer is.
     *
     * @return bytes
     */
    public int bufferSizeBytes() {
        return bufferSizeBytes;
    }

    /**
     * The first bytes of a buffer.
     *
     * @param id the buffer, as {@link Completion#bufferId} names it
     * @param length how many bytes, usually {@link Completion#result}
     * @return a view of the buffer's own memory, with meaningful content until {@link #recycle}; access after the
     *     ring is closed fails
     * @throws IndexOutOfBoundsException if there is no such buffer, or it is shorter
     * @throws IllegalStateException if the group is closed
     */
    public MemorySegment bytes(int id, int length) {
        return bytes(id, 0, length);
    }

    /**
     * Some bytes of a buffer, for incremental consumption.
     *
     * @param id the buffer, as {@link Completion#bufferId} names it
     * @param offset the first byte
     * @param length how many bytes
     * @return a view of the buffer's own memory, with meaningful content until {@link #recycle}; access after the
     *     ring is closed fails
     * @throws IndexOutOfBoundsException if there is no such buffer, or it is shorter
     * @throws IllegalStateException if the group is closed
     */
    public MemorySegment bytes(int id, int offset, int length) {
        checkOpen();
        Objects.checkIndex(id, entries);
        Objects.checkFromIndexSize(offset, length, bufferSizeBytes);
        return buffers.asSlice((long) id * bufferSizeBytes + offset, length);
    }

    /**
     * The address of a buffer, for copying without allocation. Unchecked: the memory is mapped until the ring is
     * closed.
     *
     * @param id the buffer, as {@link Completion#bufferId} names it
     * @return the address of its first byte
     */
    public long address(int id) {
        return buffers.address() + (long) id * bufferSizeBytes;
    }

    /**
     * Gives a buffer back to the kernel, which may fill it at once. Each buffer may be given back once for each time
     * that a completion named it: this is not checked, and doing it twice lets the kernel fill it twice.
     *
     * @param id the buffer, as {@link Completion#bufferId} named it
     * @throws IndexOutOfBoundsException if there is no such buffer
     * @throws IllegalStateException if the group is closed
     */
    public void recycle(int id) {
        checkOpen();
        Objects.checkIndex(id, entries);
        assert use.begin();
        queue.add(address(id), bufferSizeBytes, id);
        queue.publish();
        assert use.end();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("buffer group " + group + " is closed");
        }
    }

    /**
     * Takes the group from the kernel: receives that are armed on it end with {@code -ENOBUFS} when data arrives.
     * Does nothing if it is closed. The number is free for another group at once; but kernels before Linux 6.9 confuse a
     * group with an earlier one of the same number below 64: take another number, or one from 64 on. The memory is kept
     * until the ring is closed, since a receive that picked a buffer before this call may still be filling it.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            int result = register(RegisterOp.UNREGISTER_PBUF_RING, 0L, 0);
            // Other refusals are of a group or a ring that does not exist, and both exist here. Where the only thread that
            // may do this has ended, the group ends with the ring.
            assert result == 0 || result == -Errno.EEXIST : result;
        }
    }

    /** Frees the memory. The kernel must have let go of all operations of the ring. */
    void release() {
        closed = true;
        arena.close();
    }
}
