package io.nio2uring.abi;

/**
 * Layout of {@code struct io_uring_sqe}, a submission entry; offsets in bytes.
 *
 * <pre>
 *  0       1      2        4           8                 16                24        28
 *  opcode  flags  ioprio   fd          off | addr2       addr              len       rw_flags | msg_flags | …
 *  32          40                      42           44                         48       56
 *  user_data   buf_index | buf_group   personality  file_index | splice_fd_in  addr3    pad
 * </pre>
 *
 * <p>Fields that share a place ({@code off} and {@code addr2}, {@code rw_flags} and every other
 * {@code …_flags}, {@code buf_index} and {@code buf_group}) have one constant.
 */
public final class Sqe {
    /** {@code __u8 io_uring_sqe.opcode}. */
    public static final int OPCODE_OFFSET = 0;

    /** {@code __u8 io_uring_sqe.flags}. */
    public static final int FLAGS_OFFSET = 1;

    /** {@code __u16 io_uring_sqe.ioprio}. */
    public static final int IOPRIO_OFFSET = 2;

    /** {@code __s32 io_uring_sqe.fd}. */
    public static final int FD_OFFSET = 4;

    /** {@code __u64 io_uring_sqe.off}. */
    public static final int OFF_OFFSET = 8;

    /** {@code __u64 io_uring_sqe.addr}. */
    public static final int ADDR_OFFSET = 16;

    /** {@code __u32 io_uring_sqe.len}. */
    public static final int LEN_OFFSET = 24;

    /** {@code __u32 io_uring_sqe.rw_flags}. */
    public static final int RW_FLAGS_OFFSET = 28;

    /** {@code __u64 io_uring_sqe.user_data}. */
    public static final int USER_DATA_OFFSET = 32;

    /** {@code __u16 io_uring_sqe.buf_index}. */
    public static final int BUF_INDEX_OFFSET = 40;

    /** {@code __u16 io_uring_sqe.personality}. */
    public static final int PERSONALITY_OFFSET = 42;

    /** {@code __u32 io_uring_sqe.file_index}. */
    public static final int FILE_INDEX_OFFSET = 44;

    /** {@code __u64 io_uring_sqe.addr3}. */
    public static final int ADDR3_OFFSET = 48;

    /** {@code sizeof(struct io_uring_sqe)} in bytes. */
    public static final int SIZE_BYTES = 64;

    private Sqe() {
    }
}
