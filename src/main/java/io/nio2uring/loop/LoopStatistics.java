package io.nio2uring.loop;

/**
 * What a loop has done since it was set up, and what it has at hand.
 *
 * @param name               of the loop
 * @param setupFlags         of its ring, as given to {@code io_uring_setup}; 0 without one
 * @param entriesSubmitted   submission queue entries that the kernel took
 * @param completionsReaped  completion queue entries
 * @param enterCalls         {@code io_uring_enter} system calls
 * @param handOvers          how often the lead went from one thread to another
 * @param deliveries         outcomes brought to handlers
 * @param inFlight           operations that have begun and not ended
 * @param toDeliver          operations that have ended and wait for a thread of the group
 * @param waiting            those in flight that could not be submitted yet
 * @param buffersInUse       staging buffers of writes from heap memory
 */
public record LoopStatistics(String name, int setupFlags, long entriesSubmitted, long completionsReaped,
        long enterCalls, long handOvers, long deliveries, int inFlight, int toDeliver, int waiting, int buffersInUse) {
}
