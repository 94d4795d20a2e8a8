package io.nio2uring.simulation;

import java.util.IdentityHashMap;
import java.util.Map;

/** A thread of the simulated process: the {@link Thread} object that the product sees, never started, and its stack. */
final class SimThread {
    final Thread thread;
    final Coroutine coroutine;
    /** As the product sees it; all are equal here. */
    final boolean virtual;
    /** Values of thread-local variables. */
    final Map<ThreadLocal<?>, Object> locals = new IdentityHashMap<>();
    /** Of {@code LockSupport}. */
    boolean permit;
    boolean blocked;
    /** Counts the blockings, so that a timer knows whether it is still meant. */
    int blockings;
    String waitsFor = "";
    boolean ended;

    SimThread(Thread thread, boolean virtual, Runnable body) {
        this.thread = thread;
        this.virtual = virtual;
        this.coroutine = new Coroutine(body);
    }

    @Override
    public String toString() {
        return thread.getName();
    }
}
