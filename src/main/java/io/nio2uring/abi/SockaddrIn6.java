package io.nio2uring.abi;

/**
 * Layout of {@code struct sockaddr_in6}; offsets in bytes. Port, flow information and address are in network byte
 * order.
 */
public final class SockaddrIn6 {
    /** {@code sa_family_t sockaddr_in6.sin6_family}. */
    public static final int SIN6_FAMILY_OFFSET = 0;

    /** {@code in_port_t sockaddr_in6.sin6_port}. */
    public static final int SIN6_PORT_OFFSET = 2;

    /** {@code uint32_t sockaddr_in6.sin6_flowinfo}. */
    public static final int SIN6_FLOWINFO_OFFSET = 4;

    /** {@code struct in6_addr sockaddr_in6.sin6_addr}. */
    public static final int SIN6_ADDR_OFFSET = 8;

    /** {@code uint32_t sockaddr_in6.sin6_scope_id}. */
    public static final int SIN6_SCOPE_ID_OFFSET = 24;

    /** {@code sizeof(struct sockaddr_in6)} in bytes. */
    public static final int SIZE_BYTES = 28;

    private SockaddrIn6() {
    }
}
