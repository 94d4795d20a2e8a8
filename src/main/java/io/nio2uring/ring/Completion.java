package io.nio2uring.ring;

import io.nio2uring.abi.CqeFlag;

/**
 * What the kernel says about one operation: a view that belongs to its ring and shows another completion after the
 * consumer that it was passed to has returned. Copy what is to be kept.
 *
 * <p>Not thread-safe. Source: {@code struct io_uring_cqe} of {@code linux/io_uring.h}, {@code io_uring(7)}.
 */
public final class Completion {
    private long userData;
    private int result;
    private int flags;

    Completion() {
    }

    void set(long userData, int result, int flags) {
        this.userData = userData;
        this.result = result;
        this.flags = flags;
    }

    /**
     * The value that was given with the operation.
     *
     * @return the user data
     */
    public long userData() {
        return userData;
    }

    /**
     * The operation's result: what the system call of the same name would return, or the negated errno.
     *
     * @return the result
     */
    public int result() {
        return result;
    }

    /**
     * All flags as the kernel set them ({@code IORING_CQE_F_*}).
     *
     * @return the flags
     */
    public int flags() {
        return flags;
    }

    /**
     * Whether the operation goes on and will complete again ({@code IORING_CQE_F_MORE}, Linux 5.13). Without it this
     * is its final completion: memory that was given to the operation is the application's again, and a multishot
     * operation has to be prepared anew.
     *
     * @return true if more completions follow
     */
    public boolean hasMore() {
        return (flags & CqeFlag.MORE) != 0;
    }

    /**
     * The provided buffer that holds the data ({@code IORING_CQE_F_BUFFER}, Linux 5.7). It belongs to the application
     * until it is recycled.
     *
     * @return the buffer's id, 0 to 65,535, or -1 if no buffer was used
     */
    public int bufferId() {
        return (flags & CqeFlag.BUFFER) != 0 ? flags >>> CqeFlag.BUFFER_SHIFT : -1;
    }

    /**
     * Whether the buffer still belongs to the kernel because further data will follow in the rest of it
     * ({@code IORING_CQE_F_BUF_MORE}, Linux 6.12, only with a ring from
     * {@link IoUring#registerIncrementalBufRing}): it must not be recycled yet.
     *
     * @return true if the buffer is not used up
     */
    public boolean bufferHasMore() {
        return (flags & CqeFlag.BUF_MORE) != 0;
    }

    /**
     * Whether another receive would find something at once ({@code IORING_CQE_F_SOCK_NONEMPTY}, Linux 5.19): more
     * data, or the end of the stream, which TCP counts as such here. So a receive that meets the end completes with 0
     * and this flag (seen on Linux 6.18), and the flag must not be taken for a reason to receive again.
     *
     * @return true if the next receive would not wait
     */
    public boolean socketNonEmpty() {
        return (flags & CqeFlag.SOCK_NONEMPTY) != 0;
    }

    /**
     * Whether this is the second completion of a zero-copy send, which gives the buffer back
     * ({@code IORING_CQE_F_NOTIF}, Linux 6.0).
     *
     * @return true for a notification
     */
    public boolean isNotification() {
        return (flags & CqeFlag.NOTIF) != 0;
    }

    /**
     * For diagnostics.
     *
     * @return user data, result and flags
     */
    @Override
    public String toString() {
        return "Completion[userData=" + Long.toHexString(userData) + ", result=" + result + ", flags="
                + Integer.toHexString(flags) + "]";
    }
}
