package io.nio2uring.abi;

/**
 * Layout of {@code struct io_sqring_offsets}: where the fields of the submission ring lie in its mapping.
 */
public final class SqRingOffsets {
    /** {@code __u32 io_sqring_offsets.head}. */
    public static final int HEAD_OFFSET = 0;

    /** {@code __u32 io_sqring_offsets.tail}. */
    public static final int TAIL_OFFSET = 4;

    /** {@code __u32 io_sqring_offsets.ring_mask}. */
    public static final int RING_MASK_OFFSET = 8;

    /** {@code __u32 io_sqring_offsets.ring_entries}. */
    public static final int RING_ENTRIES_OFFSET = 12;

    /** {@code __u32 io_sqring_offsets.flags}. */
    public static final int FLAGS_OFFSET = 16;

    /** {@code __u32 io_sqring_offsets.dropped}. */
    public static final int DROPPED_OFFSET = 20;

    /** {@code __u32 io_sqring_offsets.array}. */
    public static final int ARRAY_OFFSET = 24;

    /** {@code sizeof(struct io_sqring_offsets)} in bytes. */
    public static final int SIZE_BYTES = 40;

    private SqRingOffsets() {
    }
}
