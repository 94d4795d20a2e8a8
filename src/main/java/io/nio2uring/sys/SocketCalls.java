package io.nio2uring.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import io.nio2uring.abi.SocketConstant;

/**
 * System calls that make and configure sockets, and transfers that do not wait; what waits is done by a ring.
 *
 * <p>Methods return the result (0 or more) or {@code -errno}, and may be called by any thread. None is interrupted by a
 * signal. Memory arguments must be native segments that stay alive during the call; none is kept.
 */
public final class SocketCalls {
    private static final MethodHandle SOCKET = NativeFunctions.capturing("socket");
    private static final MethodHandle BIND = NativeFunctions.capturing("bind");
    private static final MethodHandle LISTEN = NativeFunctions.capturing("listen");
    private static final MethodHandle SHUTDOWN = NativeFunctions.capturing("shutdown");
    private static final MethodHandle HANG_UP = NativeFunctions.plain("shutdown");
    private static final MethodHandle GETSOCKNAME = NativeFunctions.capturing("getsockname");
    private static final MethodHandle SETSOCKOPT = NativeFunctions.capturing("setsockopt");
    private static final MethodHandle GETSOCKOPT = NativeFunctions.capturing("getsockopt");
    private static final MethodHandle SEND = NativeFunctions.capturing("send");
    private static final MethodHandle RECV = NativeFunctions.capturing("recv");

    /** Of the memory that {@link #send} and {@link #recv} leave errno in. */
    public static final MemoryLayout ERRNO_LAYOUT = NativeFunctions.CAPTURE_LAYOUT;

    private SocketCalls() {
    }

    /**
     * {@code socket(2)}.
     *
     * @param family {@code AF_*}
     * @param type {@code SOCK_*} with its flags
     * @param protocol {@code IPPROTO_*} or 0
     * @return the descriptor, or {@code -errno}
     */
    public static int socket(int family, int type, int protocol) {
        return NativeFunctions.callForInt(SOCKET, family, type, protocol, 0, 0);
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
        return NativeFunctions.callForInt(BIND, fd, address.address(), length, 0, 0);
    }

    /**
     * {@code listen(2)}.
     *
     * @param fd the socket
     * @param backlog how many connections may wait
     * @return 0 or {@code -errno}
     */
    public static int listen(int fd, int backlog) {
        return NativeFunctions.callForInt(LISTEN, fd, backlog, 0, 0, 0);
    }

    /**
     * {@code shutdown(2)}.
     *
     * @param fd the socket
     * @param how {@code SHUT_*}
     * @return 0 or {@code -errno}
     */
    public static int shutdown(int fd, int how) {
        return NativeFunctions.callForInt(SHUTDOWN, fd, how, 0, 0, 0);
    }

    /**
     * {@code shutdown(2)} in both directions. Errors are not reported: what has no connection has none to end. Allocates
     * nothing.
     *
     * @param fd the socket
     */
    public static void hangUp(int fd) {
        try {
            long ignored = (long) HANG_UP.invokeExact((long) fd, (long) SocketConstant.SHUT_RDWR, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw NativeFunctions.unexpected(t);
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
            MemorySegment length = arena.allocateFrom(JAVA_INT, capacity);
            int result =
                    NativeFunctions.callForInt(GETSOCKNAME, fd, address.address(), length.address(), 0, 0);
            return result < 0 ? result : length.get(JAVA_INT, 0);
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
        return NativeFunctions.callForInt(SETSOCKOPT, fd, level, name, value.address(), length);
    }

    /**
     * {@code send(2)}, without allocating anything once the second compiler has come ({@link RingCalls#ioUringEnter}).
     *
     * @param fd the socket
     * @param address of what is to be sent
     * @param length how many bytes
     * @param flags {@code MSG_*}, with {@code MSG_DONTWAIT}
     * @param errno of {@link #ERRNO_LAYOUT}, for this call alone
     * @return how many were sent, or {@code -errno}
     */
    public static int send(int fd, long address, int length, int flags, MemorySegment errno) {
        return NativeFunctions.callForInt(SEND, errno, fd, address, length, flags, 0);
    }

    /**
     * {@code recv(2)}, without allocating anything once the second compiler has come ({@link RingCalls#ioUringEnter}).
     *
     * @param fd the socket
     * @param address where the bytes are put
     * @param length how many there is room for
     * @param flags {@code MSG_*}, with {@code MSG_DONTWAIT}
     * @param errno of {@link #ERRNO_LAYOUT}, for this call alone
     * @return how many were received, 0 at the end of the stream, or {@code -errno}
     */
    public static int recv(int fd, long address, int length, int flags, MemorySegment errno) {
        return NativeFunctions.callForInt(RECV, errno, fd, address, length, flags, 0);
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
            MemorySegment length = arena.allocateFrom(JAVA_INT, capacity);
            int result =
                    NativeFunctions.callForInt(GETSOCKOPT, fd, level, name, value.address(), length.address());
            return result < 0 ? result : length.get(JAVA_INT, 0);
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
}
