package io.nio2uring.simulation;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.SocketAddresses;

/** Stands for {@link io.nio2uring.sys.SocketCalls}. */
public final class SimSocketCalls {
    private SimSocketCalls() {
    }

    private static Kernel kernel() {
        return Hooks.simulation.kernel;
    }

    public static int socket(int family, int type, int protocol) {
        return kernel().install(new SimSocket(kernel()));
    }

    public static int bind(int fd, MemorySegment address, int length) {
        return kernel().bind(kernel().socket(fd), kernel().port(address.address(), length));
    }

    public static int listen(int fd, int backlog) {
        return kernel().socket(fd).listen(backlog);
    }

    public static int shutdown(int fd, int how) {
        kernel().trace("shuts down fd " + fd + ", how " + how);
        return kernel().socket(fd).shutdown(how);
    }

    public static int getsockname(int fd, MemorySegment address, int capacity) {
        return SocketAddresses.encode(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), kernel().socket(fd).port),
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
        kernel().socket(fd).options.put(level << 16 | name, value);
        return 0;
    }

    public static int getIntOption(int fd, int level, int name, int[] out) {
        SimSocket socket = kernel().socket(fd);
        if (level == SocketConstant.SOL_SOCKET && name == SocketConstant.SO_ERROR) {
            out[0] = socket.takeError();
            return 0;
        }
        Integer value = socket.options.get(level << 16 | name);
        if (value == null) {
            return -Errno.ENOPROTOOPT;
        }
        out[0] = value;
        return 0;
    }
}
