package io.nio2uring.abi;

/**
 * Flags of single operations: {@code sqe.ioprio} of sockets, {@code sqe.len} of polls, {@code sqe.cancel_flags} and
 * others; each with the first kernel that has it.
 *
 * <p>A kernel without a flag completes the request with {@code -EINVAL}.
 */
public final class OpFlag {
    /** {@code fsync_flags}: data only; Linux 5.1. */
    public static final int FSYNC_DATASYNC = 1 << 0;

    /**
     * {@code len} of {@link Opcode#POLL_ADD}: report until cancelled; Linux 5.13. Without: the poll is added again
     * each time.
     */
    public static final int POLL_ADD_MULTI = 1 << 0;

    /** {@code cancel_flags}: every match, and the result is their number; Linux 5.19. Without: the first. */
    public static final int ASYNC_CANCEL_ALL = 1 << 0;

    /** {@code cancel_flags}: the key is {@code sqe.fd}; Linux 5.19. */
    public static final int ASYNC_CANCEL_FD = 1 << 1;

    /** {@code cancel_flags}: every request matches; Linux 5.19. */
    public static final int ASYNC_CANCEL_ANY = 1 << 2;

    /** {@code cancel_flags}: {@code sqe.fd} is a registered slot; Linux 6.0. */
    public static final int ASYNC_CANCEL_FD_FIXED = 1 << 3;

    /** {@code cancel_flags}: the key is the user data too; Linux 6.6. */
    public static final int ASYNC_CANCEL_USERDATA = 1 << 4;

    /** {@code cancel_flags}: the key is the opcode too; Linux 6.6. */
    public static final int ASYNC_CANCEL_OP = 1 << 5;

    /** {@code ioprio} of send and receive: arm poll before trying; Linux 5.19. */
    public static final int RECVSEND_POLL_FIRST = 1 << 0;

    /**
     * {@code ioprio} of receive: report until an error or the end, into provided buffers; Linux 6.0. Without: one
     * request for each receive.
     */
    public static final int RECV_MULTISHOT = 1 << 1;

    /** {@code ioprio} of {@link Opcode#SEND_ZC}: from a registered buffer; Linux 6.0. */
    public static final int RECVSEND_FIXED_BUF = 1 << 2;

    /** {@code ioprio} of {@link Opcode#SEND_ZC}: the notification tells whether data was copied; Linux 6.2. */
    public static final int SEND_ZC_REPORT_USAGE = 1 << 3;

    /** {@code ioprio} of send and receive: several provided buffers at once; Linux 6.10. */
    public static final int RECVSEND_BUNDLE = 1 << 4;

    /**
     * {@code ioprio} of {@link Opcode#ACCEPT}: report until cancelled; Linux 5.19. Without: one request for each
     * connection.
     */
    public static final int ACCEPT_MULTISHOT = 1 << 0;

    /** {@code ioprio} of {@link Opcode#ACCEPT}: {@code -EAGAIN} instead of waiting; Linux 6.10. */
    public static final int ACCEPT_DONTWAIT = 1 << 1;

    /** {@code ioprio} of {@link Opcode#ACCEPT}: arm poll before trying; Linux 6.10. */
    public static final int ACCEPT_POLL_FIRST = 1 << 2;

    /**
     * {@code addr} of {@link Opcode#MSG_RING}: post {@code len} as result and {@code off} as user data; Linux 5.18.
     */
    public static final int MSG_DATA = 0;

    /** {@code msg_ring_flags}: {@code file_index} is the flags of the completion there; Linux 6.3. Without: none. */
    public static final int MSG_RING_FLAGS_PASS = 1 << 1;

    /** {@code addr} of {@link Opcode#MSG_RING}: pass a registered file; Linux 6.0. */
    public static final int MSG_SEND_FD = 1;

    private OpFlag() {
    }
}
