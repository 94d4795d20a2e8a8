package io.nio2uring.loop;

import io.nio2uring.sys.KernelThread;

/** A thread of the group's pool, leading loops and running completion handlers. */
abstract class Worker extends Attendant implements Runnable {
    /** The JDK's own limit, and the property that it takes it from. */
    private static final int MAX_DIRECT = Integer.getInteger("sun.nio.ch.maxCompletionHandlersOnStack", 16);

    private static final ThreadLocal<Worker> CURRENT = new ThreadLocal<>();

    private final Crew crew;
    /** Whom this one works within: executors may run a task on the thread that brings it. */
    private Worker outer;
    /** The thread as the kernel knows it; 0 where that does not matter, and for a virtual one, which has many carriers. */
    private int kernelThread;
    /** Whether it may be in a handler or a task while it leads no loop; see {@link Absentees}. */
    private volatile boolean away;
    /** Guarded by the absentees: whether this is one of them, the next of them, when to look after it and how long after that. */
    boolean isAbsentee;
    Worker nextAbsentee;
    long lookNanos;
    long intervalNanos;
    /** The last sleep for which others were asked to relieve it, and whether one of them could not; the monitor's, but for that. */
    long lastSleep;
    volatile boolean holdsStill;
    /** Handlers called from within the one that the worker is delivering to; the worker's own thread only. */
    private int direct;

    Worker(Crew crew) {
        this.crew = crew;
    }

    /** The worker that the calling thread is, of that crew, whether it leads a loop or not; else null. */
    static Worker current(Crew crew) {
        Worker current = CURRENT.get();
        return current != null && current.crew == crew ? current : null;
    }

    /** Makes this the calling thread's worker. */
    final void begin() {
        thread = Thread.currentThread();
        kernelThread = thread.isVirtual() || !crew.looksAfterAbsentees() ? 0 : KernelThread.current();
        outer = CURRENT.get();
        CURRENT.set(this);
    }

    /** The calling thread is what it was before {@link #begin}. */
    final void end() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }

    /** The thread as the kernel knows it; 0 when it has no number of its own. */
    final int kernelThread() {
        return kernelThread;
    }

    /** Whether it has not come {@link #back} since it went {@link #absent}. */
    final boolean isAway() {
        return away;
    }

    /** The worker is about to be in a handler, or a task, without leading; or somebody sees that it is. */
    final void absent() {
        away = true;
        if (kernelThread != 0) {
            crew.absentees().add(this);
        }
    }

    /** The worker's own thread: it is in none. */
    final void back() {
        away = false;
    }

    /** Called before each delivery. */
    final void startDelivery() {
        direct = 0;
    }

    /** Whether a handler may be called from within the present one; counts it. */
    final boolean mayInvokeDirectly() {
        return direct < MAX_DIRECT && direct++ >= 0;
    }

    @Override
    final boolean runsHandlers() {
        return true;
    }
}
