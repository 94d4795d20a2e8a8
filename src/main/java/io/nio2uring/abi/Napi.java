package io.nio2uring.abi;

/** Layout of {@code struct io_uring_napi}, the argument of {@link RegisterOp#REGISTER_NAPI}; offsets in bytes. */
public final class Napi {
    /** {@code __u32 io_uring_napi.busy_poll_to}, in microseconds. */
    public static final int BUSY_POLL_TO_OFFSET = 0;

    /** {@code __u8 io_uring_napi.prefer_busy_poll}. */
    public static final int PREFER_BUSY_POLL_OFFSET = 4;

    /** {@code sizeof(struct io_uring_napi)} in bytes. */
    public static final int SIZE_BYTES = 16;

    private Napi() {
    }
}
