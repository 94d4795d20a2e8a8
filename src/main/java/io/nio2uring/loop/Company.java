package io.nio2uring.loop;

/**
 * How many channels of a loop take turns in ending operations with futures. It is about as many as the operations that end
 * between two of the same kind and channel; those that never end do not count, however many there are.
 *
 * <p>Used under ownership of the loop, but for {@link #isLarge}.
 */
final class Company {
    /** From so many on it is large. Where the loop does reads and writes, each channel counts twice. */
    private static final int LARGE = 12;
    /** More make no difference. */
    private static final int MOST = 64;
    /** Of how many operations, as a power of two, the average is. */
    private static final int SHIFT = 5;

    /** Counts what has ended; wraps around. */
    private int ended;
    /** A moving average, shifted. */
    private int averageShifted;

    /** Takes note of the end of an operation that had a future. */
    void ended(Operation operation) {
        ended++;
        int last = operation.lastInCompany;
        operation.lastInCompany = ended;
        if (last != 0) {
            averageShifted += Math.min(ended - last & Integer.MAX_VALUE, MOST) - (averageShifted >> SHIFT);
        }
    }

    /** Any thread; what it sees may be somewhat old. */
    boolean isLarge() {
        return averageShifted >> SHIFT >= LARGE;
    }
}
