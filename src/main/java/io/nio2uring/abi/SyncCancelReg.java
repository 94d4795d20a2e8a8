package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_sync_cancel_reg}, the argument of {@link RegisterOp#REGISTER_SYNC_CANCEL}; offsets
 * in bytes.
 */
public final class SyncCancelReg {
    /** {@code __u64 io_uring_sync_cancel_reg.addr}. */
    public static final int ADDR_OFFSET = 0;

    /** {@code __s32 io_uring_sync_cancel_reg.fd}. */
    public static final int FD_OFFSET = 8;

    /** {@code __u32 io_uring_sync_cancel_reg.flags}. */
    public static final int FLAGS_OFFSET = 12;

    /** {@code struct __kernel_timespec io_uring_sync_cancel_reg.timeout}. */
    public static final int TIMEOUT_OFFSET = 16;

    /** {@code sizeof(struct io_uring_sync_cancel_reg)} in bytes. */
    public static final int SIZE_BYTES = 64;

    private SyncCancelReg() {
    }
}
