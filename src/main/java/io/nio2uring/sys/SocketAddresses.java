package io.nio2uring.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.nio2uring.abi.SockaddrIn;
import io.nio2uring.abi.SockaddrIn6;
import io.nio2uring.abi.SockaddrUn;
import io.nio2uring.abi.SocketConstant;

/**
 * Translates between {@link InetSocketAddress} or {@link UnixDomainSocketAddress} and the kernel's {@code sockaddr}.
 */
public final class SocketAddresses {
    /** Room for any socket address, {@code sizeof(struct sockaddr_storage)} in bytes. */
    public static final int MAX_BYTES = 128;

    private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int MAPPED_PREFIX_BYTES = 12;

    private SocketAddresses() {
    }

    /**
     * Writes an address.
     *
     * @param address resolved, or a path that {@linkplain #fits fits}
     * @param family  of the socket: {@code AF_INET}; {@code AF_INET6}, for which IPv4 addresses are mapped; or
     *                {@code AF_UNIX}
     * @param target  at least {@link #MAX_BYTES} of native memory, zero
     * @return length in bytes
     */
    public static int encode(SocketAddress address, int family, MemorySegment target) {
        target.set(FAMILY, SockaddrIn.SIN_FAMILY_OFFSET, (short) family);
        return address instanceof UnixDomainSocketAddress unix
                ? encodePath(unix, target) : encodeInternet((InetSocketAddress) address, family, target);
    }

    private static int encodePath(UnixDomainSocketAddress address, MemorySegment target) {
        byte[] path = address.getPath().toString().getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(path, 0, target, ValueLayout.JAVA_BYTE, SockaddrUn.SUN_PATH_OFFSET, path.length);
        // An empty path asks the kernel for a name of its choice, and must then have no length either.
        return SockaddrUn.SUN_PATH_OFFSET + (path.length == 0 ? 0 : path.length + 1);
    }

    /**
     * Tells whether a path fits into a socket address.
     *
     * @param address any path
     * @return false if it has too many bytes
     */
    public static boolean fits(UnixDomainSocketAddress address) {
        return address.getPath().toString().getBytes(StandardCharsets.UTF_8).length
                < SockaddrUn.SIZE_BYTES - SockaddrUn.SUN_PATH_OFFSET;
    }

    private static int encodeInternet(InetSocketAddress address, int family, MemorySegment target) {
        byte[] bytes = address.getAddress().getAddress();
        target.set(PORT, SockaddrIn.SIN_PORT_OFFSET, (short) address.getPort());
        if (family == SocketConstant.AF_INET) {
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, SockaddrIn.SIN_ADDR_OFFSET, bytes.length);
            return SockaddrIn.SIZE_BYTES;
        }
        if (address.getAddress() instanceof Inet6Address v6) {
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, SockaddrIn6.SIN6_ADDR_OFFSET, bytes.length);
            target.set(ValueLayout.JAVA_INT_UNALIGNED, SockaddrIn6.SIN6_SCOPE_ID_OFFSET, v6.getScopeId());
        } else if (!address.getAddress().isAnyLocalAddress()) {
            target.set(ValueLayout.JAVA_SHORT_UNALIGNED, SockaddrIn6.SIN6_ADDR_OFFSET + 10, (short) -1);
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE,
                    SockaddrIn6.SIN6_ADDR_OFFSET + MAPPED_PREFIX_BYTES, bytes.length);
        }
        return SockaddrIn6.SIZE_BYTES;
    }

    /**
     * Reads an address.
     *
     * @param source holds {@link #MAX_BYTES} of a {@code sockaddr_in}, {@code sockaddr_in6} or {@code sockaddr_un}
     * @param lengthBytes of the address, as the kernel told it
     * @return the address, an IPv4-mapped one as IPv4; null when it is of another family
     */
    public static SocketAddress decode(MemorySegment source, int lengthBytes) {
        int family = source.get(FAMILY, SockaddrIn.SIN_FAMILY_OFFSET);
        if (family == SocketConstant.AF_UNIX) {
            return decodePath(source, lengthBytes);
        }
        int port = Short.toUnsignedInt(source.get(PORT, SockaddrIn.SIN_PORT_OFFSET));
        try {
            if (family == SocketConstant.AF_INET) {
                return new InetSocketAddress(InetAddress.getByAddress(bytes(source, SockaddrIn.SIN_ADDR_OFFSET, 4)),
                        port);
            }
            if (family != SocketConstant.AF_INET6) {
                return null;
            }
            byte[] bytes = bytes(source, SockaddrIn6.SIN6_ADDR_OFFSET, 16);
            // Turns a mapped address into an Inet4Address by itself.
            InetAddress address = InetAddress.getByAddress(bytes);
            int scopeId = source.get(ValueLayout.JAVA_INT_UNALIGNED, SockaddrIn6.SIN6_SCOPE_ID_OFFSET);
            if (scopeId != 0 && !(address instanceof Inet4Address)) {
                address = Inet6Address.getByAddress(null, bytes, scopeId);
            }
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of the right length", e);
        }
    }

    private static UnixDomainSocketAddress decodePath(MemorySegment source, int lengthBytes) {
        int length = 0;
        while (SockaddrUn.SUN_PATH_OFFSET + length < lengthBytes
                && source.get(ValueLayout.JAVA_BYTE, SockaddrUn.SUN_PATH_OFFSET + length) != 0) {
            length++;
        }
        // A socket without a name has the empty path.
        return UnixDomainSocketAddress
                .of(new String(bytes(source, SockaddrUn.SUN_PATH_OFFSET, length), StandardCharsets.UTF_8));
    }

    private static byte[] bytes(MemorySegment source, long offset, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        return bytes;
    }
}
