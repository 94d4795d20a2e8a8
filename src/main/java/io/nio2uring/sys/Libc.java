package io.nio2uring.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Functions of the C library, linked once.
 *
 * <p>Unless said otherwise, a method returns the function's result (0 or more), or {@code -errno}; none throws for an
 * error of the system. Memory arguments must be native segments that stay alive during the call; none is kept. All
 * methods may be called by any thread; errno is captured for each call in memory of that call's own, so nothing
 * grows with the number of threads. A call interrupted by a signal is repeated where that is safe, and where not the
 * method says so.
 */
// One method for each function, a few lines each: splitting by theme would only make finding one harder.
@SuppressWarnings("restricted")
public final class Libc {
    /** {@code mmap} protection: pages may be read. */
    public static final int PROT_READ = 1;

    /** {@code mmap} protection: pages may be written. */
    public static final int PROT_WRITE = 2;

    /** {@code mmap}: changes are shared. */
    public static final int MAP_SHARED = 1;

    /** {@code mmap}: changes are the process's own. */
    public static final int MAP_PRIVATE = 2;

    /** {@code mmap}: no file, zeros. */
    public static final int MAP_ANONYMOUS = 0x20;

    /** {@code mmap}: fill the page tables at once. */
    public static final int MAP_POPULATE = 0x8000;

    /** {@code eventfd}: close on exec. */
    public static final int EFD_CLOEXEC = 0x80000;

    /** {@code eventfd}: reads and writes do not block. */
    public static final int EFD_NONBLOCK = 0x800;

    /** {@code fcntl}: get the status flags. */
    public static final int F_GETFL = 3;

    /** {@code fcntl}: set the status flags. */
    public static final int F_SETFL = 4;

    /** Status flag: the file does not block. */
    public static final int O_NONBLOCK = 0x800;

    /** Descriptor flag: close on exec. */
    public static final int O_CLOEXEC = 0x80000;

    /** {@code sysconf}: bytes of a page (the same number in glibc and musl). */
    private static final int SC_PAGESIZE = 30;

    /** {@code getrlimit}: number of open files, the same on x86-64 and aarch64. */
    private static final int RLIMIT_NOFILE = 7;

    // The same on x86-64 and aarch64, as for every system call that is younger than Linux 5.0.
    private static final long NR_IO_URING_SETUP = 425;
    private static final long NR_IO_URING_ENTER = 426;
    private static final long NR_IO_URING_REGISTER = 427;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CAPTURE_LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            CAPTURE_LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

