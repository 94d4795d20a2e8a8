package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_params}, the argument of {@code io_uring_setup(2)}; offsets in bytes.
 */
public final class Params {
    /** {@code __u32 io_uring_params.sq_entries}. */
    public static final int SQ_ENTRIES_OFFSET = 0;

    /** {@code __u32 io_uring_params.cq_entries}. */
    public static final int CQ_ENTRIES_OFFSET = 4;

    /** {@code __u32 io_uring_params.flags}. */
    public static final int FLAGS_OFFSET = 8;

    /** {@code __u32 io_uring_params.sq_thread_cpu}. */
    public static final int SQ_THREAD_CPU_OFFSET = 12;

    /** {@code __u32 io_uring_params.sq_thread_idle}. */
    public static final int SQ_THREAD_IDLE_OFFSET = 16;

    /** {@code __u32 io_uring_params.features}. */
    public static final int FEATURES_OFFSET = 20;

    /** {@code __u32 io_uring_params.wq_fd}. */
    public static final int WQ_FD_OFFSET = 24;

    /** {@code __u32[3] io_uring_params.resv}. */
    public static final int RESV_OFFSET = 28;

    /** {@code struct io_sqring_offsets io_uring_params.sq_off}. */
    public static final int SQ_OFF_OFFSET = 40;

    /** {@code struct io_cqring_offsets io_uring_params.cq_off}. */
    public static final int CQ_OFF_OFFSET = 80;

    /** {@code sizeof(struct io_uring_params)} in bytes. */
    public static final int SIZE_BYTES = 120;

    private Params() {
    }
}
