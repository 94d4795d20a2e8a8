package io.nio2uring.abi;

/**
 * Values of {@code cqe.flags}; each with the first kernel that sets it.
 *
 * <p>A kernel without a flag never sets it.
 */
public final class CqeFlag {
    /** The upper 16 bits are the id of the provided buffer that was used; Linux 5.7. */
    public static final int BUFFER = 1 << 0;

    /** The request will post further completions; without this flag a completion is the final one; Linux 5.13. */
    public static final int MORE = 1 << 1;

    /** The next receive would find data, or the end of the stream, at once; Linux 5.19. */
    public static final int SOCK_NONEMPTY = 1 << 2;

    /** The second completion of a zero-copy send: the buffer is the application's again; Linux 6.0. */
    public static final int NOTIF = 1 << 3;

    /** The buffer is not used up: the next completion goes on in it (incremental consumption); Linux 6.12. */
    public static final int BUF_MORE = 1 << 4;

    /** Filler at the end of a {@link SetupFlag#CQE_MIXED} queue; Linux 6.18. */
    public static final int SKIP = 1 << 5;

    /** How far the buffer id is shifted in {@code cqe.flags}; Linux 5.7. */
    public static final int BUFFER_SHIFT = 16;

    private CqeFlag() {
    }
}
