package io.nio2uring.conformance;

/** The kinds of group that a program can have; most promises are kept by all of them. */
enum GroupKind {
    /** The system-wide group of channels opened without one. */
    DEFAULT,
    /** {@code withFixedThreadPool(1, factory)}. */
    FIXED_OF_ONE,
    /** {@code withFixedThreadPool(3, factory)}. */
    FIXED_OF_THREE,
    /** {@code withCachedThreadPool(executor, 1)} over an unbounded pool. */
    CACHED,
    /** {@code withThreadPool(executor)} over a pool of three threads. */
    CUSTOM,
    /** {@code withThreadPool(executor)} over an executor that is no {@code ThreadPoolExecutor}: virtual threads. */
    VIRTUAL
}
