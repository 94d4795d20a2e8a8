package io.nio2uring.ring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.nio2uring.abi.Napi;
import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.Probe;
import io.nio2uring.abi.ProbeOp;
import io.nio2uring.abi.RegisterOp;
import io.nio2uring.abi.RsrcRegister;
import io.nio2uring.abi.RsrcUpdate;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.RingCalls;
import io.nio2uring.sys.SystemCallException;

/**
 * What is registered with a ring: its own descriptor, buffer groups, files. Not thread-safe.
 */
final class Registrations {
    /** The kernel takes up to 256 in a probe; opcodes are bytes. */
    private static final int PROBE_OPS = 256;

    private final int fd;
    private final SequentialUse use;
    private final List<ProvidedBufferRing> bufferRings = new ArrayList<>();
    /** What threads that are alive have registered, which only they can undo. */
    private final Map<Thread, Integer> ringFdIndexes = new HashMap<>();
    /** The thread whose registration is used; null for none. */
    private Thread ringFdThread;
    private int ringFdIndex;

    Registrations(int fd, SequentialUse use) {
        this.fd = fd;
        this.use = use;
    }

    boolean registerRingFd() {
        Thread current = Thread.currentThread();
        if (current.isVirtual()) {
            return false;
        }
        Integer index = ringFdIndexes.get(current);
        if (index == null) {
            index = addRingFd();
            if (index < 0) {
                return false;
            }
            ringFdIndexes.keySet().removeIf(thread -> !thread.isAlive());
            ringFdIndexes.put(current, index);
        }
        ringFdIndex = index;
        ringFdThread = current;
        return true;
    }

    /** Registers the descriptor for the current thread; less than 0 if the kernel refuses. */
    private int addRingFd() {
        try (Arena arena = Arena.ofConfined()) {
            // Offset -1: the kernel picks the index.
            MemorySegment update = ringFdUpdate(arena, -1, fd);
            if (RingCalls.ioUringRegister(fd, RegisterOp.REGISTER_RING_FDS, update, 1) != 1) {
                return -1;
            }
            return update.get(ValueLayout.JAVA_INT, RsrcUpdate.OFFSET_OFFSET);
        }
    }

    /** Whether the current thread is the one whose registration is used. */
    boolean ringFdUsable() {
        return ringFdThread != null && ringFdThread == Thread.currentThread();
    }

    int ringFdIndex() {
        return ringFdIndex;
    }

    private static MemorySegment ringFdUpdate(Arena arena, int index, int fd) {
        MemorySegment update = arena.allocate(RsrcUpdate.SIZE_BYTES, Long.BYTES);
        update.set(ValueLayout.JAVA_INT, RsrcUpdate.OFFSET_OFFSET, index);
        update.set(ValueLayout.JAVA_LONG, RsrcUpdate.DATA_OFFSET, fd);
        return update;
    }

    ProvidedBufferRing registerBufRing(int entries, int bufferSizeBytes, int group, boolean incremental)
            throws IOException {
        ProvidedBufferRing ring = new ProvidedBufferRing(fd, use, entries, bufferSizeBytes, group, incremental);
        bufferRings.add(ring);
        return ring;
    }

    void registerNapi(int busyPollMicros) throws IOException {
        if (busyPollMicros < 0) {
            throw new IllegalArgumentException("busyPollMicros: " + busyPollMicros);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argument = arena.allocate(Napi.SIZE_BYTES, Long.BYTES);
            argument.set(ValueLayout.JAVA_INT, Napi.BUSY_POLL_TO_OFFSET, busyPollMicros);
            argument.set(ValueLayout.JAVA_BYTE, Napi.PREFER_BUSY_POLL_OFFSET, (byte) 1);
            int op = busyPollMicros > 0 ? RegisterOp.REGISTER_NAPI : RegisterOp.UNREGISTER_NAPI;
            int result = RingCalls.ioUringRegister(fd, op, argument, 1);
            if (result < 0) {
                throw new IOException(Errno.message("io_uring_register of NAPI busy polling", -result));
            }
        }
    }

