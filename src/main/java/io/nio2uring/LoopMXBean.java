package io.nio2uring;

/**
 * What a JMX console shows of an event loop, as {@code io.nio2uring:type=Loop,name=nio2uring-1-1}, while it is in use.
 * Figures are read without stopping anything, so they may be some operations apart.
 */
public interface LoopMXBean {
    /**
     * Who leads the loop, and whether it sleeps.
     *
     * @return a few words
     */
    String getState();

    /**
     * Flags that the ring was set up with.
     *
     * @return names joined by {@code |}
     */
    String getRingFlags();

    /**
     * Operations that have begun and not ended.
     *
     * @return their number
     */
    int getOperationsInFlight();

    /**
     * Those in flight that could not be submitted yet, for want of room or of a buffer.
     *
     * @return their number
     */
    int getOperationsWaiting();

    /**
     * Operations that have ended and wait for a thread of the group.
     *
     * @return their number
     */
    int getOperationsToDeliver();

    /**
     * Submission queue entries that the kernel took.
     *
     * @return the count since the loop was set up
     */
    long getSubmitted();

    /**
     * Completion queue entries taken from the kernel.
     *
     * @return the count since the loop was set up
     */
    long getCompleted();

    /**
     * System calls {@code io_uring_enter}.
     *
     * @return the count since the loop was set up
     */
    long getEnters();

    /**
     * How often the lead went from one thread to another.
     *
     * @return the count since the loop was set up
     */
    long getHandOvers();

    /**
     * Outcomes brought to completion handlers.
     *
     * @return the count since the loop was set up
     */
    long getHandlersCalled();

    /**
     * Buffers of ours that writes from heap memory occupy.
     *
     * @return their number
     */
    int getBuffersInUse();

    /**
     * Lists, channel by channel, what is in flight.
     *
     * @return several lines
     */
    String dump();
}
