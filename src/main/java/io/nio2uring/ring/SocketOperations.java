package io.nio2uring.ring;

import java.lang.foreign.MemorySegment;

import io.nio2uring.abi.OpFlag;
import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.SocketConstant;
import io.nio2uring.abi.SqeFlag;

/** Preparation of operations on sockets. */
abstract sealed class SocketOperations extends FileOperations permits ControlOperations {
    private static final int ACCEPT_FLAGS = SocketConstant.SOCK_NONBLOCK | SocketConstant.SOCK_CLOEXEC;

    SocketOperations(SubmissionQueue submissions, int features) {
        super(submissions, features);
    }

    /**
     * Prepares {@code accept4(2)} of one connection, non-blocking and closed on exec, without the peer's address
     * (Linux 5.5). The result is its descriptor, which is the caller's to close.
     *
     * {@snippet file="RingSnippets.java" region="accept"}
     *
     * @param fd the listening socket
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepAccept(int fd, long userData) {
        return prepAccept(fd, 0L, 0L, ACCEPT_FLAGS, userData);
    }

    /**
     * Prepares {@code accept4(2)} of one connection (Linux 5.5). The result is its descriptor, which is the caller's
     * to close.
     *
     * @param fd the listening socket
     * @param addressAddress where the peer's socket address is written, or 0. Unchecked: the caller guarantees that
     *     it is mapped, and leaves it to the kernel until the completion
     * @param lengthAddress a 32-bit word with the room at {@code addressAddress} in bytes, replaced by the length of
     *     the address, or 0; the same holds for it
     * @param flags {@code SOCK_NONBLOCK}, {@code SOCK_CLOEXEC}
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepAccept(int fd, long addressAddress, long lengthAddress, int flags, long userData) {
        return prepare(Opcode.ACCEPT, NONE, NONE, fd, lengthAddress, addressAddress, NONE, flags, userData, NONE);
    }

    /**
     * As {@link #prepAccept(int, long, long, int, long)}.
     *
     * @param fd the listening socket
     * @param address where the peer's socket address is written, native; the caller keeps it alive and leaves it to
     *     the kernel until the completion
     * @param length 32-bit word with the room in {@code address} in bytes, replaced by the length; the same holds for
     *     it
     * @param flags {@code SOCK_NONBLOCK}, {@code SOCK_CLOEXEC}
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if a segment is on the heap
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepAccept(int fd, MemorySegment address, MemorySegment length, int flags, long userData) {
        return prepAccept(fd, address(address), address(length), flags, userData);
    }

    /**
     * Prepares accepting until cancelled or an error, non-blocking and closed on exec (Linux 5.19). Each result is a
     * descriptor, which is the caller's to close; a completion without {@link Completion#hasMore} is the last one,
     * and the accept has to be prepared anew.
     *
     * @param fd the listening socket
     * @param userData returned with each completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepMultishotAccept(int fd, long userData) {
        return prepare(Opcode.ACCEPT, NONE, OpFlag.ACCEPT_MULTISHOT, fd, NONE, NONE, NONE, ACCEPT_FLAGS, userData,
                NONE);
    }

    /**
     * Prepares {@code connect(2)} (Linux 5.5). The result is 0.
     *
     * @param fd the socket
     * @param address a socket address. Unchecked: the caller guarantees that it is mapped, and does not change it
     *     until the completion
     * @param length its length in bytes
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepConnect(int fd, long address, int length, long userData) {
        return prepare(Opcode.CONNECT, NONE, NONE, fd, length, address, NONE, NONE, userData, NONE);
    }

    /**
     * As {@link #prepConnect(int, long, int, long)}.
     *
     * @param fd the socket
     * @param address a socket address, native; the caller keeps it alive and unchanged until the completion
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code address} is on the heap
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepConnect(int fd, MemorySegment address, long userData) {
        return prepConnect(fd, address(address), length(address), userData);
    }

    /**
     * Prepares {@code recv(2)} (Linux 5.6). The result is the number of bytes, 0 at the end of
     * the stream.
     *
     * @param fd the socket
     * @param address where to. Unchecked: the caller guarantees that the range is mapped, and leaves it to the kernel
     *     until the final completion
     * @param length how many bytes at most
     * @param msgFlags {@code MSG_*}
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code length} is negative
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepRecv(int fd, long address, int length, int msgFlags, long userData) {
        return prepare(Opcode.RECV, NONE, NONE, fd, NONE, address, checkLength(length), msgFlags, userData, NONE);
    }

    /**
     * As {@link #prepRecv(int, long, int, int, long)}.
     *
     * @param fd the socket
     * @param memory where to, native; the caller keeps it alive and leaves it to the kernel until the final
     *     completion
     * @param msgFlags {@code MSG_*}
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code memory} is on the heap or longer than 2 GiB
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepRecv(int fd, MemorySegment memory, int msgFlags, long userData) {
        return prepRecv(fd, address(memory), length(memory), msgFlags, userData);
    }

    /**
     * Prepares one {@code recv(2)} into a provided buffer that the kernel picks when data is there (Linux 5.7, with
     * buffer rings 5.19). {@link Completion#bufferId} tells which, and that buffer is the application's until it is
     * recycled; the others stay with the kernel. The result is {@code -ENOBUFS} if the group was empty.
     *
     * @param fd the socket
     * @param bufferGroup the group of a {@link ProvidedBufferRing}
     * @param maxLength how many bytes at most; 0 for the size of a buffer
     * @param msgFlags {@code MSG_*}
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code maxLength} is negative or {@code bufferGroup} is not in 0 to 65,535
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepRecvSelect(int fd, int bufferGroup, int maxLength, int msgFlags, long userData) {
        // Before Linux 6.0 the kernel takes 0 for a length; all cut a longer one to the size of the buffer.
        int length = maxLength == 0 ? Integer.MAX_VALUE : maxLength;
        return prepare(Opcode.RECV, SqeFlag.BUFFER_SELECT, NONE, fd, NONE, NONE, checkLength(length), msgFlags,
                userData,
                checkGroup(bufferGroup));
    }

    /**
     * Prepares receiving into provided buffers until the end, an error, an empty group ({@code -ENOBUFS}) or a cancel
     * (Linux 6.0). {@link Completion#bufferId} tells where each result is, in a buffer that is the application's until
     * it is recycled, whether the receive goes on or not. A completion without {@link
     * Completion#hasMore} is the last one: unless it is an error or 0, the end of the stream, the receive has to be
     * prepared anew.
     *
     * @param fd the socket
     * @param bufferGroup the group of a {@link ProvidedBufferRing}
     * @param userData returned with each completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code bufferGroup} is not in 0 to 65,535
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepRecvMultishot(int fd, int bufferGroup, long userData) {
        return prepare(Opcode.RECV, SqeFlag.BUFFER_SELECT, OpFlag.RECV_MULTISHOT, fd, NONE, NONE, NONE, NONE, userData,
                checkGroup(bufferGroup));
    }

    /**
     * As {@link #prepRecvMultishot}, on a registered file ({@code IOSQE_FIXED_FILE}).
     *
     * @param slot the slot; an empty one completes with {@code -EBADF}
     * @param bufferGroup the group of a {@link ProvidedBufferRing}
     * @param userData returned with each completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code bufferGroup} is not in 0 to 65,535
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepRecvMultishotFixed(FileSlot slot, int bufferGroup, long userData) {
        return prepare(Opcode.RECV, SqeFlag.BUFFER_SELECT | SqeFlag.FIXED_FILE, OpFlag.RECV_MULTISHOT, slot.index(),
                NONE, NONE, NONE, NONE, userData, checkGroup(bufferGroup));
    }

    /**
     * Prepares {@code send(2)} (Linux 5.6). The result is the number of bytes, which can be less than {@code length}
     * unless {@code MSG_WAITALL} is given (Linux 5.19). A broken connection is {@code -EPIPE}, never a signal.
     *
     * @param fd the socket
     * @param address where from. Unchecked: the caller guarantees that the range is mapped, and does not change it
     *     until the final completion
     * @param length how many bytes at most
     * @param msgFlags {@code MSG_*}; {@code MSG_NOSIGNAL} is added
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code length} is negative
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepSend(int fd, long address, int length, int msgFlags, long userData) {
        return prepare(Opcode.SEND, NONE, NONE, fd, NONE, address, checkLength(length),
                msgFlags | SocketConstant.MSG_NOSIGNAL,
                userData, NONE);
    }

    /**
     * As {@link #prepSend(int, long, int, int, long)}.
     *
     * @param fd the socket
     * @param memory where from, native; the caller keeps it alive and unchanged until the final completion
     * @param msgFlags {@code MSG_*}; {@code MSG_NOSIGNAL} is added
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code memory} is on the heap or longer than 2 GiB
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepSend(int fd, MemorySegment memory, int msgFlags, long userData) {
        return prepSend(fd, address(memory), length(memory), msgFlags, userData);
    }

    /**
     * Prepares {@code send(2)} without copying (Linux 6.0). It completes twice: first with the number of bytes and
     * {@link Completion#hasMore}, then with {@link Completion#isNotification}, which gives the memory back. An error
     * may come alone, without {@link Completion#hasMore}.
     *
     * @param fd the socket
     * @param address where from. Unchecked: the caller guarantees that the range is mapped, and does not change it
     *     until the final completion, which is the notification
     * @param length how many bytes at most
     * @param msgFlags {@code MSG_*}; {@code MSG_NOSIGNAL} is added
     * @param userData returned with both completions
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code length} is negative
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepSendZeroCopy(int fd, long address, int length, int msgFlags, long userData) {
        return prepare(Opcode.SEND_ZC, NONE, NONE, fd, NONE, address, checkLength(length),
                msgFlags | SocketConstant.MSG_NOSIGNAL,
                userData, NONE);
    }

    /**
     * As {@link #prepSendZeroCopy(int, long, int, int, long)}.
     *
     * @param fd the socket
     * @param memory where from, native; the caller keeps it alive and unchanged until the final completion, which is
     *     the notification
     * @param msgFlags {@code MSG_*}; {@code MSG_NOSIGNAL} is added
     * @param userData returned with both completions
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code memory} is on the heap or longer than 2 GiB
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepSendZeroCopy(int fd, MemorySegment memory, int msgFlags, long userData) {
        return prepSendZeroCopy(fd, address(memory), length(memory), msgFlags, userData);
    }

    /**
     * Prepares {@code sendmsg(2)} (Linux 5.3). The result is the number of bytes, which can be less than all.
     *
     * @param fd the socket
     * @param msghdrAddress a {@code struct msghdr}. Unchecked: the caller guarantees that it and everything it names
     *     are mapped, and does not change them until the final completion
     * @param msgFlags {@code MSG_*}; {@code MSG_NOSIGNAL} is added
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepSendmsg(int fd, long msghdrAddress, int msgFlags, long userData) {
        return prepare(Opcode.SENDMSG, NONE, NONE, fd, NONE, msghdrAddress, 1, msgFlags | SocketConstant.MSG_NOSIGNAL,
                userData, NONE);
    }

    /**
     * As {@link #prepSendmsg(int, long, int, long)}.
     *
     * @param fd the socket
     * @param msghdr a {@code struct msghdr}, native; the caller keeps it and everything it names alive and unchanged
     *     until the final completion
     * @param msgFlags {@code MSG_*}; {@code MSG_NOSIGNAL} is added
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code msghdr} is on the heap
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepSendmsg(int fd, MemorySegment msghdr, int msgFlags, long userData) {
        return prepSendmsg(fd, address(msghdr), msgFlags, userData);
    }

    /**
     * Prepares {@code recvmsg(2)} (Linux 5.3). The result is the number of bytes, 0 at the end of the stream.
     *
     * @param fd the socket
     * @param msghdrAddress a {@code struct msghdr}. Unchecked: the caller guarantees that it and everything it names
     *     are mapped, and leaves them to the kernel until the final completion
     * @param msgFlags {@code MSG_*}
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepRecvmsg(int fd, long msghdrAddress, int msgFlags, long userData) {
        return prepare(Opcode.RECVMSG, NONE, NONE, fd, NONE, msghdrAddress, 1, msgFlags, userData, NONE);
    }

    /**
     * As {@link #prepRecvmsg(int, long, int, long)}.
     *
     * @param fd the socket
     * @param msghdr a {@code struct msghdr}, native; the caller keeps it and everything it names alive and leaves
     *     them to the kernel until the final completion
     * @param msgFlags {@code MSG_*}
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code msghdr} is on the heap
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepRecvmsg(int fd, MemorySegment msghdr, int msgFlags, long userData) {
        return prepRecvmsg(fd, address(msghdr), msgFlags, userData);
    }

    /**
     * Prepares {@code shutdown(2)} (Linux 5.11).
     *
     * @param fd the socket
     * @param how {@code SHUT_RD} (0), {@code SHUT_WR} (1) or {@code SHUT_RDWR} (2)
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepShutdown(int fd, int how, long userData) {
        return prepare(Opcode.SHUTDOWN, NONE, NONE, fd, NONE, NONE, how, NONE, userData, NONE);
    }
}