    void registerFilesSparse(int count) throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("count: " + count);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argument = arena.allocate(RsrcRegister.SIZE_BYTES, Long.BYTES);
            argument.set(ValueLayout.JAVA_INT, RsrcRegister.NR_OFFSET, count);
            argument.set(ValueLayout.JAVA_INT, RsrcRegister.FLAGS_OFFSET, RegisterOp.RSRC_REGISTER_SPARSE);
            // The count of this call is the size of its argument.
            int result =
                    RingCalls.ioUringRegister(fd, RegisterOp.REGISTER_FILES2, argument, RsrcRegister.SIZE_BYTES);
            if (result == -Errno.EMFILE) {
                throw new IOException(Errno.message("io_uring_register of " + count + " file slots", -result)
                        + ": RLIMIT_NOFILE is " + FileCalls.openFilesLimit() + ", and the kernel's own limit 1048576");
            }
            if (result < 0) {
                throw new IOException(Errno.message("io_uring_register of " + count + " file slots", -result));
            }
        }
    }

    void updateFileSlot(int index, int slotFd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocateFrom(ValueLayout.JAVA_INT, Math.max(slotFd, -1));
            MemorySegment update = arena.allocate(RsrcUpdate.SIZE_BYTES, Long.BYTES);
            update.set(ValueLayout.JAVA_INT, RsrcUpdate.OFFSET_OFFSET, index);
            update.set(ValueLayout.JAVA_LONG, RsrcUpdate.DATA_OFFSET, fds.address());
            int result = RingCalls.ioUringRegister(fd, RegisterOp.REGISTER_FILES_UPDATE, update, 1);
            if (result < 0) {
                throw new IOException(
                        Errno.message("io_uring_register of fd " + slotFd + " in file slot " + index, -result));
            }
        }
    }

    /** A completion is posted, and its file let go, in one hold of the ring's lock, which each registration takes. */
    void awaitFileReleases() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment probe = arena.allocate(Probe.SIZE_BYTES, Long.BYTES);
            int result = RingCalls.ioUringRegister(fd, RegisterOp.REGISTER_PROBE, probe, 0);
            if (result < 0) {
                throw new SystemCallException("io_uring_register for a probe of nothing", -result);
            }
        }
    }

    RingProbe probe() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment probe = arena.allocate(Probe.SIZE_BYTES + (long) PROBE_OPS * ProbeOp.SIZE_BYTES, Long.BYTES);
            int result = RingCalls.ioUringRegister(fd, RegisterOp.REGISTER_PROBE, probe, PROBE_OPS);
            if (result < 0) {
                throw new SystemCallException("io_uring_register for a probe", -result);
            }
            BitSet supported = new BitSet(Opcode.LAST);
            int count = Byte.toUnsignedInt(probe.get(ValueLayout.JAVA_BYTE, Probe.OPS_LEN_OFFSET));
            for (int i = 0; i < count; i++) {
                long op = Probe.OPS_OFFSET + (long) i * ProbeOp.SIZE_BYTES;
                int flags = probe.get(ValueLayout.JAVA_SHORT, op + ProbeOp.FLAGS_OFFSET);
                if ((flags & RegisterOp.OP_SUPPORTED) != 0) {
                    supported.set(Byte.toUnsignedInt(probe.get(ValueLayout.JAVA_BYTE, op + ProbeOp.OP_OFFSET)));
                }
            }
            return new RingProbe(supported);
        }
    }

    /**
     * Undoes what outlives the ring's descriptor.
     *
     * @param released whether the kernel has let go of all operations; if not, the buffers are given up, not freed
     */
    void close(boolean released) {
        Integer index = ringFdIndexes.get(Thread.currentThread());
        if (index != null) {
            // Else the thread would hold the ring open until it ends.
            try (Arena arena = Arena.ofConfined()) {
                RingCalls.ioUringRegister(fd, RegisterOp.UNREGISTER_RING_FDS, ringFdUpdate(arena, index, 0), 1);
            }
        }
        for (ProvidedBufferRing ring : bufferRings) {
            ring.close();
            if (released) {
                ring.release();
            }
        }
    }
}
