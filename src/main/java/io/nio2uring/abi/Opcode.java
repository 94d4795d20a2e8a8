package io.nio2uring.abi;

/**
 * Values of {@code sqe.opcode} ({@code enum io_uring_op} of {@code linux/io_uring.h}); each with the first kernel
 * that has it.
 *
 * <p>A kernel without an opcode completes the request with {@code -EINVAL}, or refuses the submission; {@link
 * RegisterOp#REGISTER_PROBE} tells beforehand.
 */
public final class Opcode {
    /** Completes with 0; Linux 5.1. */
    public static final int NOP = 0;

    /** {@code preadv2(2)}; Linux 5.1. */
    public static final int READV = 1;

    /** {@code pwritev2(2)}; Linux 5.1. */
    public static final int WRITEV = 2;

    /** {@code fsync(2)}, or {@code fdatasync(2)} with {@link OpFlag#FSYNC_DATASYNC}; Linux 5.1. */
    public static final int FSYNC = 3;

    /** Read into a registered buffer; Linux 5.1. */
    public static final int READ_FIXED = 4;

    /** Write from a registered buffer; Linux 5.1. */
    public static final int WRITE_FIXED = 5;

    /** {@code poll(2)} on one descriptor; with {@link OpFlag#POLL_ADD_MULTI} (5.13) repeatedly; Linux 5.1. */
    public static final int POLL_ADD = 6;

    /** Remove or (5.13) update a poll request; Linux 5.1. */
    public static final int POLL_REMOVE = 7;

    /** {@code sync_file_range(2)}; Linux 5.2. */
    public static final int SYNC_FILE_RANGE = 8;

    /** {@code sendmsg(2)}; Linux 5.3. */
    public static final int SENDMSG = 9;

    /** {@code recvmsg(2)}; Linux 5.3. */
    public static final int RECVMSG = 10;

    /** Completes with {@code -ETIME} after a time, or with 0 after a number of completions; Linux 5.4. */
    public static final int TIMEOUT = 11;

    /** Remove or (5.11) update a timeout; Linux 5.5. */
    public static final int TIMEOUT_REMOVE = 12;

    /** {@code accept4(2)}; with {@link OpFlag#ACCEPT_MULTISHOT} (5.19) repeatedly; Linux 5.5. */
    public static final int ACCEPT = 13;

    /** Ask for the end of another request; keys other than user data since 5.19; Linux 5.5. */
    public static final int ASYNC_CANCEL = 14;

    /** A timeout on the request linked before it; Linux 5.5. */
    public static final int LINK_TIMEOUT = 15;

    /** {@code connect(2)}; Linux 5.5. */
    public static final int CONNECT = 16;

    /** {@code fallocate(2)}; Linux 5.6. */
    public static final int FALLOCATE = 17;

    /** {@code openat(2)}; Linux 5.6. */
    public static final int OPENAT = 18;

    /** {@code close(2)}; Linux 5.6. */
    public static final int CLOSE = 19;

    /** Update of the registered files; Linux 5.6. */
    public static final int FILES_UPDATE = 20;

    /** {@code statx(2)}; Linux 5.6. */
    public static final int STATX = 21;

    /** {@code pread(2)}, or {@code read(2)} for what has no position; before it: {@link #READV}; Linux 5.6. */
    public static final int READ = 22;

    /** {@code pwrite(2)}, or {@code write(2)} for what has no position; before it: {@link #WRITEV}; Linux 5.6. */
    public static final int WRITE = 23;

    /** {@code posix_fadvise(2)}; Linux 5.6. */
    public static final int FADVISE = 24;

    /** {@code madvise(2)}; Linux 5.6. */
    public static final int MADVISE = 25;

    /** {@code send(2)}; before it: {@link #SENDMSG}; Linux 5.6. */
    public static final int SEND = 26;

    /**
     * {@code recv(2)}, with {@link OpFlag#RECV_MULTISHOT} (6.0) repeatedly; before it: {@link #RECVMSG}; Linux 5.6.
     */
    public static final int RECV = 27;

    /** {@code openat2(2)}; Linux 5.6. */
    public static final int OPENAT2 = 28;

