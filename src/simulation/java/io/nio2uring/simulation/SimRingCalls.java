package io.nio2uring.simulation;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.nio2uring.abi.BufReg;
import io.nio2uring.abi.CqRingOffsets;
import io.nio2uring.abi.EnterFlag;
import io.nio2uring.abi.GeteventsArg;
import io.nio2uring.abi.MmapOffset;
import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.Params;
import io.nio2uring.abi.Probe;
import io.nio2uring.abi.ProbeOp;
import io.nio2uring.abi.RegisterOp;
import io.nio2uring.abi.SetupFlag;
import io.nio2uring.abi.SqRingOffsets;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.RawMemory;

/** Stands for {@link io.nio2uring.sys.RingCalls}. */
public final class SimRingCalls {
    public static final int REFUSED = -1;

    private SimRingCalls() {
    }

    private static Kernel kernel() {
        return Hooks.simulation.kernel;
    }

    public static int ioUringSetup(int entries, MemorySegment params) {
        int flags = params.get(ValueLayout.JAVA_INT, Params.FLAGS_OFFSET);
        if ((flags & ~kernel().release.setupFlags) != 0) {
            return -Errno.EINVAL;
        }
        if (kernel().isExhausted()) {
            return kernel().scheduler.rng.pick(-Errno.EMFILE, -Errno.ENFILE, -Errno.ENOMEM);
        }
        int sqEntries = roundedUp(entries);
        int cqEntries = (flags & SetupFlag.CQSIZE) == 0 ? 2 * sqEntries
                : roundedUp(params.get(ValueLayout.JAVA_INT, Params.CQ_ENTRIES_OFFSET));
        if (cqEntries < sqEntries) {
            return -Errno.EINVAL;
        }
        SimRing ring = new SimRing(kernel(), sqEntries, cqEntries, flags,
                params.get(ValueLayout.JAVA_INT, Params.SQ_THREAD_IDLE_OFFSET));
        put(params, Params.SQ_ENTRIES_OFFSET, sqEntries);
        put(params, Params.CQ_ENTRIES_OFFSET, cqEntries);
        put(params, Params.FEATURES_OFFSET, kernel().release.features);
        put(params, Params.SQ_OFF_OFFSET + SqRingOffsets.HEAD_OFFSET, SimRing.SQ_HEAD);
        put(params, Params.SQ_OFF_OFFSET + SqRingOffsets.TAIL_OFFSET, SimRing.SQ_TAIL);
        put(params, Params.SQ_OFF_OFFSET + SqRingOffsets.FLAGS_OFFSET, SimRing.SQ_FLAGS);
        put(params, Params.SQ_OFF_OFFSET + SqRingOffsets.ARRAY_OFFSET, ring.arrayOffset());
        put(params, Params.CQ_OFF_OFFSET + CqRingOffsets.HEAD_OFFSET, SimRing.CQ_HEAD);
        put(params, Params.CQ_OFF_OFFSET + CqRingOffsets.TAIL_OFFSET, SimRing.CQ_TAIL);
        put(params, Params.CQ_OFF_OFFSET + CqRingOffsets.OVERFLOW_OFFSET, SimRing.CQ_OVERFLOW);
        put(params, Params.CQ_OFF_OFFSET + CqRingOffsets.CQES_OFFSET, SimRing.ENTRIES);
        return kernel().install(ring);
    }

    private static int roundedUp(int entries) {
        return entries <= 1 ? 1 : Integer.highestOneBit(entries - 1) << 1;
    }

    private static void put(MemorySegment params, int offset, int value) {
        params.set(ValueLayout.JAVA_INT, offset, value);
    }

    public static int ioUringEnter(int fd, int toSubmit, int minComplete, int flags, long argAddress, long argSize) {
        Hooks.point();
        long timeoutNanos = -1;
        if ((flags & EnterFlag.EXT_ARG) != 0) {
            long timespec = RawMemory.getLong(argAddress + GeteventsArg.TS_OFFSET);
            timeoutNanos = RawMemory.getLong(timespec) * 1_000_000_000 + RawMemory.getLong(timespec + Long.BYTES);
            if (RawMemory.getInt(argAddress + GeteventsArg.MIN_WAIT_USEC_OFFSET) != 0) {
                throw kernel().scheduler.fail("a wait that sleeps over completions, on kernels of several years");
            }
        }
        return Math.max(enter(fd, toSubmit, minComplete, flags, timeoutNanos), REFUSED);
    }

    public static int ioUringEnterAgain(int fd, int toSubmit, int flags) {
        Hooks.point();
        return enter(fd, toSubmit, 0, flags, -1);
    }

    private static int enter(int fd, int toSubmit, int minComplete, int flags, long timeoutNanos) {
        int result = kernel().ring(fd).enter(toSubmit, minComplete, flags, timeoutNanos);
        Hooks.point();
        return result;
    }

    public static int ioUringRegister(int fd, int op, long argAddress, int nr) {
        kernel().ring(fd).lock();
        return switch (op) {
            case RegisterOp.REGISTER_PBUF_RING -> kernel().isExhausted() ? -Errno.ENOMEM
                    : kernel().ring(fd).register(group(argAddress),
                            RawMemory.getLong(argAddress + BufReg.RING_ADDR_OFFSET),
                            RawMemory.getInt(argAddress + BufReg.RING_ENTRIES_OFFSET));
            case RegisterOp.UNREGISTER_PBUF_RING -> kernel().ring(fd).unregister(group(argAddress));
            case RegisterOp.REGISTER_PROBE -> probe(argAddress, nr);
            case RegisterOp.REGISTER_NAPI -> 0;
            default -> -Errno.EINVAL;
        };
    }

    private static int group(long argAddress) {
        return RawMemory.getShort(argAddress + BufReg.BGID_OFFSET) & 0xffff;
    }

    private static int probe(long argAddress, int capacity) {
        int count = Math.min(Opcode.LAST + 1, capacity);
        RawMemory.putByte(argAddress + Probe.LAST_OP_OFFSET, (byte) Opcode.LAST);
        RawMemory.putByte(argAddress + Probe.OPS_LEN_OFFSET, (byte) count);
        for (int opcode = 0; opcode < count; opcode++) {
            long op = argAddress + Probe.OPS_OFFSET + (long) opcode * ProbeOp.SIZE_BYTES;
            RawMemory.putByte(op + ProbeOp.OP_OFFSET, (byte) opcode);
            RawMemory.putShort(op + ProbeOp.FLAGS_OFFSET,
                    (short) (kernel().release.supports(opcode) ? RegisterOp.OP_SUPPORTED : 0));
        }
        return 0;
    }

    public static int ioUringRegister(int fd, int op, MemorySegment arg, int nr) {
        return ioUringRegister(fd, op, arg.address(), nr);
    }

    public static long map(int fd, long lengthBytes, long offset) {
        if (kernel().isExhausted()) {
            return -Errno.ENOMEM;
        }
        SimRing ring = kernel().ring(fd);
        return offset == MmapOffset.SQES ? ring.sqes() : ring.rings();
    }

    public static void unmap(long address, long lengthBytes) {
        kernel().ringAt(address).unmap(address);
    }
}
