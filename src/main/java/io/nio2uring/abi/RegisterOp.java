package io.nio2uring.abi;

/**
 * Operations of {@code io_uring_register(2)}; each with the first kernel that has it.
 *
 * <p>A kernel without an operation refuses the call with {@code EINVAL}.
 */
public final class RegisterOp {
    /** Register memory for {@link Opcode#READ_FIXED}; Linux 5.1. */
    public static final int REGISTER_BUFFERS = 0;

    /** Release it; Linux 5.1. */
    public static final int UNREGISTER_BUFFERS = 1;

    /** Register descriptors; Linux 5.1. */
    public static final int REGISTER_FILES = 2;

    /** Release them all; Linux 5.1. */
    public static final int UNREGISTER_FILES = 3;

    /** Signal an eventfd for each completion; Linux 5.2. */
    public static final int REGISTER_EVENTFD = 4;

    /** Stop that; Linux 5.2. */
    public static final int UNREGISTER_EVENTFD = 5;

    /** Replace slots of the registered files, -1 clears; Linux 5.5. */
    public static final int REGISTER_FILES_UPDATE = 6;

    /** As {@link #REGISTER_EVENTFD}, for asynchronous completions only; Linux 5.6. */
    public static final int REGISTER_EVENTFD_ASYNC = 7;

    /** Ask which opcodes there are; Linux 5.6. Without: only trying tells. */
    public static final int REGISTER_PROBE = 8;

    /** Register credentials; Linux 5.6. */
    public static final int REGISTER_PERSONALITY = 9;

    /** Release them; Linux 5.6. */
    public static final int UNREGISTER_PERSONALITY = 10;

    /** Restrict what a disabled ring may do; Linux 5.10. */
    public static final int REGISTER_RESTRICTIONS = 11;

    /** Enable a disabled ring; Linux 5.10. */
    public static final int REGISTER_ENABLE_RINGS = 12;

    /** Register files with tags, or sparsely (5.19); Linux 5.13. */
    public static final int REGISTER_FILES2 = 13;

    /** Replace slots with tags; Linux 5.13. */
    public static final int REGISTER_FILES_UPDATE2 = 14;

    /** Register buffers with tags; Linux 5.13. */
    public static final int REGISTER_BUFFERS2 = 15;

    /** Replace buffers with tags; Linux 5.13. */
    public static final int REGISTER_BUFFERS_UPDATE = 16;

    /** Processors of the worker threads; Linux 5.14. */
    public static final int REGISTER_IOWQ_AFF = 17;

    /** Reset them; Linux 5.14. */
    public static final int UNREGISTER_IOWQ_AFF = 18;

    /** Limit the worker threads; Linux 5.15. */
    public static final int REGISTER_IOWQ_MAX_WORKERS = 19;

    /**
     * An index for the ring's descriptor, valid for the calling thread only; Linux 5.18. Without: each call looks the
     * descriptor up.
     */
    public static final int REGISTER_RING_FDS = 20;

    /** Release such an index; Linux 5.18. */
    public static final int UNREGISTER_RING_FDS = 21;

    /** Register a provided-buffer ring; Linux 5.19. Without: {@link Opcode#PROVIDE_BUFFERS}. */
    public static final int REGISTER_PBUF_RING = 22;

    /** Release it; Linux 5.19. */
    public static final int UNREGISTER_PBUF_RING = 23;

    /** Cancel requests and wait for that; Linux 6.0. */
    public static final int REGISTER_SYNC_CANCEL = 24;

    /** Range in which the kernel picks free slots; Linux 6.0. */
    public static final int REGISTER_FILE_ALLOC_RANGE = 25;

    /** The kernel's head of a provided-buffer ring; Linux 6.8. */
    public static final int REGISTER_PBUF_STATUS = 26;

    /** Busy poll of the network card; Linux 6.9. */
    public static final int REGISTER_NAPI = 27;

    /** Stop that; Linux 6.9. */
    public static final int UNREGISTER_NAPI = 28;

    /** Clock of the wait timeouts; Linux 6.12. */
    public static final int REGISTER_CLOCK = 29;

    /** Share registered buffers with another ring; Linux 6.12. */
    public static final int REGISTER_CLONE_BUFFERS = 30;

    /** {@link Opcode#MSG_RING} without a ring of one's own; Linux 6.13. */
    public static final int REGISTER_SEND_MSG_RING = 31;

    /** Queue for {@link Opcode#RECV_ZC}; Linux 6.15. */
    public static final int REGISTER_ZCRX_IFQ = 32;

    /** Resize both queues; Linux 6.13. */
    public static final int REGISTER_RESIZE_RINGS = 33;

    /** Register a region for wait arguments; Linux 6.13. */
    public static final int REGISTER_MEM_REGION = 34;

    /** {@code io_uring_rsrc_register.flags}: all slots empty, no array is read; Linux 5.19. */
    public static final int RSRC_REGISTER_SPARSE = 1 << 0;

    /** {@code io_uring_buf_reg.flags}: the kernel allocates the ring's memory; Linux 6.4. */
    public static final int PBUF_RING_MMAP = 1 << 0;

    /** {@code io_uring_buf_reg.flags}: a buffer is consumed piece by piece; Linux 6.12. Without: {@code EINVAL}. */
    public static final int PBUF_RING_INC = 1 << 1;

    /** {@code io_uring_probe_op.flags}: the kernel has this opcode; Linux 5.6. */
    public static final int OP_SUPPORTED = 1 << 0;

    private RegisterOp() {
    }
}
