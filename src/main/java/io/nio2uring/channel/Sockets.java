package io.nio2uring.channel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Objects;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.SocketAddresses;
import io.nio2uring.sys.SocketCalls;
import io.nio2uring.sys.SystemCallException;

/** Opens sockets, and what is done with them at once rather than through the ring. */
final class Sockets {
    private Sockets() {
    }

    /** Lists the addresses that the system's interfaces have; empty where IPv6 is disabled. */
    private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");
    /** Of the sockets that we open; 0 until it is known. Threads that find it out at once find the same. */
    private static volatile int family;

    /**
     * The family of the sockets that we open: IPv6, which serves IPv4 too, where the system has it and the user wants it.
     *
     * @throws IOException when that cannot be known now, for lack of descriptors
     */
    private static int family() throws IOException {
        int known = family;
        if (known == 0) {
            known = !Boolean.getBoolean("java.net.preferIPv4Stack") && hasIpv6() ? SocketConstant.AF_INET6
                    : SocketConstant.AF_INET;
            family = known;
        }
        return known;
    }

    private static boolean hasIpv6() throws IOException {
        try (InputStream addresses = Files.newInputStream(IPV6_ADDRESSES)) {
            if (addresses.read() < 0) {
                return false;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        int fd = SocketCalls.socket(SocketConstant.AF_INET6, SocketConstant.SOCK_STREAM | SocketConstant.SOCK_CLOEXEC,
                0);
        if (fd < 0 && SystemCallException.isExhaustion(-fd)) {
            throw new SocketException(Errno.text(-fd));
        }
        if (fd >= 0) {
            FileCalls.close(fd);
        }
        return fd >= 0;
    }

    /** Opens a stream socket; the descriptor is the caller's. */
    static int open() throws IOException {
        int fd = SocketCalls.socket(family(), SocketConstant.SOCK_STREAM | SocketConstant.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new SocketException(Errno.text(-fd));
        }
        if (family() == SocketConstant.AF_INET6) {
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
        int result = SocketCalls.setIntOption(fd, level, name, value);
        if (result < 0) {
            FileCalls.close(fd);
            throw SocketErrors.ofConnect(-result);
        }
    }

    /**
     * Checks an address that a user gave.
     *
     * @throws UnresolvedAddressException      if it is a name without address
     * @throws UnsupportedAddressTypeException if it is neither an internet address nor a path
     */
    static SocketAddress check(SocketAddress address) {
        Objects.requireNonNull(address, "address");
        if (address instanceof InetSocketAddress internet) {
            if (internet.isUnresolved()) {
                throw new UnresolvedAddressException();
            }
        } else if (!(address instanceof UnixDomainSocketAddress)) {
            throw new UnsupportedAddressTypeException();
        }
        return address;
    }

    /**
     * An address as the kernel needs it: a link-local one of this machine, which names no interface, is given that which
     * has it. As with the JDK's provider, one of another machine stays as it is.
     *
     * @throws SocketException if several interfaces have the address, or they cannot be listed now
     */
    static SocketAddress withScope(SocketAddress address) throws SocketException {
        if (!(address instanceof InetSocketAddress internet) || !(internet.getAddress() instanceof Inet6Address wanted)
                || !wanted.isLinkLocalAddress() || wanted.getScopeId() != 0) {
            return address;
        }
        InetAddress found = null;
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress own : Collections.list(each.getInetAddresses())) {
                if (own.equals(wanted)) {
                    if (found != null) {
                        throw new SocketException("several interfaces have the address " + wanted.getHostAddress()
                                + ": name one of them, as in " + own.getHostAddress());
                    }
                    found = own;
                }
            }
        }
        return found == null ? address : new InetSocketAddress(found, internet.getPort());
    }

    /**
     * Makes sure that a socket that is neither bound nor connected can have an address.
     *
     * @return the socket's family
     * @throws SocketException if the address is of a family that the process does not use, or too long
     */
    static int prepareFor(SocketAddress address, int fd) throws IOException {
        if (address instanceof InetSocketAddress internet) {
            if (family() == SocketConstant.AF_INET && !(internet.getAddress() instanceof Inet4Address)) {
                throw new SocketException("IPv6 protocol family unavailable");
            }
            return family();
        }
        checkLength((UnixDomainSocketAddress) address);
        // The socket was opened before anybody knew what for. Another one takes its place, under its number.
        int unix = SocketErrors.check(
                SocketCalls.socket(SocketConstant.AF_UNIX, SocketConstant.SOCK_STREAM | SocketConstant.SOCK_CLOEXEC,
                        0));
        int result = FileCalls.dup3(unix, fd, FileCalls.O_CLOEXEC);
        FileCalls.close(unix);
        SocketErrors.check(result);
        return SocketConstant.AF_UNIX;
    }

    static void checkLength(UnixDomainSocketAddress address) throws SocketException {
        if (!SocketAddresses.fits(address)) {
            throw new SocketException("Unix domain path too long");
        }
    }

    /** The address to bind to when the user gives none: any, with a port of the system's choice. */
    static InetSocketAddress anyAddress() throws IOException {
        try {
            byte[] zero = new byte[family() == SocketConstant.AF_INET ? 4 : 16];
            return new InetSocketAddress(InetAddress.getByAddress(zero), 0);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of the right length", e);
        }
    }

    /** Binds a socket of the given family. */
    static void bind(int fd, SocketAddress address, int family) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
            int length = SocketAddresses.encode(address, family, memory);
            SocketErrors.check(SocketCalls.bind(fd, memory, length));
        }
    }

    /** The socket's own address. */
    static SocketAddress localAddress(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SocketAddresses.MAX_BYTES, Long.BYTES);
            int length = SocketErrors.check(SocketCalls.getsockname(fd, memory, SocketAddresses.MAX_BYTES));
            return SocketAddresses.decode(memory, length);
        }
    }
}
