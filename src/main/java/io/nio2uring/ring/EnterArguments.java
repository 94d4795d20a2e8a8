package io.nio2uring.ring;

import java.lang.foreign.MemorySegment;

import io.nio2uring.abi.EnterFlag;
import io.nio2uring.abi.GeteventsArg;
import io.nio2uring.abi.KernelTimespec;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.RawMemory;
import io.nio2uring.sys.RingCalls;

/**
 * {@code io_uring_enter(2)} with the memory that a call needs, allocated once for each ring: the argument of timed
 * waits. Not thread-safe.
 */
final class EnterArguments {
    private static final long TIMESPEC_OFFSET = GeteventsArg.SIZE_BYTES;

    private final MemorySegment memory = NativeMemory.calloc(TIMESPEC_OFFSET + KernelTimespec.SIZE_BYTES);
    private final CompletionQueue completions;
    private long calls;

    EnterArguments(CompletionQueue completions) {
        this.completions = completions;
        RawMemory.putLong(memory.address() + GeteventsArg.TS_OFFSET, memory.address() + TIMESPEC_OFFSET);
    }

    /** One call without a limit of time: entries taken, or {@code -errno}. */
    int enter(int fd, int toSubmit, int minComplete, int flags) {
        calls++;
        int taken = RingCalls.ioUringEnter(fd, toSubmit, minComplete, flags, 0L, 0L);
        return taken != RingCalls.REFUSED ? taken : reason(fd, toSubmit, flags);
    }

    /** One call that waits at most so long: entries taken, or {@code -errno}. */
    int enterTimed(int fd, int toSubmit, int minComplete, int flags, long timeoutNanos) {
        int taken = call(fd, toSubmit, minComplete, flags, timeoutNanos);
        return taken != RingCalls.REFUSED ? taken : reason(fd, toSubmit, flags);
    }

    /**
     * As {@link #enterTimed} for a call that another one follows: a refusal, mostly because the time is over, is 0 entries
     * taken. If there is another reason for it, the next call meets that, too, but for lost completions.
     */
    int enterForBurst(int fd, int toSubmit, int minComplete, int flags, long timeoutNanos) {
        int taken = call(fd, toSubmit, minComplete, flags, timeoutNanos);
        if (taken != RingCalls.REFUSED) {
            return taken;
        }
        return completions.hasLost() ? -Errno.EBADR : 0;
    }

    private int call(int fd, int toSubmit, int minComplete, int flags, long timeoutNanos) {
        calls++;
        long argument = memory.address();
        Preparation.writeTimespec(argument + TIMESPEC_OFFSET, timeoutNanos);
        return RingCalls.ioUringEnter(fd, toSubmit, minComplete, flags | EnterFlag.EXT_ARG, argument,
                GeteventsArg.SIZE_BYTES);
    }

    /**
     * Why a call was refused, as {@code -errno}; or, if a second call is not refused, what that took. The kernel reports
     * lost completions only once, so a second call would not tell of them; the queue's counter does.
     */
    private int reason(int fd, int toSubmit, int flags) {
        if (completions.hasLost()) {
            return -Errno.EBADR;
        }
        calls++;
        return RingCalls.ioUringEnterAgain(fd, toSubmit, flags);
    }

    /** How often the system call was made. */
    long calls() {
        return calls;
    }

    void close() {
        NativeMemory.free(memory);
    }
}
