package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_buf_ring}: the 16-bit tail over the first entry; offsets in bytes.
 */
public final class BufRing {
    /** {@code __u16 io_uring_buf_ring.tail}. */
    public static final int TAIL_OFFSET = 14;

    /** {@code sizeof(struct io_uring_buf_ring)} in bytes. */
    public static final int SIZE_BYTES = 16;

    private BufRing() {
    }
}
