package io.nio2uring.loop;

/** A thread of the group's pool, leading loops and running completion handlers. */
abstract class Worker extends Attendant implements Runnable {
    /** The JDK's own limit, and the property that it takes it from. */
    private static final int MAX_DIRECT = Integer.getInteger("sun.nio.ch.maxCompletionHandlersOnStack", 16);

    private static final ThreadLocal<Worker> CURRENT = new ThreadLocal<>();

    private final Crew crew;
    /** Whom this one works within: executors may run a task on the thread that brings it. */
    private Worker outer;
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
