package io.nio2uring.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Whether a loop's leader sleeps in the kernel, and who has to wake it.
 *
 * <p>The leader says that it sleeps, then looks for work; a producer leaves work, then asks whether the leader sleeps.
 * Both stores and both loads are sequentially consistent, so at least one of the two sees the other's store: the leader
 * finds the work, or the producer wakes the leader. Weaker modes allow both loads to come before both stores, and then
 * the leader sleeps over the work (release and acquire order no store before a later load).
 *
 * <p>Each sleep is ended once: by its leader or by one producer, which thereby has the duty to signal.
 */
final class SleepState {
    private static final VarHandle ASLEEP;

    static {
        try {
            ASLEEP = MethodHandles.lookup().findVarHandle(SleepState.class, "asleep", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile boolean asleep;

    boolean isAsleep() {
        return asleep;
    }

    /** Says that the leader sleeps; it has to look for work once more after this. Leader only. */
    void fallAsleep() {
        asleep = true;
    }

    /**
     * Ends the leader's sleep, on its own account. Leader only.
     *
     * @return false when a producer has ended it, and has signalled or is about to
     */
    boolean awake() {
        return ASLEEP.compareAndSet(this, true, false);
    }

    /**
     * Ends the leader's sleep on behalf of what the caller has left for it. Any thread.
     *
     * @return true when the caller must signal; false when the leader is awake or another thread signals
     */
    boolean rouse() {
        return asleep && ASLEEP.compareAndSet(this, true, false);
    }
}
