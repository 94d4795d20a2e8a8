package io.nio2uring.channel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.Libc;
import io.nio2uring.sys.SocketAddresses;

/** Opens sockets, and what is done with them at once rather than through the ring. */
final class Sockets {
    /** Family of the sockets that we open: IPv6, which serves IPv4 too, where the system has it and the user wants it. */
    static final int FAMILY = ipv6() ? SocketConstant.AF_INET6 : SocketConstant.AF_INET;

    private Sockets() {
    }

    private static boolean ipv6() {
        if (Boolean.getBoolean("java.net.preferIPv4Stack") || !Files.exists(Path.of("/proc/net/if_inet6"))) {
            return false;
        }
        int fd = Libc.socket(SocketConstant.AF_INET6, SocketConstant.SOCK_STREAM | SocketConstant.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            return false;
        }
        Libc.close(fd);
        return true;
    }

    /** Opens a stream socket; the descriptor is the caller's. */
    static int open() throws IOException {
        int fd = Libc.socket(FAMILY, SocketConstant.SOCK_STREAM | SocketConstant.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new java.net.SocketException(Errno.text(-fd));
        }
        if (FAMILY == SocketConstant.AF_INET6) {
            configure(fd, SocketConstant.IPPROTO_IPV6, SocketConstant.IPV6_V6ONLY, 0);
        }
        return fd;
    }

    /** Opens a stream socket that is going to listen; the descriptor is the caller's. */
    static int openListening() throws IOException {
        int fd = open();
        configure(fd, SocketConstant.SOL_SOCKET, SocketConstant.SO_REUSEADDR, 1);
        return fd;
    }

    private static void configure(int fd, int level, int name, int value) throws IOException {
        int result = Libc.setIntOption(fd, level, name, value);
        if (result < 0) {
            Libc.close(fd);
            throw SocketErrors.ofConnect(-result);
        }
    }

    /**
     * Checks an address that a user gave.
     *
     * @throws UnresolvedAddressException      if it is a name without address
     * @throws UnsupportedAddressTypeException if it is not an internet address, or of IPv6 where there is only IPv4
     */
    static InetSocketAddress check(SocketAddress address) {
        Objects.requireNonNull(address, "address");
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (FAMILY == SocketConstant.AF_INET && !(inet.getAddress() instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        return inet;
    }

    /** The address to bind to when the user gives none: any, with a port of the system's choice. */
    static InetSocketAddress anyAddress() {
        try {
            byte[] zero = new byte[FAMILY == SocketConstant.AF_INET ? 4 : 16];
            return new InetSocketAddress(InetAddress.getByAddress(zero), 0);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of the right length", e);
        }
    }

    static void bind(int fd, InetSocketAddress address) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
            int length = SocketAddresses.encode(address, FAMILY, memory);
            SocketErrors.check(Libc.bind(fd, memory, length));
        }
    }

    /** The socket's own address, or null when it has none. */
    static InetSocketAddress localAddress(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
            SocketErrors.check(Libc.getsockname(fd, memory, SocketAddresses.MAX_BYTES));
            return SocketAddresses.decode(memory);
        }
    }
}
