package io.nio2uring.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Who owns a loop: its ring, its slots and everything that is not thread-safe.
 *
 * <p>Two fields. {@code held} is the lock: 1 while some thread touches the loop's state, including the time that it
 * sleeps in the kernel. {@code leader} names the attendant that leads the loop, and changes only under {@code held}.
 * A leader lets go of {@code held} for each handler that it runs and takes it back afterwards. In that gap another
 * attendant may take {@code held} and make itself the leader (the hand-over); the former leader notices when it comes
 * back, because {@link #resume} fails.
 *
 * <p>So there are four states: <em>led, held</em> (the leader works or sleeps in the kernel), <em>led, free</em> (the
 * leader is in a handler: the loop can be taken over), <em>unled, free</em> (anyone may take it), <em>unled, held</em>
 * (in passing). Ownership moves with compare-and-set (acquire) and volatile stores (release), so whatever one owner
 * wrote the next one sees.
 */
public final class Baton {
    private static final VarHandle HELD;
    private static final VarHandle LEADER;

    static {
        try {
            var lookup = MethodHandles.lookup();
            HELD = lookup.findVarHandle(Baton.class, "held", int.class);
            LEADER = lookup.findVarHandle(Baton.class, "leader", Attendant.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int held;
    private volatile Attendant leader;

    /** Creates a baton that nobody holds and a loop that nobody leads. */
    public Baton() {
    }

    /**
     * The attendant that leads, or null.
     *
     * @return the leader at the time of the call
     */
    public Attendant leader() {
        return leader;
    }

    /**
     * Tells whether nobody touches the loop's state.
     *
     * @return true when the loop could be taken at the time of the call
     */
    public boolean isFree() {
        return held == 0;
    }

    /**
     * Takes the lock if it is free, without becoming leader.
     *
     * @return true when the caller holds it now
     */
    public boolean tryTake() {
        return held == 0 && HELD.compareAndSet(this, 0, 1);
    }

    /** Lets go of the lock; the leader stays the leader. */
    public void release() {
        assert held == 1 : "released without being held";
        HELD.setRelease(this, 0);
    }

    /**
     * Makes an attendant the leader, or nobody. Under the lock.
     *
     * @param attendant the new leader; null for none
     */
    public void appoint(Attendant attendant) {
        assert held == 1 : "appointed without the lock";
        leader = attendant;
    }

    /**
     * Takes the lock on behalf of the leader's own thread, from within a handler.
     *
     * @param thread the calling thread
     * @return false when the caller's thread does not lead, or no longer
     */
    public boolean tryEnter(Thread thread) {
        Attendant current = (Attendant) LEADER.getAcquire(this);
        return current != null && current.thread == thread && resume(current);
    }

    /**
     * Takes the lock back after a handler.
     *
     * @param attendant the caller
     * @return true when the caller still leads, and then holds the lock; false when it was deposed
     */
    public boolean resume(Attendant attendant) {
        // While the caller leads, others hold the lock only in passing (they look, and let go or depose), so this
        // spins a few instructions long; a holder that was descheduled meanwhile gets the processor by yielding.
        for (int spins = 0; leader == attendant; spins++) {
            if (tryTake()) {
                if (leader == attendant) {
                    return true;
                }
                release();
                return false;
            }
            if (spins < 100) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        return false;
    }
}
