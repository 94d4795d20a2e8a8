package io.nio2uring;

/**
 * What a JMX console shows of a provider, as {@code io.nio2uring:type=Provider,name=1}. Figures are sums over the groups
 * that are open, read without stopping anything.
 */
public interface ProviderMXBean {
    /**
     * What the channels run on.
     *
     * @return {@code io_uring} or {@code java.nio}
     */
    String getEngine();

    /**
     * Release of the running kernel, as {@code uname -r} prints it.
     *
     * @return the release
     */
    String getKernelRelease();

    /**
     * Flags that the rings were set up with.
     *
     * @return names joined by {@code |}
     */
    String getRingFlags();

    /**
     * Groups that are open.
     *
     * @return their number
     */
    int getGroups();

    /**
     * Event loops, and so rings, in use.
     *
     * @return their number
     */
    int getLoops();

    /**
     * Channels that are open, or closed with an operation still in the kernel.
     *
     * @return their number
     */
    int getChannels();

    /**
     * Operations that have begun and whose outcome has not been delivered.
     *
     * @return their number
     */
    int getOperationsInFlight();

    /**
     * Submission queue entries that the kernel took.
     *
     * @return the count; goes down when a group terminates
     */
    long getSubmitted();

    /**
     * Completion queue entries taken from the kernel.
     *
     * @return the count; goes down when a group terminates
     */
    long getCompleted();

    /**
     * System calls {@code io_uring_enter}.
     *
     * @return the count; goes down when a group terminates
     */
    long getEnters();

    /**
     * How often a loop went from one thread to another.
     *
     * @return the count; goes down when a group terminates
     */
    long getHandOvers();

    /**
     * Buffers of ours that writes from heap memory occupy.
     *
     * @return their number
     */
    int getBuffersInUse();

    /**
     * Lists, loop by loop and channel by channel, what is in flight.
     *
     * @return several lines
     */
    String dump();
}
