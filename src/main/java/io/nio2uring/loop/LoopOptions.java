package io.nio2uring.loop;

/**
 * How a loop is set up.
 *
 * @param submissionEntries    capacity of the submission queue; a power of two, or rounded up to one by the kernel
 * @param completionEntries    capacity of the completion queue; 0 for the kernel's choice (twice the submission queue)
 * @param receiveBuffers       number of provided buffers, from which the kernel serves reads into heap memory
 * @param receiveBufferBytes   size of each
 * @param stagingBuffers       number of buffers through which writes from heap memory go
 * @param stagingBufferBytes   size of each
 */
public record LoopOptions(int submissionEntries, int completionEntries, int receiveBuffers, int receiveBufferBytes,
        int stagingBuffers, int stagingBufferBytes) {
    /** What measuring on loopback and common sense about memory suggest. */
    public static final LoopOptions DEFAULT = new LoopOptions(1024, 4096, 256, 16 * 1024, 128, 64 * 1024);
}