    /** {@code epoll_ctl(2)}; Linux 5.6. */
    public static final int EPOLL_CTL = 29;

    /** {@code splice(2)}; Linux 5.7. */
    public static final int SPLICE = 30;

    /** Hand buffers to a group one request at a time; superseded by buffer rings (5.19); Linux 5.7. */
    public static final int PROVIDE_BUFFERS = 31;

    /** Take such buffers back; Linux 5.7. */
    public static final int REMOVE_BUFFERS = 32;

    /** {@code tee(2)}; Linux 5.8. */
    public static final int TEE = 33;

    /** {@code shutdown(2)}; before it: the system call; Linux 5.11. */
    public static final int SHUTDOWN = 34;

    /** {@code renameat2(2)}; Linux 5.11. */
    public static final int RENAMEAT = 35;

    /** {@code unlinkat(2)}; Linux 5.11. */
    public static final int UNLINKAT = 36;

    /** {@code mkdirat(2)}; Linux 5.15. */
    public static final int MKDIRAT = 37;

    /** {@code symlinkat(2)}; Linux 5.15. */
    public static final int SYMLINKAT = 38;

    /** {@code linkat(2)}; Linux 5.15. */
    public static final int LINKAT = 39;

    /** Post a completion on another ring; before it: an eventfd that the other ring polls; Linux 5.18. */
    public static final int MSG_RING = 40;

    /** {@code fsetxattr(2)}; Linux 5.19. */
    public static final int FSETXATTR = 41;

    /** {@code setxattr(2)}; Linux 5.19. */
    public static final int SETXATTR = 42;

    /** {@code fgetxattr(2)}; Linux 5.19. */
    public static final int FGETXATTR = 43;

    /** {@code getxattr(2)}; Linux 5.19. */
    public static final int GETXATTR = 44;

    /** {@code socket(2)}; Linux 5.19. */
    public static final int SOCKET = 45;

    /** A command that the file itself defines; Linux 5.19. */
    public static final int URING_CMD = 46;

    /**
     * Send without copying: two completions, the second one ({@link CqeFlag#NOTIF}) releases the buffer; before it:
     * {@link #SEND}; Linux 6.0.
     */
    public static final int SEND_ZC = 47;

    /** {@code sendmsg(2)} without copying; Linux 6.1. */
    public static final int SENDMSG_ZC = 48;

    /** Repeated read into provided buffers of a file that can be polled; Linux 6.7. */
    public static final int READ_MULTISHOT = 49;

    /** {@code waitid(2)}; Linux 6.7. */
    public static final int WAITID = 50;

    /** {@code futex(2)} wait; Linux 6.7. */
    public static final int FUTEX_WAIT = 51;

    /** {@code futex(2)} wake; Linux 6.7. */
    public static final int FUTEX_WAKE = 52;

    /** {@code futex_waitv(2)}; Linux 6.7. */
    public static final int FUTEX_WAITV = 53;

    /** A descriptor from a registered-file slot; Linux 6.8. */
    public static final int FIXED_FD_INSTALL = 54;

    /** {@code ftruncate(2)}; Linux 6.9. */
    public static final int FTRUNCATE = 55;

    /** {@code bind(2)}; Linux 6.11. */
    public static final int BIND = 56;

    /** {@code listen(2)}; Linux 6.11. */
    public static final int LISTEN = 57;

    /** Receive without copying into memory given to the network card; Linux 6.15. */
    public static final int RECV_ZC = 58;

    /** {@code epoll_wait(2)}; Linux 6.15. */
    public static final int EPOLL_WAIT = 59;

    /** Vectored read into a registered buffer; Linux 6.15. */
    public static final int READV_FIXED = 60;

    /** Vectored write from a registered buffer; Linux 6.15. */
    public static final int WRITEV_FIXED = 61;

    /** {@code pipe2(2)}; Linux 6.16. */
    public static final int PIPE = 62;

    /** One more than the last opcode known here (Linux 6.16); a newer kernel may have more. */
    public static final int LAST = 63;

    private Opcode() {
    }
}
