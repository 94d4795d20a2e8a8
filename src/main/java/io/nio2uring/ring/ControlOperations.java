package io.nio2uring.ring;

import io.nio2uring.abi.OpFlag;
import io.nio2uring.abi.Opcode;

/** Preparation of operations on the ring itself: nothing, time, other operations, other rings. */
abstract sealed class ControlOperations extends SocketOperations permits RegistrationOperations {
    ControlOperations(SubmissionQueue submissions, int features) {
        super(submissions, features);
    }

    /**
     * Prepares an operation that does nothing; its result is 0 (Linux 5.1).
     *
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepNop(long userData) {
        return prepare(Opcode.NOP, NONE, NONE, -1, NONE, NONE, NONE, NONE, userData, NONE);
    }

    /**
     * Prepares a timeout relative to when the kernel takes the entry, on the monotonic clock (Linux 5.4). Its result
     * is {@code -ETIME}, or {@code -ECANCELED} when it is cancelled. The ring owns the memory that this needs.
     *
     * @param nanos how long, in nanoseconds
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code nanos} is negative
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepTimeout(long nanos, long userData) {
        if (nanos < 0) {
            throw new IllegalArgumentException("nanos: " + nanos);
        }
        return prepareTimed(Opcode.TIMEOUT, nanos, 1, NONE, userData);
    }

    /**
     * Prepares a request to end one operation (Linux 5.5). Its own result is 0 when that operation will complete with
     * {@code -ECANCELED}, {@code -ENOENT} if there is none, {@code -EALREADY} if it is too far to be certain. The
     * operation keeps its memory until its own final completion.
     *
     * @param targetUserData user data of the operation
     * @param userData returned with the completion of this request
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepCancel(long targetUserData, long userData) {
        return prepare(Opcode.ASYNC_CANCEL, NONE, NONE, -1, NONE, targetUserData, NONE, NONE, userData, NONE);
    }

    /**
     * Prepares a request to end operations on a file (Linux 5.19). Its own result is as for {@link #prepCancel}, with
     * {@link IoUring#CANCEL_ALL} the number of operations found.
     *
     * @param fd the file
     * @param flags 0 for one operation, or {@link IoUring#CANCEL_ALL}
     * @param userData returned with the completion of this request
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepCancelFd(int fd, int flags, long userData) {
        return prepare(Opcode.ASYNC_CANCEL, NONE, NONE, fd, NONE, NONE, NONE, flags | OpFlag.ASYNC_CANCEL_FD, userData,
                NONE);
    }

    /**
     * Prepares {@code poll(2)} on one file (Linux 5.1). The result is the mask of events.
     *
     * @param fd the file
     * @param events {@code POLL*}; errors and hang-up are always reported
     * @param multishot true to report until cancelled (Linux 5.13): a completion without {@link Completion#hasMore}
     *     is the last one
     * @param userData returned with each completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepPollAdd(int fd, int events, boolean multishot, long userData) {
        return prepare(Opcode.POLL_ADD, NONE, NONE, fd, NONE, NONE, multishot ? OpFlag.POLL_ADD_MULTI : NONE, events,
                userData, NONE);
    }

    /**
     * Prepares a message to another ring of this process: a completion there, besides the one here (Linux 5.18). The
     * result here is 0, or {@code -EOVERFLOW} when the other queue is full, {@code -EBADFD} when that ring cannot
     * take it.
     *
     * <p>From Linux 6.3 on the completion there has {@link Completion#hasMore}: it ends no operation of that ring.
     *
     * @param targetRingFd {@link IoUring#fd} of the other ring, which must stay open until the completion
     * @param result the result of the completion there
     * @param targetUserData the user data of the completion there
     * @param userData returned with the completion here
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepMsgRing(int targetRingFd, int result, long targetUserData, long userData) {
        return prepareMessage(targetRingFd, result, targetUserData, userData);
    }
}
