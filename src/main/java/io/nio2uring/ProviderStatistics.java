package io.nio2uring;

/**
 * What a provider's rings have done since the process started, summed over the groups that are open.
 *
 * @param kernelRelease    of the running system, as {@code uname -r} prints it
 * @param ringFlags        names of the flags that the rings were set up with
 * @param loops            event loops, and so rings, in use
 * @param entriesSubmitted submission queue entries that the kernel took
 * @param completionsReaped completion queue entries taken from the kernel
 * @param enterCalls       {@code io_uring_enter} system calls
 * @param handOvers        how often a loop went from one thread to another
 */
public record ProviderStatistics(String kernelRelease, String ringFlags, int loops, long entriesSubmitted,
        long completionsReaped, long enterCalls, long handOvers) {
}
