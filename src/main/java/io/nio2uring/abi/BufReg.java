package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_buf_reg}, the argument of {@link RegisterOp#REGISTER_PBUF_RING}; offsets in bytes.
 *
 * <p>Headers before 6.4 call {@code flags} {@code pad}.
 */
public final class BufReg {
    /** {@code __u64 io_uring_buf_reg.ring_addr}. */
    public static final int RING_ADDR_OFFSET = 0;

    /** {@code __u32 io_uring_buf_reg.ring_entries}. */
    public static final int RING_ENTRIES_OFFSET = 8;

    /** {@code __u16 io_uring_buf_reg.bgid}. */
    public static final int BGID_OFFSET = 12;

    /** {@code __u16 io_uring_buf_reg.flags}. */
    public static final int FLAGS_OFFSET = 14;

    /** {@code sizeof(struct io_uring_buf_reg)} in bytes. */
    public static final int SIZE_BYTES = 40;

    private BufReg() {
    }
}
