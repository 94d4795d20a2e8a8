package io.nio2uring.loop;

/** A thread of the group's pool, leading loops and running completion handlers. */
abstract class Worker extends Attendant implements Runnable {
    /** The JDK's own limit, and the property that it takes it from. */
    private static final int MAX_DIRECT = Integer.getInteger("sun.nio.ch.maxCompletionHandlersOnStack", 16);

    /** Handlers called from within the one that the worker is delivering to; the worker's own thread only. */
    private int direct;

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
