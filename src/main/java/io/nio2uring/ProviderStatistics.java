package io.nio2uring;

/**
 * What the rings of a provider's open groups have done since they were set up, and have at hand. When a group terminates its
 * part is gone, so counts can go down.
 *
 * @param engine           what the channels run on, {@code io_uring} or {@code java.nio}; empty before the first group
 * @param kernelRelease    of the running system, as {@code uname -r} prints it
 * @param ringFlags        names of the flags that the rings were set up with; empty without rings
 * @param loops            event loops, and so rings, in use
 * @param entriesSubmitted submission queue entries that the kernel took; without rings, attempts
 * @param completionsReaped completion queue entries taken from the kernel; without rings, operations ended
 * @param enterCalls       {@code io_uring_enter} system calls; without rings, selections
 * @param handOvers        how often a loop went from one thread to another
 * @param groups           groups that are open
 * @param channels         channels that are open, or closed with an operation still in the kernel
 * @param operationsInFlight operations that have begun and whose outcome has not been delivered
 * @param buffersInUse     buffers of ours that writes from heap memory occupy
 */
public record ProviderStatistics(String engine, String kernelRelease, String ringFlags, int loops,
        long entriesSubmitted,
        long completionsReaped, long enterCalls, long handOvers, int groups, int channels, int operationsInFlight,
        int buffersInUse) {
}
