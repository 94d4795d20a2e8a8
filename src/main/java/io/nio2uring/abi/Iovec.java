package io.nio2uring.abi;

/**
 * Layout of {@code struct iovec} on 64-bit systems; offsets in bytes.
 */
public final class Iovec {
    /** {@code void * iovec.iov_base}. */
    public static final int IOV_BASE_OFFSET = 0;

    /** {@code size_t iovec.iov_len}. */
    public static final int IOV_LEN_OFFSET = 8;

    /** {@code sizeof(struct iovec)} in bytes. */
    public static final int SIZE_BYTES = 16;

    private Iovec() {
    }
}
