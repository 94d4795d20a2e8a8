package io.nio2uring.ring;

import java.lang.foreign.MemorySegment;

import io.nio2uring.abi.EnterFlag;
import io.nio2uring.abi.GeteventsArg;
import io.nio2uring.abi.KernelTimespec;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.RawMemory;
import io.nio2uring.sys.RingCalls;

/**
 * {@code io_uring_enter(2)} with the memory that a call needs, allocated once for each ring: the timeout's argument
 * and room for errno. Not thread-safe.
 */
final class EnterArguments {
    private static final long TIMESPEC_OFFSET = GeteventsArg.SIZE_BYTES;
    private static final long CAPTURE_OFFSET = TIMESPEC_OFFSET + KernelTimespec.SIZE_BYTES;

    // In the global scope, where a downcall checks no liveness: the owning ring checks that it is open.
    private final MemorySegment memory = NativeMemory.calloc(CAPTURE_OFFSET + RingCalls.captureStateBytes());
    private final MemorySegment captureState = memory.asSlice(CAPTURE_OFFSET);

    EnterArguments() {
        RawMemory.putLong(memory.address() + GeteventsArg.TS_OFFSET, memory.address() + TIMESPEC_OFFSET);
    }

    /** One call without a limit of time: entries taken, or {@code -errno}. */
    int enter(int fd, int toSubmit, int minComplete, int flags) {
        return RingCalls.ioUringEnter(fd, toSubmit, minComplete, flags, 0L, 0L, captureState);
    }

    /** One call that waits at most so long: entries taken, or {@code -errno}. */
    int enterTimed(int fd, int toSubmit, int minComplete, int flags, long timeoutNanos) {
        Preparation.writeTimespec(memory.address() + TIMESPEC_OFFSET, timeoutNanos);
        return RingCalls.ioUringEnter(fd, toSubmit, minComplete, flags | EnterFlag.EXT_ARG, memory.address(),
                GeteventsArg.SIZE_BYTES, captureState);
    }

    void close() {
        NativeMemory.free(memory);
    }
}
