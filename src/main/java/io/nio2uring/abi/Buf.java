package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_buf}, an entry of a provided-buffer ring; offsets in bytes.
 *
 * <p>The 16-bit tail of the ring lies over {@code resv} of the first entry.
 */
public final class Buf {
    /** {@code __u64 io_uring_buf.addr}. */
    public static final int ADDR_OFFSET = 0;

    /** {@code __u32 io_uring_buf.len}. */
    public static final int LEN_OFFSET = 8;

    /** {@code __u16 io_uring_buf.bid}. */
    public static final int BID_OFFSET = 12;

    /** {@code __u16 io_uring_buf.resv}. */
    public static final int RESV_OFFSET = 14;

    /** {@code sizeof(struct io_uring_buf)} in bytes. */
    public static final int SIZE_BYTES = 16;

    private Buf() {
    }
}
