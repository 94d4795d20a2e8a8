package io.nio2uring.simulation;

/** The seed's random numbers (SplitMix64): every decision of a run comes out of this one sequence. */
final class Rng {
    private long state;

    Rng(long seed) {
        state = seed * 0xD1342543DE82EF95L;
    }

    long next() {
        long z = state += 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** From 0 to below the limit. */
    int below(int limit) {
        return (int) ((next() >>> 33) % limit);
    }

    /** Both included. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** True once in so many times; never for 0. */
    boolean oneIn(int count) {
        return count > 0 && below(count) == 0;
    }

    int pick(int... values) {
        return values[below(values.length)];
    }
}
