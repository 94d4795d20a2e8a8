package io.nio2uring.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls by which tests play the other side of a connection without a ring, and look at descriptors.
 *
 * <p>Methods return the result (0 or more) or {@code -errno}. None is repeated when a signal interrupts it: nothing
 * sends signals to these threads.
 */
public final class BlockingCalls {
    public static final int F_GETFD = 1;
    public static final int FD_CLOEXEC = 1;
    public static final int F_GETFL = 3;
    public static final int F_SETFL = 4;
    public static final int O_NONBLOCK = 0x800;

    private static final MethodHandle CONNECT = NativeFunctions.capturing("connect");
    private static final MethodHandle ACCEPT4 = NativeFunctions.capturing("accept4");
    private static final MethodHandle GETPEERNAME = NativeFunctions.capturing("getpeername");
    private static final MethodHandle PIPE = NativeFunctions.capturing("pipe");
    private static final MethodHandle SOCKETPAIR = NativeFunctions.capturing("socketpair");
    private static final MethodHandle READ = NativeFunctions.capturing("read");
    private static final MethodHandle WRITE = NativeFunctions.capturing("write");
    private static final MethodHandle RECV = NativeFunctions.capturing("recv");
    private static final MethodHandle SEND = NativeFunctions.capturing("send");
    private static final MethodHandle FCNTL = NativeFunctions.capturing("fcntl");

    private BlockingCalls() {
    }

    public static int connect(int fd, MemorySegment address, int length) {
        return NativeFunctions.callForInt(CONNECT, fd, address.address(), length, 0, 0);
    }

    /** Without the peer's address. */
    public static int accept4(int fd, int flags) {
        return NativeFunctions.callForInt(ACCEPT4, fd, 0, 0, flags, 0);
    }

    /** The length of the peer's address. */
    public static int getpeername(int fd, MemorySegment address, int capacity) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, capacity);
            int result = NativeFunctions.callForInt(GETPEERNAME, fd, address.address(), length.address(), 0, 0);
            return result < 0 ? result : length.get(JAVA_INT, 0);
        }
    }

    /** The reading and the writing end. */
    public static int pipe(int[] out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            return pair(NativeFunctions.callForInt(PIPE, pair.address(), 0, 0, 0, 0), pair, out);
        }
    }

    /** Both ends. */
    public static int socketpair(int family, int type, int protocol, int[] out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            return pair(NativeFunctions.callForInt(SOCKETPAIR, family, type, protocol, pair.address(), 0), pair, out);
        }
    }

    public static long read(int fd, long address, long lengthBytes) {
        return NativeFunctions.call(READ, fd, address, lengthBytes, 0, 0, 0);
    }

    public static long write(int fd, long address, long lengthBytes) {
        return NativeFunctions.call(WRITE, fd, address, lengthBytes, 0, 0, 0);
    }

    public static long recv(int fd, long address, long lengthBytes, int flags) {
        return NativeFunctions.call(RECV, fd, address, lengthBytes, flags, 0, 0);
    }

    public static long send(int fd, long address, long lengthBytes, int flags) {
        return NativeFunctions.call(SEND, fd, address, lengthBytes, flags, 0, 0);
    }

    public static int fcntl(int fd, int command, int argument) {
        return NativeFunctions.callForInt(FCNTL, fd, command, argument, 0, 0);
    }

    private static int pair(int result, MemorySegment pair, int[] out) {
        if (result == 0) {
            out[0] = pair.getAtIndex(JAVA_INT, 0);
            out[1] = pair.getAtIndex(JAVA_INT, 1);
        }
        return result;
    }
}
