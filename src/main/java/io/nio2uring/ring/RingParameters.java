package io.nio2uring.ring;

import io.nio2uring.abi.SetupFlag;

/**
 * What a ring is opened with. Immutable; each {@code with} method returns a changed copy.
 *
 * <p>Source: {@code io_uring_setup(2)}.
 *
 * @param entries size of the submission queue, 1 to {@value #MAX_ENTRIES}; the kernel rounds it up to a power of two
 * @param completionEntries size of the completion queue, at least {@code entries}, rounded up likewise; 0 for the
 *     kernel's default, twice the submission queue
 * @param setupFlags {@code IORING_SETUP_*} as the constants here; exactly these are used
 * @param sqThreadIdleMillis with {@link #SQPOLL}: how long the kernel thread looks for entries before it sleeps, in
 *     milliseconds; 0 for the kernel's default, one second
 * @param sqThreadCpu with {@link #SQPOLL}: the processor of the kernel thread, or -1 for any
 */
public record RingParameters(int entries, int completionEntries, int setupFlags, int sqThreadIdleMillis,
        int sqThreadCpu) {
    /** Largest submission queue ({@code IORING_MAX_ENTRIES}). */
    public static final int MAX_ENTRIES = 32_768;

    /** Largest completion queue ({@code IORING_MAX_CQ_ENTRIES}). */
    public static final int MAX_COMPLETION_ENTRIES = 2 * MAX_ENTRIES;

    /** A kernel thread takes submissions; Linux 5.1. */
    public static final int SQPOLL = SetupFlag.SQPOLL;

    /** Sizes beyond the limit are lowered to it; Linux 5.6. */
    public static final int CLAMP = SetupFlag.CLAMP;

    /** One invalid entry does not end the submission of those after it; Linux 5.18. */
    public static final int SUBMIT_ALL = SetupFlag.SUBMIT_ALL;

    /** No interrupt of the submitter when a request can go on; Linux 5.19. */
    public static final int COOP_TASKRUN = SetupFlag.COOP_TASKRUN;

    /** The kernel tells when a transition to it is due; with one of the other two {@code TASKRUN}; Linux 5.19. */
    public static final int TASKRUN_FLAG = SetupFlag.TASKRUN_FLAG;

    /** Only one thread ever uses the ring; Linux 6.0. */
    public static final int SINGLE_ISSUER = SetupFlag.SINGLE_ISSUER;

    /** Requests go on only in {@code submitAndWait}; needs {@link #SINGLE_ISSUER}; Linux 6.1. */
    public static final int DEFER_TASKRUN = SetupFlag.DEFER_TASKRUN;

    /** No index array between the submission ring and its entries; Linux 6.6. */
    public static final int NO_SQARRAY = SetupFlag.NO_SQARRAY;

    private static final int KNOWN_FLAGS = SQPOLL | CLAMP | SUBMIT_ALL | COOP_TASKRUN | TASKRUN_FLAG | SINGLE_ISSUER
            | DEFER_TASKRUN | NO_SQARRAY;

    /**
     * Checks what can be checked without the kernel.
     *
     * @throws IllegalArgumentException if a size is out of its range, a flag is none of the constants here, or
     *     something about the kernel thread is given without {@link #SQPOLL}
     */
    public RingParameters {
        boolean clamp = (setupFlags & CLAMP) != 0;
        if (entries < 1 || entries > MAX_ENTRIES && !clamp) {
            throw new IllegalArgumentException("entries: " + entries + " is not in 1 to " + MAX_ENTRIES);
        }
        if (completionEntries != 0
                && (completionEntries < entries || completionEntries > MAX_COMPLETION_ENTRIES && !clamp)) {
            throw new IllegalArgumentException("completionEntries: " + completionEntries + " is neither 0 nor in "
                    + entries + " to " + MAX_COMPLETION_ENTRIES);
        }
        if ((setupFlags & ~KNOWN_FLAGS) != 0) {
            throw new IllegalArgumentException(
                    "setupFlags: not supported here: 0x" + Integer.toHexString(setupFlags & ~KNOWN_FLAGS));
        }
        if (sqThreadIdleMillis < 0) {
            throw new IllegalArgumentException("sqThreadIdleMillis: " + sqThreadIdleMillis);
        }
        if (sqThreadCpu < -1) {
            throw new IllegalArgumentException("sqThreadCpu: " + sqThreadCpu);
        }
        if ((setupFlags & SQPOLL) == 0 && (sqThreadIdleMillis != 0 || sqThreadCpu != -1)) {
            throw new IllegalArgumentException("sqThreadIdleMillis and sqThreadCpu need SQPOLL");
        }
    }

    /**
     * Parameters with the kernel's defaults and no flags.
     *
     * @param entries size of the submission queue, 1 to {@value #MAX_ENTRIES}
     * @return the parameters
     * @throws IllegalArgumentException if {@code entries} is out of range
     */
    public static RingParameters of(int entries) {
        return new RingParameters(entries, 0, 0, 0, -1);
    }

    /**
     * A copy with another completion queue.
     *
     * @param count its size, or 0 for the kernel's default
     * @return the copy
     * @throws IllegalArgumentException if {@code count} is out of range
     */
    public RingParameters withCompletionEntries(int count) {
        return new RingParameters(entries, count, setupFlags, sqThreadIdleMillis, sqThreadCpu);
    }

    /**
     * A copy with further flags.
     *
     * @param flags constants of this class; those that are set already stay
     * @return the copy
     * @throws IllegalArgumentException if one is none of the constants
     */
    public RingParameters withSetupFlags(int flags) {
        return new RingParameters(entries, completionEntries, setupFlags | flags, sqThreadIdleMillis, sqThreadCpu);
    }

    /**
     * A copy with {@link #SQPOLL}.
     *
     * @param idleMillis how long the kernel thread looks for entries before it sleeps, in milliseconds; 0 for one
     *     second
     * @param cpu its processor, or -1 for any
     * @return the copy
     * @throws IllegalArgumentException if a value is out of range
     */
    public RingParameters withSqpoll(int idleMillis, int cpu) {
        return new RingParameters(entries, completionEntries, setupFlags | SQPOLL, idleMillis, cpu);
    }

    /**
     * The names of setup flags, for people.
     *
     * @param setupFlags constants of this class
     * @return names as in the kernel's header without their common prefix, joined by {@code |}; empty for none
     */
    public static String flagNames(int setupFlags) {
        String[] names = {"IOPOLL", "SQPOLL", "SQ_AFF", "CQSIZE", "CLAMP", "ATTACH_WQ", "R_DISABLED", "SUBMIT_ALL",
            "COOP_TASKRUN", "TASKRUN_FLAG", "SQE128", "CQE32", "SINGLE_ISSUER", "DEFER_TASKRUN", "NO_MMAP",
            "REGISTERED_FD_ONLY", "NO_SQARRAY"};
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            if ((setupFlags & 1 << bit) != 0) {
                text.append(text.isEmpty() ? "" : "|").append(bit < names.length ? names[bit] : "1<<" + bit);
            }
        }
        return text.toString();
    }

    boolean has(int setupFlag) {
        return (setupFlags & setupFlag) != 0;
    }
}
