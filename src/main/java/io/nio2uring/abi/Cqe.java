package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_cqe}, a completion entry; offsets in bytes.
 */
public final class Cqe {
    /** {@code __u64 io_uring_cqe.user_data}. */
    public static final int USER_DATA_OFFSET = 0;

    /** {@code __s32 io_uring_cqe.res}. */
    public static final int RES_OFFSET = 8;

    /** {@code __u32 io_uring_cqe.flags}. */
    public static final int FLAGS_OFFSET = 12;

    /** {@code sizeof(struct io_uring_cqe)} in bytes. */
    public static final int SIZE_BYTES = 16;

    private Cqe() {
    }
}
