package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_rsrc_update}, the argument of {@link RegisterOp#REGISTER_FILES_UPDATE} and {@link
 * RegisterOp#REGISTER_RING_FDS}; offsets in bytes.
 */
public final class RsrcUpdate {
    /** {@code __u32 io_uring_rsrc_update.offset}. */
    public static final int OFFSET_OFFSET = 0;

    /** {@code __u64 io_uring_rsrc_update.data}. */
    public static final int DATA_OFFSET = 8;

    /** {@code sizeof(struct io_uring_rsrc_update)} in bytes. */
    public static final int SIZE_BYTES = 16;

    private RsrcUpdate() {
    }
}
