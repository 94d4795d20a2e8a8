package io.nio2uring.abi;

/** Layout of {@code struct sockaddr_un}; offsets in bytes. */
public final class SockaddrUn {
    /** {@code sa_family_t sockaddr_un.sun_family}. */
    public static final int SUN_FAMILY_OFFSET = 0;

    /** {@code char sockaddr_un.sun_path[108]}, ended by a zero byte unless it is full. */
    public static final int SUN_PATH_OFFSET = 2;

    /** {@code sizeof(struct sockaddr_un)} in bytes. */
    public static final int SIZE_BYTES = 110;

    private SockaddrUn() {
    }
}
