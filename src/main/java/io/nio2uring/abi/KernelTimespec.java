package io.nio2uring.abi;

/**
 * Layout of {@code struct __kernel_timespec} ({@code linux/time_types.h}); offsets in bytes.
 */
public final class KernelTimespec {
    /** {@code __s64 __kernel_timespec.tv_sec}. */
    public static final int TV_SEC_OFFSET = 0;

    /** {@code __s64 __kernel_timespec.tv_nsec}. */
    public static final int TV_NSEC_OFFSET = 8;

    /** {@code sizeof(struct __kernel_timespec)} in bytes. */
    public static final int SIZE_BYTES = 16;

    private KernelTimespec() {
    }
}
