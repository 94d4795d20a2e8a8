package io.nio2uring.loop;

/**
 * What a loop has done since it was set up.
 *
 * @param name               of the loop
 * @param setupFlags         of its ring, as given to {@code io_uring_setup}
 * @param entriesSubmitted   submission queue entries that the kernel took
 * @param completionsReaped  completion queue entries
 * @param enterCalls         {@code io_uring_enter} system calls
 * @param handOvers          how often the lead went from one thread to another
 */
public record LoopStatistics(String name, int setupFlags, long entriesSubmitted, long completionsReaped,
        long enterCalls, long handOvers) {
}
