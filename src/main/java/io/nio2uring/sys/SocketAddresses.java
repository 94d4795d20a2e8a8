package io.nio2uring.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

import io.nio2uring.abi.SockaddrIn;
import io.nio2uring.abi.SockaddrIn6;
import io.nio2uring.abi.SocketConstant;

/** Translates between {@link InetSocketAddress} and the kernel's {@code sockaddr}. */
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
     * @param address resolved
     * @param family  of the socket: {@code AF_INET}, or {@code AF_INET6}, for which IPv4 addresses are mapped
     * @param target  at least {@link #MAX_BYTES} of native memory, zero
     * @return length in bytes
     */
    public static int encode(InetSocketAddress address, int family, MemorySegment target) {
        byte[] bytes = address.getAddress().getAddress();
        target.set(FAMILY, SockaddrIn.SIN_FAMILY_OFFSET, (short) family);
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
     * @param source holds a {@code sockaddr_in} or {@code sockaddr_in6}
     * @return the address, an IPv4-mapped one as IPv4; null when it is of another family
     */
    public static InetSocketAddress decode(MemorySegment source) {
        int family = source.get(FAMILY, SockaddrIn.SIN_FAMILY_OFFSET);
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

    private static byte[] bytes(MemorySegment source, long offset, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        return bytes;
    }
}
