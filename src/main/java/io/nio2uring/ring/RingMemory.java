package io.nio2uring.ring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.nio2uring.abi.CqRingOffsets;
import io.nio2uring.abi.Cqe;
import io.nio2uring.abi.Feature;
import io.nio2uring.abi.MmapOffset;
import io.nio2uring.abi.Params;
import io.nio2uring.abi.SetupFlag;
import io.nio2uring.abi.SqRingOffsets;
import io.nio2uring.abi.Sqe;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.RawMemory;
import io.nio2uring.sys.RingCalls;
import io.nio2uring.sys.SystemCallException;

/**
 * A ring's descriptor and its mappings: one for both rings, one for the entries.
 */
final class RingMemory {
    /** Without these (all in Linux 5.11) rings would need other code here: separate mappings, lost completions, … */
    private static final int REQUIRED_FEATURES =
            Feature.SINGLE_MMAP | Feature.NODROP | Feature.SUBMIT_STABLE | Feature.EXT_ARG;

    final int fd;
    final int setupFlags;
    final int features;
    final SubmissionQueue submissions;
    final CompletionQueue completions;
    private final long rings;
    private final long ringsBytes;
    private final long sqes;
    private final long sqesBytes;

    private RingMemory(int fd, MemorySegment params) throws IOException {
        this.fd = fd;
        this.setupFlags = get(params, Params.FLAGS_OFFSET);
        this.features = get(params, Params.FEATURES_OFFSET);
        requireFeatures(features);
        int sqEntries = get(params, Params.SQ_ENTRIES_OFFSET);
        int cqEntries = get(params, Params.CQ_ENTRIES_OFFSET);
        MemorySegment sq = params.asSlice(Params.SQ_OFF_OFFSET, SqRingOffsets.SIZE_BYTES);
        MemorySegment cq = params.asSlice(Params.CQ_OFF_OFFSET, CqRingOffsets.SIZE_BYTES);
        boolean indexArray = (setupFlags & SetupFlag.NO_SQARRAY) == 0;
        long sqBytes = indexArray ? get(sq, SqRingOffsets.ARRAY_OFFSET) + (long) sqEntries * Integer.BYTES : 0;
        long cqBytes = get(cq, CqRingOffsets.CQES_OFFSET) + (long) cqEntries * Cqe.SIZE_BYTES;
        this.ringsBytes = Math.max(sqBytes, cqBytes);
        this.sqesBytes = (long) sqEntries * Sqe.SIZE_BYTES;
        this.rings = map(ringsBytes, MmapOffset.SQ_RING);
        try {
            this.sqes = map(sqesBytes, MmapOffset.SQES);
        } catch (IOException e) {
            RingCalls.unmap(rings, ringsBytes);
            throw e;
        }
        if (indexArray) {
            // Entry i is always in slot i, so the index array is written once.
            long array = rings + get(sq, SqRingOffsets.ARRAY_OFFSET);
            for (int i = 0; i < sqEntries; i++) {
                RawMemory.putInt(array + (long) i * Integer.BYTES, i);
            }
        }
        this.submissions = new SubmissionQueue(rings + get(sq, SqRingOffsets.HEAD_OFFSET),
                rings + get(sq, SqRingOffsets.TAIL_OFFSET), rings + get(sq, SqRingOffsets.FLAGS_OFFSET), sqes,
                sqEntries);
        this.completions = new CompletionQueue(rings + get(cq, CqRingOffsets.HEAD_OFFSET),
                rings + get(cq, CqRingOffsets.TAIL_OFFSET), rings + get(cq, CqRingOffsets.OVERFLOW_OFFSET),
                rings + get(cq, CqRingOffsets.CQES_OFFSET), cqEntries);
    }

    /** Refuses a kernel without what is needed here. */
    static void requireFeatures(int features) throws IOException {
        if ((features & REQUIRED_FEATURES) != REQUIRED_FEATURES) {
            throw new IOException("io_uring of this kernel lacks features (has 0x" + Integer.toHexString(features)
                    + ", needs 0x" + Integer.toHexString(REQUIRED_FEATURES) + "): Linux 5.11 or later is needed");
        }
    }

    /** Sets a ring up and maps it; on failure nothing is left open. */
    static RingMemory open(RingParameters parameters) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(Params.SIZE_BYTES, Long.BYTES);
            int flags = parameters.setupFlags();
            if (parameters.completionEntries() != 0) {
                flags |= SetupFlag.CQSIZE;
                put(params, Params.CQ_ENTRIES_OFFSET, parameters.completionEntries());
            }
            if (parameters.sqThreadCpu() >= 0) {
                flags |= SetupFlag.SQ_AFF;
                put(params, Params.SQ_THREAD_CPU_OFFSET, parameters.sqThreadCpu());
            }
            put(params, Params.SQ_THREAD_IDLE_OFFSET, parameters.sqThreadIdleMillis());
            put(params, Params.FLAGS_OFFSET, flags);
            int fd = RingCalls.ioUringSetup(parameters.entries(), params);
            if (fd < 0) {
                throw new SystemCallException("io_uring_setup with " + parameters, -fd);
            }
            try {
                return new RingMemory(fd, params);
            } catch (IOException | RuntimeException | Error e) {
                FileCalls.close(fd);
                throw e;
            }
        }
    }

    /** Unmaps and closes. The kernel must have let go of every operation's memory. */
    void close() {
        RingCalls.unmap(sqes, sqesBytes);
        RingCalls.unmap(rings, ringsBytes);
        FileCalls.close(fd);
    }

    private long map(long lengthBytes, long offset) throws IOException {
        long address = RingCalls.map(fd, lengthBytes, offset);
        if (address < 0) {
            throw new SystemCallException("mmap of io_uring", (int) -address);
        }
        return address;
    }

    private static int get(MemorySegment struct, long offset) {
        return struct.get(ValueLayout.JAVA_INT, offset);
    }

    private static void put(MemorySegment params, long offset, int value) {
        params.set(ValueLayout.JAVA_INT, offset, value);
    }
}
