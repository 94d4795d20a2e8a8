package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_getevents_arg}, the argument of {@link EnterFlag#EXT_ARG}; offsets in bytes.
 */
public final class GeteventsArg {
    /** {@code __u64 io_uring_getevents_arg.sigmask}. */
    public static final int SIGMASK_OFFSET = 0;

    /** {@code __u32 io_uring_getevents_arg.sigmask_sz}. */
    public static final int SIGMASK_SZ_OFFSET = 8;

    /** {@code __u32 io_uring_getevents_arg.min_wait_usec}; must be 0 without {@link Feature#MIN_TIMEOUT}. */
    public static final int MIN_WAIT_USEC_OFFSET = 12;

    /** {@code __u64 io_uring_getevents_arg.ts}. */
    public static final int TS_OFFSET = 16;

    /** {@code sizeof(struct io_uring_getevents_arg)} in bytes. */
    public static final int SIZE_BYTES = 24;

    private GeteventsArg() {
    }
}
