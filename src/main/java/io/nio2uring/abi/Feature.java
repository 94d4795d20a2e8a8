package io.nio2uring.abi;

/**
 * Values of {@code io_uring_params.features}, which the kernel sets; each with the first kernel that has it.
 */
public final class Feature {
    /** One mapping holds both rings; Linux 5.4. */
    public static final int SINGLE_MMAP = 1 << 0;

    /** Completions are kept when their queue is full; Linux 5.5. Without: they are lost. */
    public static final int NODROP = 1 << 1;

    /**
     * What an entry points to (not the data) is copied before the submission returns; Linux 5.5. Without: addresses,
     * iovecs and timespecs must last until the completion.
     */
    public static final int SUBMIT_STABLE = 1 << 2;

    /** Offset -1 means the file position; Linux 5.6. */
    public static final int RW_CUR_POS = 1 << 3;

    /** Requests run with the credentials of the submitter; Linux 5.6. */
    public static final int CUR_PERSONALITY = 1 << 4;

    /** Sockets are polled instead of occupying worker threads; Linux 5.7. */
    public static final int FAST_POLL = 1 << 5;

    /** {@code sqe.poll32_events} is read as 32 bits; Linux 5.9. */
    public static final int POLL_32BITS = 1 << 6;

    /** {@link SetupFlag#SQPOLL} takes files that are not registered; Linux 5.11. */
    public static final int SQPOLL_NONFIXED = 1 << 7;

    /** {@link EnterFlag#EXT_ARG} is known; Linux 5.11. */
    public static final int EXT_ARG = 1 << 8;

    /** Workers are threads of the process; Linux 5.12. */
    public static final int NATIVE_WORKERS = 1 << 9;

    /** Registered resources can be tagged; Linux 5.13. */
    public static final int RSRC_TAGS = 1 << 10;

    /** {@link SqeFlag#CQE_SKIP_SUCCESS} is known; Linux 5.17. */
    public static final int CQE_SKIP = 1 << 11;

    /** A linked request looks its file up when it starts; Linux 5.17. */
    public static final int LINKED_FILE = 1 << 12;

    /** {@code io_uring_register(2)} takes a registered ring; Linux 6.3. */
    public static final int REG_REG_RING = 1 << 13;

    /** Send and receive take several provided buffers at once; Linux 6.10. */
    public static final int RECVSEND_BUNDLE = 1 << 14;

    /** A wait takes a minimum time for a batch; Linux 6.12. */
    public static final int MIN_TIMEOUT = 1 << 15;

    /** Reads and writes take attributes; Linux 6.14. */
    public static final int RW_ATTR = 1 << 16;

    /** {@link EnterFlag#NO_IOWAIT} is known; Linux 6.15. */
    public static final int NO_IOWAIT = 1 << 17;

    private Feature() {
    }
}
