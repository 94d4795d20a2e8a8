package io.nio2uring.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Finds two threads that use one object at once, for assertions: {@code assert use.begin()} and
 * {@code assert use.end()} around each use. One thread after the other is legal, and so is nesting.
 *
 * <p>Finds, not prevents: a use that was not seen to overlap passes.
 */
final class SequentialUse {
    private static final VarHandle USER;

    static {
        try {
            USER = MethodHandles.lookup().findVarHandle(SequentialUse.class, "user", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Thread user;
    /** How many uses of {@link #user} are nested; touched by that thread only. */
    private int depth;

    /**
     * Enters.
     *
     * @return true
     * @throws AssertionError if another thread is inside, with the names of both
     */
    boolean begin() {
        Thread current = Thread.currentThread();
        Thread inside = (Thread) USER.compareAndExchange(this, null, current);
        if (inside == null) {
            depth = 1;
        } else if (inside == current) {
            depth++;
        } else {
            throw new AssertionError("two threads use one ring at once: " + inside + " and " + current);
        }
        return true;
    }

    /**
     * Leaves.
     *
     * @return true
     */
    boolean end() {
        if (--depth == 0) {
            USER.setRelease(this, null);
        }
        return true;
    }
}
