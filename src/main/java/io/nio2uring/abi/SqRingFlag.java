package io.nio2uring.abi;

/**
 * Values of the flags word of the submission ring: the kernel writes it, the application reads it.
 */
public final class SqRingFlag {
    /** The {@link SetupFlag#SQPOLL} thread sleeps: {@link EnterFlag#SQ_WAKEUP} is due; Linux 5.1. */
    public static final int NEED_WAKEUP = 1 << 0;

    /** Completions wait in the kernel for room: {@link EnterFlag#GETEVENTS} is due; Linux 5.8. */
    public static final int CQ_OVERFLOW = 1 << 1;

    /** Deferred work waits: {@link EnterFlag#GETEVENTS} is due; Linux 5.19 with {@link SetupFlag#TASKRUN_FLAG}. */
    public static final int TASKRUN = 1 << 2;

    private SqRingFlag() {
    }
}
