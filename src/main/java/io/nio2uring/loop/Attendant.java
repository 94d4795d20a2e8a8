package io.nio2uring.loop;

/**
 * A thread in its role of attending loops: a {@link Worker}, which may run completion handlers, or a {@link Watcher},
 * which may not.
 */
public abstract class Attendant {
    /** The thread; set by itself before it first attends. */
    Thread thread;

    /** For subclasses. */
    protected Attendant() {
    }

    /**
     * Tells whether this attendant runs completion handlers.
     *
     * @return true for a thread of the group's pool
     */
    abstract boolean runsHandlers();
}
