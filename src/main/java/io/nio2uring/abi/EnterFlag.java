package io.nio2uring.abi;

/**
 * Flags of {@code io_uring_enter(2)}; each with the first kernel that has it.
 *
 * <p>A kernel without a flag refuses the call with {@code EINVAL}.
 */
public final class EnterFlag {
    /** Wait for {@code min_complete} completions, run deferred work, flush overflowed completions; Linux 5.1. */
    public static final int GETEVENTS = 1 << 0;

    /** Wake the {@link SetupFlag#SQPOLL} thread; Linux 5.1. */
    public static final int SQ_WAKEUP = 1 << 1;

    /** Wait until that thread has made room in the submission queue; Linux 5.10. */
    public static final int SQ_WAIT = 1 << 2;

    /**
     * The argument is a {@link GeteventsArg} with a timeout; Linux 5.11. Without: a timeout takes a {@link
     * Opcode#TIMEOUT} entry.
     */
    public static final int EXT_ARG = 1 << 3;

    /** The descriptor is an index from {@link RegisterOp#REGISTER_RING_FDS}; Linux 5.18. */
    public static final int REGISTERED_RING = 1 << 4;

    /** The timeout is an absolute time; Linux 6.12. */
    public static final int ABS_TIMER = 1 << 5;

    /** The argument lies in a registered region; Linux 6.13. */
    public static final int EXT_ARG_REG = 1 << 6;

    /** Waiting is not accounted as waiting for a device; Linux 6.15. */
    public static final int NO_IOWAIT = 1 << 7;

    private EnterFlag() {
    }
}
