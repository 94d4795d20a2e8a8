package io.nio2uring.simulation;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
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
    /** What the kernel knows it by; 1 for the first. */
    final int number;
    /** Whether it sleeps and nothing wakes it before its time, how often it has, and who waits for it to go on. */
    boolean onDisk;
    long sleepsOnDisk;
    final List<Request> held = new ArrayList<>();

    SimThread(Thread thread, boolean virtual, int number, Runnable body) {
        this.thread = thread;
        this.number = number;
        this.virtual = virtual;
        this.coroutine = new Coroutine(body);
    }

    @Override
    public String toString() {
        return thread.getName();
    }

    boolean isMonitor() {
        return thread.getName().equals("nio2uring-monitor");
    }

    /** Whatever it waits for, the kernel can use it from now on. */
    void endSleepOnDisk() {
        onDisk = false;
        held.forEach(Request::resume);
        held.clear();
    }
}
