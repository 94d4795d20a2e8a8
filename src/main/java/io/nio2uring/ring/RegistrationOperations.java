package io.nio2uring.ring;

import java.io.IOException;

/** What can be registered with a ring, and what can be asked of it: calls that are over when they return. */
abstract sealed class RegistrationOperations extends ControlOperations permits IoUring {
    final Registrations registrations;

    RegistrationOperations(RingMemory memory) {
        super(memory.submissions, memory.features);
        this.registrations = new Registrations(memory.fd, use);
    }

    /**
     * Registers the ring's descriptor for the current thread, which saves a lookup in each of its calls (Linux 5.18).
     * Calls by other threads use the descriptor: a ring that is handed to another thread, or back, gains only if that
     * calls this, too.
     *
     * <p>The kernel keeps a registered ring open until the thread ends, or closes the ring itself: a ring that is
     * closed by another thread releases its kernel memory only then.
     *
     * @return false if the kernel refuses (no such operation, or the thread has 16 already), or if the current thread
     *     is virtual and therefore has no fixed thread of the system; the ring works all the same
     * @throws IllegalStateException if the ring is closed
     */
    public boolean registerRingFd() {
        checkOpen();
        return registrations.registerRingFd();
    }

    /**
     * Gives the kernel a group of buffers to receive into ({@code IORING_REGISTER_PBUF_RING}, Linux 5.19). All start
     * out with the kernel.
     *
     * @param entries number of buffers, a power of two, 1 to {@value ProvidedBufferRing#MAX_ENTRIES}
     * @param bufferSizeBytes size of each
     * @param groupId number of the group, 0 to 65,535, free on this ring
     * @return the group, which the caller closes, or {@link IoUring#close}
     * @throws IllegalArgumentException if a value is out of range
     * @throws IllegalStateException if the ring is closed
     * @throws IOException if the kernel refuses, with its errno: {@code EEXIST} for a group in use
     */
    public ProvidedBufferRing registerBufRing(int entries, int bufferSizeBytes, int groupId) throws IOException {
        checkOpen();
        return registrations.registerBufRing(entries, bufferSizeBytes, groupId, false);
    }

    /**
     * As {@link #registerBufRing}, with buffers that are consumed piece by piece ({@code IOU_PBUF_RING_INC}, Linux
     * 6.12): each completion takes the next part of a buffer, at the offset where the one before it ended, and the
     * buffer belongs to the application only after a completion without {@link Completion#bufferHasMore}.
     *
     * @param entries number of buffers, a power of two, 1 to {@value ProvidedBufferRing#MAX_ENTRIES}
     * @param bufferSizeBytes size of each
     * @param groupId number of the group, 0 to 65,535, free on this ring
     * @return the group, which the caller closes, or {@link IoUring#close}
     * @throws IllegalArgumentException if a value is out of range
     * @throws IllegalStateException if the ring is closed
     * @throws IOException if the kernel refuses, with its errno: {@code EINVAL} if it lacks this
     */
    public ProvidedBufferRing registerIncrementalBufRing(int entries, int bufferSizeBytes, int groupId)
            throws IOException {
        checkOpen();
        return registrations.registerBufRing(entries, bufferSizeBytes, groupId, true);
    }

    /**
     * Has a wait for completions poll the network cards of this ring's sockets for packets, instead of sleeping until
     * their interrupt ({@code IORING_REGISTER_NAPI}, Linux 6.9). Loopback has no card, so nothing changes there.
     *
     * @param busyPollMicros how long each wait polls, in microseconds; 0 to stop it
     * @throws IllegalArgumentException if {@code busyPollMicros} is negative
     * @throws IllegalStateException if the ring is closed
     * @throws IOException if the kernel refuses, with its errno: {@code EINVAL} if it lacks this
     */
    public void registerNapi(int busyPollMicros) throws IOException {
        checkOpen();
        registrations.registerNapi(busyPollMicros);
    }

    /**
     * Creates a table of registered files with empty slots ({@code IORING_REGISTER_FILES2}, Linux 5.19).
     *
     * @param count number of slots, from 1
     * @throws IllegalArgumentException if {@code count} is less than 1
     * @throws IllegalStateException if the ring is closed
     * @throws IOException if the kernel refuses, with its errno: {@code EBUSY} if there is a table already, {@code
     *     EMFILE} if it is larger than the process may have files open
     */
    public void registerFilesSparse(int count) throws IOException {
        checkOpen();
        registrations.registerFilesSparse(count);
    }

    /**
     * Puts a file into a slot of the registered files, or clears the slot ({@code IORING_REGISTER_FILES_UPDATE}). The
     * table holds the file open, whatever happens to the descriptor; operations in flight on the slot's earlier file
     * go on.
     *
     * @param index the slot, from 0
     * @param fd the file's descriptor, or any negative number to clear
     * @throws IllegalStateException if the ring is closed
     * @throws IOException if the kernel refuses, with its errno: {@code ENXIO} without a table, {@code EINVAL} for a
     *     slot beyond it, {@code EBADF} for a descriptor that is not open
     */
    public void updateFileSlot(int index, int fd) throws IOException {
        checkOpen();
        registrations.updateFileSlot(index, fd);
    }

    /**
     * Waits until the kernel has let go of the files of all operations whose final completion has been taken. It posts a
     * completion first and lets go of the file then, on the thread that submitted the operation, which may lose its
     * processor in between: a descriptor that another thread closes meanwhile is gone, but what it stood for, such as a
     * bound port, is not. Needed only on a ring that several threads use, one after the other; takes one system call.
     *
     * @throws IllegalStateException if the ring is closed
     * @throws IOException if the kernel refuses, with its errno
     */
    public void awaitFileReleases() throws IOException {
        checkOpen();
        registrations.awaitFileReleases();
    }

    /**
     * Asks the kernel which operations it has.
     *
     * @return what it answers
     * @throws IllegalStateException if the ring is closed
     * @throws IOException if the kernel refuses, with its errno
     */
    public RingProbe probe() throws IOException {
        checkOpen();
        return registrations.probe();
    }
}