    // int syscall(long number, ...): every variadic argument is passed as a long, since the callee reads longs.
    private static final MethodHandle SYSCALL_2 = variadic(2);
    private static final MethodHandle SYSCALL_4 = variadic(4);
    private static final MethodHandle SYSCALL_6 = variadic(6);
    private static final MethodHandle MMAP =
            capturing("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = capturing("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SOCKET = capturing("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = capturing("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = capturing("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CONNECT = capturing("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle ACCEPT4 = capturing("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle SHUTDOWN = capturing("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle DUP3 = capturing("dup3", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = capturing("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = capturing("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle GETPEERNAME = capturing("getpeername", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SETSOCKOPT =
            capturing("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            capturing("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle EVENTFD = capturing("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle PIPE = capturing("pipe", JAVA_INT, ADDRESS);
    private static final MethodHandle SOCKETPAIR =
            capturing("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle READ = capturing("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE = capturing("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SEND = capturing("send", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV = capturing("recv", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle FCNTL = variadicFcntl();
    private static final MethodHandle GETRLIMIT = capturing("getrlimit", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SIGNAL_WRITE = plain("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle STRERROR = plain("strerror", ADDRESS, JAVA_INT);
    private static final MethodHandle SYSCONF = plain("sysconf", JAVA_LONG, JAVA_INT);
    private static final MethodHandle CALLOC = plain("calloc", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FREE =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(JAVA_LONG));

    /** The eight bytes that {@link #signalEventfd} writes; never written again. */
    private static final long ONE_ADDRESS = Arena.global().allocateFrom(JAVA_LONG, 1L).address();

    private static final LongAdder ALLOCATED_BYTES = new LongAdder();

    private Libc() {
    }

    // ---- io_uring -------------------------------------------------------------------------------------------------

    /**
     * {@code io_uring_setup(2)}.
     *
     * @param entries size of the submission queue
     * @param params a {@link io.nio2uring.abi.Params}, read and written
     * @return the descriptor of the ring (close-on-exec), or {@code -errno}
     */
    public static int ioUringSetup(int entries, MemorySegment params) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            long result = (long) SYSCALL_2.invokeExact(capture, NR_IO_URING_SETUP, (long) entries, params.address());
            return (int) result(result, capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code io_uring_enter(2)}, without allocation. Not repeated when a signal interrupts it: the caller decides.
     *
     * @param fd the ring, or its registered index with {@code IORING_ENTER_REGISTERED_RING}
     * @param toSubmit how many entries the kernel may take
     * @param minComplete how many completions to wait for
     * @param flags {@link io.nio2uring.abi.EnterFlag}s
     * @param argAddress address of the signal mask or of a {@link io.nio2uring.abi.GeteventsArg}, or 0; the caller
     *     guarantees that {@code argSize} bytes are mapped there
     * @param argSize its size in bytes
     * @param captureState from {@link #captureState}, used by no other thread during the call
     * @return how many entries were taken, or {@code -errno}
     */
    public static int ioUringEnter(int fd, int toSubmit, int minComplete, int flags, long argAddress, long argSize,
            MemorySegment captureState) {
        try {
            long result = (long) SYSCALL_6.invokeExact(captureState, NR_IO_URING_ENTER, (long) fd, (long) toSubmit,
                    (long) minComplete, (long) flags, argAddress, argSize);
            return (int) result(result, captureState);
        } catch (Throwable t) {
            throw unexpected(t);
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
            MemorySegment capture = captureState(arena);
            long result = (long) SYSCALL_4.invokeExact(capture, NR_IO_URING_REGISTER, (long) fd, (long) op, argAddress,
                    (long) nr);
            return (int) result(result, capture);
        } catch (Throwable t) {
            throw unexpected(t);
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
     * How much memory {@link #ioUringEnter} needs for errno: what {@link #captureState} allocates. Any native memory
     * of this size, aligned to 8 bytes, will do; in the global scope it is the cheapest, for it needs no liveness
     * check.
     *
     * @return bytes
     */
    public static long captureStateBytes() {
        return CAPTURE_LAYOUT.byteSize();
    }

    /**
     * Memory into which a call can put errno, for {@link #ioUringEnter}.
     *
     * @param arena owner of the memory
     * @return a segment; one call at a time may use it
     */
    public static MemorySegment captureState(Arena arena) {
        return arena.allocate(CAPTURE_LAYOUT);
    }

    // ---- memory ---------------------------------------------------------------------------------------------------

    /**
     * {@code mmap(2)}.
     *
     * @param lengthBytes how much
     * @param protection {@code PROT_*}
     * @param flags {@code MAP_*}
     * @param fd the file, or -1
     * @param offset where in the file, a multiple of the page size
     * @return the address, or {@code -errno} (more than -4096 and less than 0, which no address is)
     */
    public static long mmap(long lengthBytes, int protection, int flags, int fd, long offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            long result = (long) MMAP.invokeExact(capture, 0L, lengthBytes, protection, flags, fd, offset);
            return result(result, capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code munmap(2)}. The caller guarantees that nobody uses the memory any more, the kernel included.
     *
     * @param address where
     * @param lengthBytes how much
     * @return 0 or {@code -errno}
     */
    public static int munmap(long address, long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) MUNMAP.invokeExact(capture, address, lengthBytes), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * Allocates zeroed memory outside the Java heap, counted by {@link #allocatedBytes}.
     *
     * @param bytes how much, more than 0
     * @return the memory, in the global scope, aligned to 16 bytes; the caller owns it until {@link #free}
     * @throws OutOfMemoryError if the system has none
     */
    public static MemorySegment calloc(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("bytes: " + bytes);
        }
        long address;
        try {
            address = (long) CALLOC.invokeExact(1L, bytes);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (address == 0) {
            throw new OutOfMemoryError("calloc: " + bytes + " bytes");
        }
        ALLOCATED_BYTES.add(bytes);
        // Safe: the memory has just been allocated with this size.
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /**
     * Frees memory of {@link #calloc}. The caller guarantees that nobody uses it any more, the kernel included.
     *
     * @param memory exactly the segment that {@link #calloc} returned
     */
    public static void free(MemorySegment memory) {
        ALLOCATED_BYTES.add(-memory.byteSize());
        try {
            FREE.invokeExact(memory.address());
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * Maps zeroed pages outside the Java heap, counted by {@link #allocatedBytes}. They take up memory when first
     * written.
     *
     * @param bytes how much, more than 0
     * @param arena owner of the memory, which unmaps it; when it does, the kernel must not use it any more
     * @return the memory, aligned to a page
     * @throws OutOfMemoryError if the system has none
     */
    public static MemorySegment mapAnonymous(long bytes, Arena arena) {
        long address = mmap(bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (address < 0) {
            throw new OutOfMemoryError(Errno.message("mmap of " + bytes + " bytes", (int) -address));
        }
        ALLOCATED_BYTES.add(bytes);
        // Safe: the mapping has just been made with this size, and only the arena's end unmaps it.
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, memory -> {
            munmap(memory.address(), bytes);
            ALLOCATED_BYTES.add(-bytes);
        });
    }

    /**
     * How much memory of {@link #calloc} and {@link #mapAnonymous} is not freed yet.
     *
     * @return bytes
     */
    public static long allocatedBytes() {
        return ALLOCATED_BYTES.sum();
    }

    /**
     * The size of a page of memory.
     *
     * @return bytes
     */
    public static long pageSizeBytes() {
        try {
            return (long) SYSCONF.invokeExact(SC_PAGESIZE);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- sockets --------------------------------------------------------------------------------------------------

    /**
     * {@code socket(2)}.
     *
     * @param family {@code AF_*}
     * @param type {@code SOCK_*} with its flags
     * @param protocol {@code IPPROTO_*} or 0
     * @return the descriptor, or {@code -errno}
     */
    public static int socket(int family, int type, int protocol) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) SOCKET.invokeExact(capture, family, type, protocol), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code bind(2)}.
     *
     * @param fd the socket
     * @param address a socket address
     * @param length its length in bytes
     * @return 0 or {@code -errno}
     */
    public static int bind(int fd, MemorySegment address, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) BIND.invokeExact(capture, fd, address, length), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code listen(2)}.
     *
     * @param fd the socket
     * @param backlog how many connections may wait
     * @return 0 or {@code -errno}
     */
    public static int listen(int fd, int backlog) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) LISTEN.invokeExact(capture, fd, backlog), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code connect(2)}. Not repeated when a signal interrupts it ({@code -EINTR}): the connection goes on being
     * established, and a second call would fail with {@code EALREADY}.
     *
     * @param fd the socket
     * @param address a socket address
     * @param length its length in bytes
     * @return 0 or {@code -errno}
     */
    public static int connect(int fd, MemorySegment address, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) CONNECT.invokeExact(capture, fd, address, length), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code accept4(2)} without the peer's address; repeated when a signal interrupts it (no connection was taken).
     *
     * @param fd the listening socket
     * @param flags {@code SOCK_NONBLOCK}, {@code SOCK_CLOEXEC}
     * @return the descriptor of the connection, or {@code -errno}
     */
    public static int accept4(int fd, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            long result;
            do {
                int accepted = (int) ACCEPT4.invokeExact(capture, fd, MemorySegment.NULL, MemorySegment.NULL, flags);
                result = result(accepted, capture);
            } while (result == -Errno.EINTR);
            return (int) result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code shutdown(2)}.
     *
     * @param fd the socket
     * @param how {@code SHUT_*}
     * @return 0 or {@code -errno}
     */
    public static int shutdown(int fd, int how) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) SHUTDOWN.invokeExact(capture, fd, how), capture);
        } catch (Throwable t) {
            throw unexpected(t);
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) DUP3.invokeExact(capture, oldFd, newFd, flags), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code close(2)}. Never repeated: Linux has released the descriptor even when a signal interrupts the call, and
     * a second one could close what another thread has just opened under the same number.
     *
     * @param fd the descriptor, which must not be used any more whatever the result
     * @return 0 or {@code -errno}
     */
    public static int close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) CLOSE.invokeExact(capture, fd), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code getsockname(2)}.
     *
     * @param fd the socket
     * @param address where the address is written
     * @param capacity bytes that {@code address} has room for
     * @return the length of the address in bytes (more than {@code capacity} if it was cut), or {@code -errno}
     */
    public static int getsockname(int fd, MemorySegment address, int capacity) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            MemorySegment length = arena.allocateFrom(JAVA_INT, capacity);
            int result = (int) GETSOCKNAME.invokeExact(capture, fd, address, length);
            return result < 0 ? -errno(capture) : length.get(JAVA_INT, 0);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code getpeername(2)}.
     *
     * @param fd the socket
     * @param address where the address is written
     * @param capacity bytes that {@code address} has room for
     * @return the length of the address in bytes (more than {@code capacity} if it was cut), or {@code -errno}
     */
    public static int getpeername(int fd, MemorySegment address, int capacity) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            MemorySegment length = arena.allocateFrom(JAVA_INT, capacity);
            int result = (int) GETPEERNAME.invokeExact(capture, fd, address, length);
            return result < 0 ? -errno(capture) : length.get(JAVA_INT, 0);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code setsockopt(2)}.
     *
     * @param fd the socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_*}
     * @param name the option
     * @param value its value
     * @param length bytes of the value
     * @return 0 or {@code -errno}
     */
    public static int setsockopt(int fd, int level, int name, MemorySegment value, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) SETSOCKOPT.invokeExact(capture, fd, level, name, value, length), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code getsockopt(2)}.
     *
     * @param fd the socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_*}
     * @param name the option
     * @param value where its value is written
     * @param capacity bytes that {@code value} has room for
     * @return the length of the value in bytes, or {@code -errno}
     */
    public static int getsockopt(int fd, int level, int name, MemorySegment value, int capacity) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            MemorySegment length = arena.allocateFrom(JAVA_INT, capacity);
            int result = (int) GETSOCKOPT.invokeExact(capture, fd, level, name, value, length);
            return result < 0 ? -errno(capture) : length.get(JAVA_INT, 0);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * Sets an option of type {@code int}.
     *
     * @param fd the socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_*}
     * @param name the option
     * @param value its value
     * @return 0 or {@code -errno}
     */
    public static int setIntOption(int fd, int level, int name, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return setsockopt(fd, level, name, arena.allocateFrom(JAVA_INT, value), Integer.BYTES);
        }
    }

    /**
     * Gets an option of type {@code int}.
     *
     * @param fd the socket
     * @param level {@code SOL_SOCKET} or {@code IPPROTO_*}
     * @param name the option
     * @param out its first element receives the value; left alone on an error
     * @return 0 or {@code -errno}
     */
    public static int getIntOption(int fd, int level, int name, int[] out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            int result = getsockopt(fd, level, name, value, Integer.BYTES);
            if (result < 0) {
                return result;
            }
            out[0] = value.get(JAVA_INT, 0);
            return 0;
        }
    }

    // ---- descriptors ----------------------------------------------------------------------------------------------

    /**
     * {@code eventfd(2)}.
     *
     * @param initial first value of the counter
     * @param flags {@code EFD_*}
     * @return the descriptor, or {@code -errno}
     */
    public static int eventfd(int initial, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) EVENTFD.invokeExact(capture, initial, flags), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
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
            long ignored = (long) SIGNAL_WRITE.invokeExact(fd, ONE_ADDRESS, (long) Long.BYTES);
        } catch (Throwable t) {
            throw unexpected(t);
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
            return read(fd, counter.address(), JAVA_LONG.byteSize()) < 0 ? 0 : counter.get(JAVA_LONG, 0);
        }
    }

    /**
     * {@code pipe(2)}.
     *
     * @param out receives the reading and the writing end
     * @return 0 or {@code -errno}
     */
    public static int pipe(int[] out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            return pair((int) PIPE.invokeExact(capture, pair), capture, pair, out);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code socketpair(2)}.
     *
     * @param family {@code AF_UNIX}
     * @param type {@code SOCK_*} with its flags
     * @param protocol 0
     * @param out receives both ends
     * @return 0 or {@code -errno}
     */
    public static int socketpair(int family, int type, int protocol, int[] out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            return pair((int) SOCKETPAIR.invokeExact(capture, family, type, protocol, pair), capture, pair, out);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code read(2)}; repeated when a signal interrupts it (nothing was read).
     *
     * @param fd the file
     * @param address where to; the caller guarantees that the whole range is mapped and is its own
     * @param lengthBytes how much at most
     * @return the number of bytes, 0 at the end, or {@code -errno}
     */
    public static long read(int fd, long address, long lengthBytes) {
        return transfer(READ, fd, address, lengthBytes);
    }

    /**
     * {@code write(2)}; repeated when a signal interrupts it (nothing was written).
     *
     * @param fd the file
     * @param address where from; the caller guarantees that the whole range is mapped
     * @param lengthBytes how much at most
     * @return the number of bytes, or {@code -errno}
     */
    public static long write(int fd, long address, long lengthBytes) {
        return transfer(WRITE, fd, address, lengthBytes);
    }

    /**
     * {@code recv(2)}; repeated when a signal interrupts it (nothing was received).
     *
     * @param fd the socket
     * @param address where to; the caller guarantees that the whole range is mapped and is its own
     * @param lengthBytes how much at most
     * @param flags {@code MSG_*}
     * @return the number of bytes, 0 at the end, or {@code -errno}
     */
    public static long recv(int fd, long address, long lengthBytes, int flags) {
        return transfer(RECV, fd, address, lengthBytes, flags);
    }

    /**
     * {@code send(2)}; repeated when a signal interrupts it (nothing was sent).
     *
     * @param fd the socket
     * @param address where from; the caller guarantees that the whole range is mapped
     * @param lengthBytes how much at most
     * @param flags {@code MSG_*}
     * @return the number of bytes, or {@code -errno}
     */
    public static long send(int fd, long address, long lengthBytes, int flags) {
        return transfer(SEND, fd, address, lengthBytes, flags);
    }

    /**
     * {@code fcntl(2)} with an integer argument.
     *
     * @param fd the file
     * @param command {@code F_GETFL}, {@code F_SETFL}
     * @param argument its argument
     * @return the result or {@code -errno}
     */
    public static int fcntl(int fd, int command, int argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            return (int) result((int) FCNTL.invokeExact(capture, fd, command, argument), capture);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * How many files the process may have open (the soft limit {@code RLIMIT_NOFILE}).
     *
     * @return the limit, {@link Long#MAX_VALUE} for none, or {@code -errno}
     */
    public static long openFilesLimit() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            MemorySegment limits = arena.allocate(JAVA_LONG, 2);
            int result = (int) GETRLIMIT.invokeExact(capture, RLIMIT_NOFILE, limits);
            if (result < 0) {
                return -errno(capture);
            }
            long soft = limits.get(JAVA_LONG, 0);
            return soft < 0 ? Long.MAX_VALUE : soft;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * {@code strerror(3)}.
     *
     * @param errno the error number, positive
     * @return its text, in the language of the process
     */
    public static String strerror(int errno) {
        try {
            // Safe: the C library returns a static or thread-local string that ends with a zero byte.
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- linking --------------------------------------------------------------------------------------------------

    private static int pair(int result, MemorySegment capture, MemorySegment pair, int[] out) {
        if (result < 0) {
            return -errno(capture);
        }
        out[0] = pair.getAtIndex(JAVA_INT, 0);
        out[1] = pair.getAtIndex(JAVA_INT, 1);
        return 0;
    }

    private static long transfer(MethodHandle function, int fd, long address, long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            long result;
            do {
                long transferred = (long) function.invokeExact(capture, fd, address, lengthBytes);
                result = result(transferred, capture);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static long transfer(MethodHandle function, int fd, long address, long lengthBytes, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = captureState(arena);
            long result;
            do {
                long transferred = (long) function.invokeExact(capture, fd, address, lengthBytes, flags);
                result = result(transferred, capture);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static long result(long returned, MemorySegment capture) {
        return returned == -1 ? -errno(capture) : returned;
    }

    private static int errno(MemorySegment capture) {
        return capture.get(JAVA_INT, ERRNO_OFFSET);
    }

    private static MethodHandle capturing(String name, MemoryLayout returned, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(returned, arguments), ERRNO);
    }

    private static MethodHandle plain(String name, MemoryLayout returned, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(returned, arguments));
    }

    private static MethodHandle variadic(int arguments) {
        MemoryLayout[] layouts = new MemoryLayout[1 + arguments];
        Arrays.fill(layouts, JAVA_LONG);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(JAVA_LONG, layouts), ERRNO, Linker.Option.firstVariadicArg(1));
    }

    private static MethodHandle variadicFcntl() {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("fcntl"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), ERRNO,
                Linker.Option.firstVariadicArg(2));
    }

    private static Error unexpected(Throwable t) {
        if (t instanceof Error error) {
            return error;
        }
        if (t instanceof RuntimeException exception) {
            throw exception;
        }
        return new AssertionError("a native call declares no exception", t);
    }
}
