package io.nio2uring.abi;

/**
 * Values of {@code sqe.flags}; each with the first kernel that has it.
 *
 * <p>A kernel without a flag completes the request with {@code -EINVAL}.
 */
public final class SqeFlag {
    /** {@code sqe.fd} is a slot of the registered files; Linux 5.1. */
    public static final int FIXED_FILE = 1 << 0;

    /** Start after every earlier request has completed, and hold back later ones; Linux 5.2. */
    public static final int IO_DRAIN = 1 << 1;

    /** The next entry starts when this one has succeeded; Linux 5.3. */
    public static final int IO_LINK = 1 << 2;

    /** The next entry starts when this one has ended; Linux 5.5. */
    public static final int IO_HARDLINK = 1 << 3;

    /** Go to a worker thread at once instead of trying first; Linux 5.6. */
    public static final int ASYNC = 1 << 4;

    /** The kernel picks the buffer from the group {@code sqe.buf_group}; Linux 5.7. */
    public static final int BUFFER_SELECT = 1 << 5;

    /** No completion when the request succeeds; Linux 5.17. */
    public static final int CQE_SKIP_SUCCESS = 1 << 6;

    private SqeFlag() {
    }
}
