package io.nio2uring.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls on descriptors of whatever kind, and event descriptors.
 *
 * <p>Unless said otherwise, methods return the result (0 or more) or {@code -errno}; all may be called by any thread.
 */
public final class FileCalls {
    /** {@code eventfd}: close on exec. */
    public static final int EFD_CLOEXEC = 0x80000;

    /** {@code eventfd}: reads and writes do not block. */
    public static final int EFD_NONBLOCK = 0x800;

    /** Descriptor flag: close on exec. */
    public static final int O_CLOEXEC = 0x80000;

    /** {@code getrlimit}: number of open files, the same on x86-64 and aarch64. */
    private static final int RLIMIT_NOFILE = 7;

    private static final MethodHandle CLOSE = NativeFunctions.plain("close");
    private static final MethodHandle DUP3 = NativeFunctions.capturing("dup3");
    private static final MethodHandle EVENTFD = NativeFunctions.capturing("eventfd");
    private static final MethodHandle READ = NativeFunctions.capturing("read");
    private static final MethodHandle GETRLIMIT = NativeFunctions.capturing("getrlimit");
    private static final MethodHandle SIGNAL_WRITE = NativeFunctions.plain("write");

    /** The eight bytes that {@link #signalEventfd} writes; never written again. */
    private static final long ONE_ADDRESS = Arena.global().allocateFrom(JAVA_LONG, 1L).address();

    private FileCalls() {
    }

    /**
     * {@code close(2)}. Never repeated: Linux has released the descriptor even when a signal interrupts the call, and
     * a second one could close what another thread has just opened under the same number. Allocates nothing: what is full
     * of descriptors, or of memory, is made less so by closing some.
     *
     * @param fd the descriptor, which must not be used any more whatever the result
     * @return 0, or -1 for an error, of which nobody could make anything
     */
    public static int close(int fd) {
        try {
            return (int) (long) CLOSE.invokeExact((long) fd, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw NativeFunctions.unexpected(t);
        }
    }

    /**
     * {@code dup3(2)}: lets a descriptor number refer to another file; what it referred to is closed.
     *
     * @param oldFd the file
     * @param newFd the number
     * @param flags {@code O_CLOEXEC} or 0
     * @return {@code newFd} or {@code -errno}
     */
    public static int dup3(int oldFd, int newFd, int flags) {
        return NativeFunctions.callForInt(DUP3, oldFd, newFd, flags, 0, 0);
    }

    /**
     * {@code eventfd(2)}.
     *
     * @param initial first value of the counter
     * @param flags {@code EFD_*}
     * @return the descriptor, or {@code -errno}
     */
    public static int eventfd(int initial, int flags) {
        return NativeFunctions.callForInt(EVENTFD, initial, flags, 0, 0, 0);
    }

    /**
     * Adds 1 to an eventfd. Allocates nothing, and may be called by any thread, virtual ones included.
     *
     * <p>Errors are not reported: a full counter ({@code EAGAIN}) has been signalled already, and for a descriptor
     * that is closed it is the caller's duty not to call. The kernel does not interrupt a write that does not block.
     *
     * @param fd a non-blocking eventfd that stays open during the call
     */
    public static void signalEventfd(int fd) {
        try {
            long ignored = (long) SIGNAL_WRITE.invokeExact((long) fd, ONE_ADDRESS, (long) Long.BYTES, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw NativeFunctions.unexpected(t);
        }
    }

    /**
     * Takes what was signalled to a non-blocking event descriptor.
     *
     * @param fd from {@link #eventfd}
     * @return how many signals have come since the last call; 0 for none
     */
    public static long readEventfd(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counter = arena.allocate(JAVA_LONG);
            long result =
                    NativeFunctions.call(READ, fd, counter.address(), JAVA_LONG.byteSize(), 0, 0, 0);
            return result < 0 ? 0 : counter.get(JAVA_LONG, 0);
        }
    }

    /**
     * How many files the process may have open (the soft limit {@code RLIMIT_NOFILE}).
     *
     * @return the limit, {@link Long#MAX_VALUE} for none, or {@code -errno}
     */
    public static long openFilesLimit() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(JAVA_LONG, 2);
            int result = NativeFunctions.callForInt(GETRLIMIT, RLIMIT_NOFILE, limits.address(), 0, 0, 0);
            if (result < 0) {
                return result;
            }
            long soft = limits.get(JAVA_LONG, 0);
            return soft < 0 ? Long.MAX_VALUE : soft;
        }
    }
}
