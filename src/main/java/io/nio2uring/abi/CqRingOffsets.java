package io.nio2uring.abi;

/**
 * Layout of {@code struct io_cqring_offsets}: where the fields of the completion ring lie in its mapping.
 */
public final class CqRingOffsets {
    /** {@code __u32 io_cqring_offsets.head}. */
    public static final int HEAD_OFFSET = 0;

    /** {@code __u32 io_cqring_offsets.tail}. */
    public static final int TAIL_OFFSET = 4;

    /** {@code __u32 io_cqring_offsets.ring_mask}. */
    public static final int RING_MASK_OFFSET = 8;

    /** {@code __u32 io_cqring_offsets.ring_entries}. */
    public static final int RING_ENTRIES_OFFSET = 12;

    /** {@code __u32 io_cqring_offsets.overflow}. */
    public static final int OVERFLOW_OFFSET = 16;

    /** {@code __u32 io_cqring_offsets.cqes}. */
    public static final int CQES_OFFSET = 20;

    /** {@code __u32 io_cqring_offsets.flags}. */
    public static final int FLAGS_OFFSET = 24;

    /** {@code sizeof(struct io_cqring_offsets)} in bytes. */
    public static final int SIZE_BYTES = 40;

    private CqRingOffsets() {
    }
}
