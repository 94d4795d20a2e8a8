package io.nio2uring.ring;

import java.lang.foreign.MemorySegment;

import io.nio2uring.abi.CqeFlag;
import io.nio2uring.abi.Feature;
import io.nio2uring.abi.KernelTimespec;
import io.nio2uring.abi.OpFlag;
import io.nio2uring.abi.Opcode;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.RawMemory;

/**
 * What every preparation of an operation does: checks, and one entry in the submission queue.
 */
abstract sealed class Preparation permits FileOperations {
    /** For {@code sqe.off} and others where an operation does not use them. */
    static final int NONE = 0;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    final SubmissionQueue submissions;
    final SequentialUse use = new SequentialUse();

    /**
     * A timespec for each entry: the kernel copies it when it takes the entry, so it has the lifetime of the slot.
     */
    private final MemorySegment timespecs;

    /** Whether messages can carry flags: Linux 6.3, like the feature that is asked for. */
    private final boolean messagesMarked;

    boolean closed;

    Preparation(SubmissionQueue submissions, int features) {
        this.submissions = submissions;
        this.messagesMarked = (features & Feature.REG_REG_RING) != 0;
        this.timespecs = NativeMemory.calloc((long) submissions.entries() * KernelTimespec.SIZE_BYTES);
    }

    /** Writes an entry, or returns false if the queue is full. */
    final boolean prepare(int opcode, int sqeFlags, int ioprio, int fd, long off, long addr, int len, int opFlags,
            long userData, int bufferGroup) {
        checkOpen();
        assert use.begin();
        boolean queued = submissions.push(opcode, sqeFlags, ioprio, fd, off, addr, len, opFlags, userData,
                bufferGroup, NONE);
        assert use.end();
        return queued;
    }

    /** As {@link #prepare}, with the address of a timespec in {@code sqe.addr}. */
    final boolean prepareTimed(int opcode, long nanos, int len, int opFlags, long userData) {
        checkOpen();
        long timespec = timespecs.address() + (long) submissions.nextSlot() * KernelTimespec.SIZE_BYTES;
        boolean queued = prepare(opcode, NONE, NONE, -1, NONE, timespec, len, opFlags, userData, NONE);
        if (queued) {
            writeTimespec(timespec, nanos);
        }
        return queued;
    }

    /**
     * A message, marked for the other ring as the final completion of nothing ({@code IORING_CQE_F_MORE}), so that it
     * can tell messages from its own operations when it waits for these to end.
     */
    final boolean prepareMessage(int targetRingFd, int result, long targetUserData, long userData) {
        checkOpen();
        assert use.begin();
        boolean queued = submissions.push(Opcode.MSG_RING, NONE, NONE, targetRingFd, targetUserData, OpFlag.MSG_DATA,
                result, messagesMarked ? OpFlag.MSG_RING_FLAGS_PASS : NONE, userData, NONE,
                messagesMarked ? CqeFlag.MORE : NONE);
        assert use.end();
        return queued;
    }

    final void checkOpen() {
        if (closed) {
            throw new IllegalStateException("ring is closed");
        }
    }

    /** Frees what this class owns; the kernel must have let go of it. */
    final void releaseTimespecs() {
        NativeMemory.free(timespecs);
    }

    static void writeTimespec(long address, long nanos) {
        RawMemory.putLong(address + KernelTimespec.TV_SEC_OFFSET, nanos / NANOS_PER_SECOND);
        RawMemory.putLong(address + KernelTimespec.TV_NSEC_OFFSET, nanos % NANOS_PER_SECOND);
    }

    /** The address of memory that the kernel can reach. */
    static long address(MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("memory on the Java heap, which moves: " + memory);
        }
        return memory.address();
    }

    /** A length, which the kernel would take for one of more than 2 GiB if it were negative, such as an errno. */
    static int checkLength(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("negative length: " + length);
        }
        return length;
    }

    /** The number of a buffer group, of which the entry holds 16 bits. */
    static int checkGroup(int group) {
        if (group >>> 16 != 0) {
            throw new IllegalArgumentException("buffer group: " + group + " is not in 0 to 65535");
        }
        return group;
    }

    /** The size of memory as the kernel's 32-bit length takes it. */
    static int length(MemorySegment memory) {
        long size = memory.byteSize();
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("longer than an operation can be: " + size + " bytes");
        }
        return (int) size;
    }
}
