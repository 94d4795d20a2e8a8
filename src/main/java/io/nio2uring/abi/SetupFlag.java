package io.nio2uring.abi;

/**
 * Values of {@code io_uring_params.flags} for {@code io_uring_setup(2)}; each with the first kernel that has it.
 *
 * <p>A kernel without a flag refuses the whole set-up with {@code EINVAL}.
 */
public final class SetupFlag {
    /** Completions by busy polling of the device, for {@code O_DIRECT} files only; Linux 5.1. */
    public static final int IOPOLL = 1 << 0;

    /**
     * A kernel thread takes submissions, without a system call while it is awake; Linux 5.1 (unprivileged since
     * 5.11). Without: {@code io_uring_enter(2)} submits.
     */
    public static final int SQPOLL = 1 << 1;

    /** {@code sq_thread_cpu} is the processor of the {@link #SQPOLL} thread; Linux 5.1. */
    public static final int SQ_AFF = 1 << 2;

    /** {@code cq_entries} is the size of the completion queue; Linux 5.5. Without: twice the submission queue. */
    public static final int CQSIZE = 1 << 3;

    /** Sizes beyond the limit are lowered to it; Linux 5.6. Without: {@code EINVAL}. */
    public static final int CLAMP = 1 << 4;

    /** Share the worker pool of the ring {@code wq_fd}; Linux 5.6. */
    public static final int ATTACH_WQ = 1 << 5;

    /** Start disabled, so that restrictions can be registered; Linux 5.10. */
    public static final int R_DISABLED = 1 << 6;

    /**
     * One invalid entry does not end the submission of those after it; Linux 5.18. Without: they stay queued until
     * the next call.
     */
    public static final int SUBMIT_ALL = 1 << 7;

    /**
     * No interrupt of the submitter when a request can go on: it does at its next transition to the kernel; Linux
     * 5.19. Without: an inter-processor interrupt each time.
     */
    public static final int COOP_TASKRUN = 1 << 8;

    /**
     * {@link SqRingFlag#TASKRUN} tells that a transition is due; needs {@link #COOP_TASKRUN} or {@link
     * #DEFER_TASKRUN}; Linux 5.19.
     */
    public static final int TASKRUN_FLAG = 1 << 9;

    /** Submission entries of 128 bytes; Linux 5.19. */
    public static final int SQE128 = 1 << 10;

    /** Completion entries of 32 bytes; Linux 5.19. */
    public static final int CQE32 = 1 << 11;

    /** Only one thread ever submits (another one gets {@code EEXIST}); Linux 6.0. */
    public static final int SINGLE_ISSUER = 1 << 12;

    /** Requests go on only when the submitter asks for completions; needs {@link #SINGLE_ISSUER}; Linux 6.1. */
    public static final int DEFER_TASKRUN = 1 << 13;

    /** The application provides the memory of the rings; Linux 6.5. */
    public static final int NO_MMAP = 1 << 14;

    /** The ring has a registered index instead of a descriptor; Linux 6.5. */
    public static final int REGISTERED_FD_ONLY = 1 << 15;

    /**
     * No index array between the submission ring and its entries; Linux 6.6. Without: the array maps each index to
     * itself.
     */
    public static final int NO_SQARRAY = 1 << 16;

    /** {@link #IOPOLL} that sleeps first; Linux 6.13. */
    public static final int HYBRID_IOPOLL = 1 << 17;

    /** Completion entries of 16 and of 32 bytes in one queue; Linux 6.18. */
    public static final int CQE_MIXED = 1 << 18;

    private SetupFlag() {
    }
}
