package io.nio2uring.ring;

import java.lang.foreign.MemorySegment;

import io.nio2uring.abi.OpFlag;
import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.SqeFlag;

/** Preparation of operations on files of any kind. */
abstract sealed class FileOperations extends Preparation permits SocketOperations {
    FileOperations(SubmissionQueue submissions, int features) {
        super(submissions, features);
    }

    /**
     * Prepares a read ({@code pread(2)}, or {@code read(2)} for what has no position; Linux 5.6). The result is the
     * number of bytes, 0 at the end.
     *
     * {@snippet file="RingSnippets.java" region="read"}
     *
     * @param fd the file
     * @param address where to. Unchecked: the caller guarantees that the range is mapped, and leaves it to the kernel
     *     until the final completion
     * @param length how many bytes at most
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code length} is negative
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepRead(int fd, long address, int length, long offset, long userData) {
        return prepare(Opcode.READ, NONE, NONE, fd, offset, address, checkLength(length), NONE, userData, NONE);
    }

    /**
     * As {@link #prepRead(int, long, int, long, long)}.
     *
     * @param fd the file
     * @param memory where to, native; the caller keeps it alive and leaves it to the kernel until the final
     *     completion
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code memory} is on the heap or longer than 2 GiB
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepRead(int fd, MemorySegment memory, long offset, long userData) {
        return prepRead(fd, address(memory), length(memory), offset, userData);
    }

    /**
     * Prepares a write ({@code pwrite(2)}, or {@code write(2)} for what has no position; Linux 5.6). The result is
     * the number of bytes, which can be less than {@code length}.
     *
     * {@snippet file="RingSnippets.java" region="write"}
     *
     * @param fd the file
     * @param address where from. Unchecked: the caller guarantees that the range is mapped, and does not change it
     *     until the final completion
     * @param length how many bytes at most
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code length} is negative
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepWrite(int fd, long address, int length, long offset, long userData) {
        return prepare(Opcode.WRITE, NONE, NONE, fd, offset, address, checkLength(length), NONE, userData, NONE);
    }

    /**
     * As {@link #prepWrite(int, long, int, long, long)}.
     *
     * @param fd the file
     * @param memory where from, native; the caller keeps it alive and unchanged until the final completion
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code memory} is on the heap or longer than 2 GiB
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepWrite(int fd, MemorySegment memory, long offset, long userData) {
        return prepWrite(fd, address(memory), length(memory), offset, userData);
    }

    /**
     * As {@link #prepWrite(int, long, int, long, long)}, to a registered file ({@code IOSQE_FIXED_FILE}).
     *
     * @param slot the slot; an empty one completes with {@code -EBADF}
     * @param address where from. Unchecked: the caller guarantees that the range is mapped, and does not change it
     *     until the final completion
     * @param length how many bytes at most
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code length} is negative
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepWriteFixed(FileSlot slot, long address, int length, long offset, long userData) {
        return prepare(Opcode.WRITE, SqeFlag.FIXED_FILE, NONE, slot.index(), offset, address, checkLength(length), NONE,
                userData,
                NONE);
    }

    /**
     * As {@link #prepWriteFixed(FileSlot, long, int, long, long)}.
     *
     * @param slot the slot; an empty one completes with {@code -EBADF}
     * @param memory where from, native; the caller keeps it alive and unchanged until the final completion
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code memory} is on the heap or longer than 2 GiB
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepWriteFixed(FileSlot slot, MemorySegment memory, long offset, long userData) {
        return prepWriteFixed(slot, address(memory), length(memory), offset, userData);
    }

    /**
     * Prepares a scattering read ({@code preadv2(2)}; Linux 5.1). The result is the number of bytes, 0 at the end.
     *
     * @param fd the file
     * @param iovecsAddress an array of {@code struct iovec}. Unchecked: the caller guarantees that it and the buffers
     *     it names are mapped, and leaves them to the kernel until the final completion
     * @param iovecCount how many, at most 1,024
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepReadv(int fd, long iovecsAddress, int iovecCount, long offset, long userData) {
        return prepare(Opcode.READV, NONE, NONE, fd, offset, iovecsAddress, iovecCount, NONE, userData, NONE);
    }

    /**
     * As {@link #prepReadv(int, long, int, long, long)}.
     *
     * @param fd the file
     * @param iovecs an array of {@code struct iovec}, native; the caller keeps it and the buffers it names alive and
     *     leaves them to the kernel until the final completion
     * @param iovecCount how many, at most 1,024
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code iovecs} is on the heap
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepReadv(int fd, MemorySegment iovecs, int iovecCount, long offset, long userData) {
        return prepReadv(fd, address(iovecs), iovecCount, offset, userData);
    }

    /**
     * Prepares a gathering write ({@code pwritev2(2)}; Linux 5.1). The result is the number of bytes, which can be
     * less than all.
     *
     * @param fd the file
     * @param iovecsAddress an array of {@code struct iovec}. Unchecked: the caller guarantees that it and the buffers
     *     it names are mapped, and does not change them until the final completion
     * @param iovecCount how many, at most 1,024
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepWritev(int fd, long iovecsAddress, int iovecCount, long offset, long userData) {
        return prepare(Opcode.WRITEV, NONE, NONE, fd, offset, iovecsAddress, iovecCount, NONE, userData, NONE);
    }

    /**
     * As {@link #prepWritev(int, long, int, long, long)}.
     *
     * @param fd the file
     * @param iovecs an array of {@code struct iovec}, native; the caller keeps it and the buffers it names alive and
     *     unchanged until the final completion
     * @param iovecCount how many, at most 1,024
     * @param offset position in the file, or -1 for the file's own
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code iovecs} is on the heap
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepWritev(int fd, MemorySegment iovecs, int iovecCount, long offset, long userData) {
        return prepWritev(fd, address(iovecs), iovecCount, offset, userData);
    }

    /**
     * Prepares {@code fsync(2)} (Linux 5.1). Earlier writes that have not completed are not covered.
     *
     * @param fd the file
     * @param dataOnly true for {@code fdatasync(2)}
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepFsync(int fd, boolean dataOnly, long userData) {
        return prepare(Opcode.FSYNC, NONE, NONE, fd, NONE, NONE, NONE, dataOnly ? OpFlag.FSYNC_DATASYNC : NONE,
                userData, NONE);
    }

    /**
     * Prepares {@code openat(2)} (Linux 5.6). The result is the descriptor, which is the caller's to close.
     *
     * @param directoryFd where a relative path starts, or {@link IoUring#AT_FDCWD}
     * @param pathAddress the path, ending with a zero byte. Unchecked: the caller guarantees that it is mapped, and
     *     does not change it until the completion
     * @param flags {@code O_*}
     * @param mode permissions of a file that is created
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepOpenat(int directoryFd, long pathAddress, int flags, int mode, long userData) {
        return prepare(Opcode.OPENAT, NONE, NONE, directoryFd, NONE, pathAddress, mode, flags, userData, NONE);
    }

    /**
     * As {@link #prepOpenat(int, long, int, int, long)}.
     *
     * @param directoryFd where a relative path starts, or {@link IoUring#AT_FDCWD}
     * @param path the path, ending with a zero byte, native; the caller keeps it alive and unchanged until the
     *     completion
     * @param flags {@code O_*}
     * @param mode permissions of a file that is created
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalArgumentException if {@code path} is on the heap
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepOpenat(int directoryFd, MemorySegment path, int flags, int mode, long userData) {
        return prepOpenat(directoryFd, address(path), flags, mode, userData);
    }

    /**
     * Prepares {@code close(2)} (Linux 5.6). Operations in flight on the file hold it: they neither end nor does a
     * connection until they have completed.
     *
     * @param fd the descriptor, free for reuse by the system as soon as the kernel has taken the entry
     * @param userData returned with the completion
     * @return false if the queue is full; nothing was queued then
     * @throws IllegalStateException if the ring is closed
     */
    public boolean prepClose(int fd, long userData) {
        return prepare(Opcode.CLOSE, NONE, NONE, fd, NONE, NONE, NONE, NONE, userData, NONE);
    }
}
