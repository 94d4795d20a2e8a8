package io.nio2uring.abi;

/**
 * Offsets for {@code mmap(2)} of a ring descriptor ({@code IORING_OFF_*}); Linux 5.1.
 */
public final class MmapOffset {
    /** The ring of submission indices, and with {@link Feature#SINGLE_MMAP} the completion queue. */
    public static final long SQ_RING = 0L;

    /** The completion queue. */
    public static final long CQ_RING = 0x8000000L;

    /** The submission entries. */
    public static final long SQES = 0x10000000L;

    private MmapOffset() {
    }
}
