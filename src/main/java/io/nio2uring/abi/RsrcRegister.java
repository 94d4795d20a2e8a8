package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_rsrc_register}, the argument of {@link RegisterOp#REGISTER_FILES2}; offsets in
 * bytes.
 */
public final class RsrcRegister {
    /** {@code __u32 io_uring_rsrc_register.nr}. */
    public static final int NR_OFFSET = 0;

    /** {@code __u32 io_uring_rsrc_register.flags}. */
    public static final int FLAGS_OFFSET = 4;

    /** {@code __u64 io_uring_rsrc_register.data}. */
    public static final int DATA_OFFSET = 16;

    /** {@code __u64 io_uring_rsrc_register.tags}. */
    public static final int TAGS_OFFSET = 24;

    /** {@code sizeof(struct io_uring_rsrc_register)} in bytes. */
    public static final int SIZE_BYTES = 32;

    private RsrcRegister() {
    }
}
