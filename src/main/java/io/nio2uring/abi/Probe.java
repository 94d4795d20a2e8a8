package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_probe} without its array of {@link ProbeOp}; offsets in bytes.
 */
public final class Probe {
    /** {@code __u8 io_uring_probe.last_op}. */
    public static final int LAST_OP_OFFSET = 0;

    /** {@code __u8 io_uring_probe.ops_len}. */
    public static final int OPS_LEN_OFFSET = 1;

    /** {@code struct io_uring_probe_op[] io_uring_probe.ops}. */
    public static final int OPS_OFFSET = 16;

    /** {@code sizeof(struct io_uring_probe)} in bytes. */
    public static final int SIZE_BYTES = 16;

    private Probe() {
    }
}
