package io.nio2uring.abi;

/**
 * Layout of {@code struct msghdr} on 64-bit systems; offsets in bytes.
 */
public final class Msghdr {
    /** {@code void * msghdr.msg_name}. */
    public static final int MSG_NAME_OFFSET = 0;

    /** {@code socklen_t msghdr.msg_namelen}. */
    public static final int MSG_NAMELEN_OFFSET = 8;

    /** {@code struct iovec * msghdr.msg_iov}. */
    public static final int MSG_IOV_OFFSET = 16;

    /** {@code size_t msghdr.msg_iovlen}. */
    public static final int MSG_IOVLEN_OFFSET = 24;

    /** {@code void * msghdr.msg_control}. */
    public static final int MSG_CONTROL_OFFSET = 32;

    /** {@code size_t msghdr.msg_controllen}. */
    public static final int MSG_CONTROLLEN_OFFSET = 40;

    /** {@code int msghdr.msg_flags}. */
    public static final int MSG_FLAGS_OFFSET = 48;

    /** {@code sizeof(struct msghdr)} in bytes. */
    public static final int SIZE_BYTES = 56;

    private Msghdr() {
    }
}
