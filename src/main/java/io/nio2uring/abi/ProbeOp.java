package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_probe_op}; offsets in bytes.
 */
public final class ProbeOp {
    /** {@code __u8 io_uring_probe_op.op}. */
    public static final int OP_OFFSET = 0;

    /** {@code __u16 io_uring_probe_op.flags}. */
    public static final int FLAGS_OFFSET = 2;

    /** {@code sizeof(struct io_uring_probe_op)} in bytes. */
    public static final int SIZE_BYTES = 8;

    private ProbeOp() {
    }
}
