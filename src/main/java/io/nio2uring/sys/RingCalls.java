package io.nio2uring.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * What io_uring needs of the system: its three system calls, and the mapping of a ring's memory.
 *
 * <p>Methods return the result (0 or more) or {@code -errno}, unless they say otherwise, and may be called by any thread.
 */
public final class RingCalls {
    // The same on x86-64 and aarch64, as for every system call that is younger than Linux 5.0.
    private static final long NR_IO_URING_SETUP = 425;
    private static final long NR_IO_URING_ENTER = 426;
    private static final long NR_IO_URING_REGISTER = 427;

    private static final int MAP_SHARED = 1;
    private static final int MAP_POPULATE = 0x8000;

    /** What {@link #ioUringEnter} returns when the kernel has refused. */
    public static final int REFUSED = -1;

    private static final MethodHandle SYSCALL = NativeFunctions.syscall();
    private static final MethodHandle SYSCALL_WITHOUT_ERRNO = NativeFunctions.plain("syscall");

    private RingCalls() {
    }

    /**
     * {@code io_uring_setup(2)}.
     *
     * @param entries size of the submission queue
     * @param params a {@link io.nio2uring.abi.Params}, read and written
     * @return the descriptor of the ring (close-on-exec), or {@code -errno}
     */
    public static int ioUringSetup(int entries, MemorySegment params) {
        try (Arena arena = Arena.ofConfined()) {
            return syscall(captureState(arena), NR_IO_URING_SETUP, entries, params.address(), 0, 0, 0, 0);
        }
    }

    /**
     * {@code io_uring_enter(2)}, without allocation in whatever state the code is. Not repeated when a signal interrupts
     * it: the caller decides.
     *
     * <p>It does not tell errno. Java can get hold of that only by having it put into a segment, of which each call makes
     * a slice for itself; only compilers remove that again, and not in every place. {@link #ioUringEnterAgain} finds out.
     *
     * @param fd the ring, or its registered index with {@code IORING_ENTER_REGISTERED_RING}
     * @param toSubmit how many entries the kernel may take
     * @param minComplete how many completions to wait for
     * @param flags {@link io.nio2uring.abi.EnterFlag}s
     * @param argAddress address of the signal mask or of a {@link io.nio2uring.abi.GeteventsArg}, or 0; the caller
     *     guarantees that {@code argSize} bytes are mapped there
     * @param argSize its size in bytes
     * @return how many entries were taken, or {@link #REFUSED}
     */
    public static int ioUringEnter(int fd, int toSubmit, int minComplete, int flags, long argAddress, long argSize) {
        try {
            return (int) (long) SYSCALL_WITHOUT_ERRNO.invokeExact(NR_IO_URING_ENTER, (long) fd, (long) toSubmit,
                    (long) minComplete, (long) flags, argAddress, argSize);
        } catch (Throwable t) {
            throw NativeFunctions.unexpected(t);
        }
    }

    /**
     * {@code io_uring_enter(2)} once more after it was refused, without waiting and so without an argument: the reason if
     * it still holds; if not, it was one that passes (a signal, the end of a wait, a lack of memory or of room).
     *
     * @param fd as before
     * @param toSubmit as before
     * @param flags as before, without {@code IORING_ENTER_EXT_ARG}
     * @return how many entries were taken, or {@code -errno}
     */
    public static int ioUringEnterAgain(int fd, int toSubmit, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return syscall(captureState(arena), NR_IO_URING_ENTER, fd, toSubmit, 0, flags, 0, 0);
        }
    }

    /**
     * {@code io_uring_register(2)}. Not repeated when a signal interrupts it: the caller decides.
     *
     * @param fd the ring
     * @param op a {@link io.nio2uring.abi.RegisterOp}
     * @param argAddress address of the argument, or 0; the caller guarantees that all of it is mapped
     * @param nr what the operation counts
     * @return the operation's result, or {@code -errno}
     */
    public static int ioUringRegister(int fd, int op, long argAddress, int nr) {
        try (Arena arena = Arena.ofConfined()) {
            return syscall(captureState(arena), NR_IO_URING_REGISTER, fd, op, argAddress, nr, 0, 0);
        }
    }

    /**
     * {@code io_uring_register(2)} with a segment as argument.
     *
     * @param fd the ring
     * @param op a {@link io.nio2uring.abi.RegisterOp}
     * @param arg the argument, a native segment
     * @param nr what the operation counts
     * @return the operation's result, or {@code -errno}
     */
    public static int ioUringRegister(int fd, int op, MemorySegment arg, int nr) {
        return ioUringRegister(fd, op, arg.address(), nr);
    }

    /**
     * Maps a part of a ring's memory, shared with the kernel, all pages present.
     *
     * @param fd the ring
     * @param lengthBytes how much
     * @param offset a {@link io.nio2uring.abi.MmapOffset}
     * @return the address, for {@link #unmap}, or {@code -errno}
     */
    public static long map(int fd, long lengthBytes, long offset) {
        return NativeMemory.mmap(lengthBytes, MAP_SHARED | MAP_POPULATE, fd, offset);
    }

    /**
     * Gives a mapping back. The caller guarantees that nobody uses it any more.
     *
     * @param address from {@link #map}
     * @param lengthBytes how much was mapped
     */
    public static void unmap(long address, long lengthBytes) {
        NativeMemory.munmap(address, lengthBytes);
    }

    private static MemorySegment captureState(Arena arena) {
        return arena.allocate(NativeFunctions.CAPTURE_LAYOUT);
    }

    private static int syscall(MemorySegment captureState, long number, long a, long b, long c, long d, long e,
            long f) {
        try {
            long result = (long) SYSCALL.invokeExact(captureState, number, a, b, c, d, e, f);
            return result == -1 ? -NativeFunctions.errno(captureState) : (int) result;
        } catch (Throwable t) {
            throw NativeFunctions.unexpected(t);
        }
    }
}
