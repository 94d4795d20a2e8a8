package io.nio2uring.abi;

/**
 * Layout of {@code struct sockaddr_in}; offsets in bytes. Port and address are in network byte order.
 */
public final class SockaddrIn {
    /** {@code sa_family_t sockaddr_in.sin_family}. */
    public static final int SIN_FAMILY_OFFSET = 0;

    /** {@code in_port_t sockaddr_in.sin_port}. */
    public static final int SIN_PORT_OFFSET = 2;

    /** {@code struct in_addr sockaddr_in.sin_addr}. */
    public static final int SIN_ADDR_OFFSET = 4;

    /** {@code sizeof(struct sockaddr_in)} in bytes. */
    public static final int SIZE_BYTES = 16;

    private SockaddrIn() {
    }
}
