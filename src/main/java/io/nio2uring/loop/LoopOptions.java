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
 * @param polling              what to poll instead of sleeping
 * @param engine               what it runs on
 */
public record LoopOptions(int submissionEntries, int completionEntries, int receiveBuffers, int receiveBufferBytes,
        int stagingBuffers, int stagingBufferBytes, Polling polling, Engine engine) {
    /** What measuring on loopback and common sense about memory suggest. */
    public static final LoopOptions DEFAULT = new LoopOptions(1024, 4096, 256, 16 * 1024, 128, 64 * 1024);

    /**
     * Options of a ring without polling.
     *
     * @param submissionEntries  as above
     * @param completionEntries  as above
     * @param receiveBuffers     as above
     * @param receiveBufferBytes as above
     * @param stagingBuffers     as above
     * @param stagingBufferBytes as above
     */
    public LoopOptions(int submissionEntries, int completionEntries, int receiveBuffers, int receiveBufferBytes,
            int stagingBuffers, int stagingBufferBytes) {
        this(submissionEntries, completionEntries, receiveBuffers, receiveBufferBytes, stagingBuffers,
                stagingBufferBytes, Polling.NONE, Engine.IO_URING);
    }

    /**
     * A copy that polls.
     *
     * @param newPolling what
     * @return the copy
     */
    public LoopOptions with(Polling newPolling) {
        return new LoopOptions(submissionEntries, completionEntries, receiveBuffers, receiveBufferBytes, stagingBuffers,
                stagingBufferBytes, newPolling, engine);
    }

    /**
     * A copy for an engine.
     *
     * @param newEngine which
     * @return the copy
     */
    public LoopOptions with(Engine newEngine) {
        return new LoopOptions(submissionEntries, completionEntries, receiveBuffers, receiveBufferBytes, stagingBuffers,
                stagingBufferBytes, polling, newEngine);
    }
}
