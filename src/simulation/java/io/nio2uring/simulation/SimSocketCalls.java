package io.nio2uring.simulation;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.RawMemory;
import io.nio2uring.sys.SocketAddresses;

/** Stands for {@link io.nio2uring.sys.SocketCalls}. */
public final class SimSocketCalls {
    private SimSocketCalls() {
    }

    private static Kernel kernel() {
        return Hooks.simulation.kernel;
    }

    public static int socket(int family, int type, int protocol) {
        if (kernel().isExhausted()) {
            return -Errno.EMFILE;
        }
        SimSocket socket = new SimSocket(kernel());
        if (family == SocketConstant.AF_UNIX) {
            socket.becomeUnix();
        }
        return kernel().install(socket);
    }

    public static int bind(int fd, MemorySegment address, int length) {
        return kernel().bind(kernel().socket(fd), kernel().name(address.address(), length));
    }

    public static int listen(int fd, int backlog) {
        return kernel().socket(fd).listen(backlog);
    }

    public static int shutdown(int fd, int how) {
        kernel().trace("shuts down fd " + fd + ", how " + how);
        return kernel().socket(fd).shutdown(how);
    }

    public static void hangUp(int fd) {
        shutdown(fd, SocketConstant.SHUT_RDWR);
    }

    /** The calling thread may lose its processor for a while before the descriptor is looked up. */
    private static SimSocket begin(int fd) {
        Scheduler scheduler = kernel().scheduler;
        if (scheduler.rng.oneIn(16)) {
            scheduler.sleep(scheduler.rng.below(100_000));
        } else {
            scheduler.point();
        }
        return kernel().socket(fd);
    }

    private static boolean isInterrupted() {
        return kernel().scheduler.rng.oneIn(kernel().faults.interruptedOneIn);
    }

    public static int send(int fd, long address, int length, int flags, MemorySegment errno) {
        SimSocket socket = begin(fd);
        int count = isInterrupted() ? -Errno.EINTR : socket.canSend()
                ? socket.send(address, kernel().shortened(length)) : -Errno.EAGAIN;
        kernel().trace("sends " + length + " bytes on fd " + fd + " at once: " + count);
        return count;
    }

    public static int recv(int fd, long address, int length, int flags, MemorySegment errno) {
        SimSocket socket = begin(fd);
        byte[] bytes = new byte[kernel().shortened(length)];
        int count = isInterrupted() ? -Errno.EINTR : socket.canReceive() ? socket.receive(bytes) : -Errno.EAGAIN;
        for (int i = 0; i < count; i++) {
            RawMemory.putByte(address + i, bytes[i]);
        }
        kernel().trace("receives " + length + " bytes on fd " + fd + " at once: " + count);
        return count;
    }

    public static int getsockname(int fd, MemorySegment address, int capacity) {
        SimSocket socket = kernel().socket(fd);
        return socket.isUnix()
                ? SocketAddresses.encode(
                        UnixDomainSocketAddress.of(socket.name.equals(0) ? "" : socket.name.toString()),
                        SocketConstant.AF_UNIX, address)
                : SocketAddresses.encode(new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) socket.name),
                        SocketConstant.AF_INET6, address);
    }

    public static int setsockopt(int fd, int level, int name, MemorySegment value, int length) {
        return setIntOption(fd, level, name, value.get(ValueLayout.JAVA_INT, 0));
    }

    public static int getsockopt(int fd, int level, int name, MemorySegment value, int capacity) {
        int[] out = new int[1];
        getIntOption(fd, level, name, out);
        value.set(ValueLayout.JAVA_INT, 0, out[0]);
        return Integer.BYTES;
    }

    public static int setIntOption(int fd, int level, int name, int value) {
        SimSocket socket = kernel().socket(fd);
        if (socket.isUnix() && level != SocketConstant.SOL_SOCKET) {
            return -Errno.EOPNOTSUPP;
        }
        // Sizes are doubled, to account for what the kernel needs itself.
        boolean isSize = level == SocketConstant.SOL_SOCKET
                && (name == SocketConstant.SO_SNDBUF || name == SocketConstant.SO_RCVBUF);
        socket.options.put(level << 16 | name, isSize ? 2 * value : value);
        return 0;
    }

    public static int getIntOption(int fd, int level, int name, int[] out) {
        SimSocket socket = kernel().socket(fd);
        if (level == SocketConstant.SOL_SOCKET && name == SocketConstant.SO_ERROR) {
            out[0] = socket.takeError();
            return 0;
        }
        out[0] = socket.options.getOrDefault(level << 16 | name, 0);
        return 0;
    }
}
