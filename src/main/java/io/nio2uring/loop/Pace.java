package io.nio2uring.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How fast the leader of a loop gets through its outcomes, and what follows: whether it is stuck in a handler, and
 * whether outcomes are to be spread.
 *
 * <p>The leader counts (one opaque store a delivery); the {@link Monitor} samples the count once a tick and judges.
 * A leader that the system has descheduled looks like one whose handler runs for long, so a single tick only tells that
 * the loop needs another leader. Outcomes are spread, which costs each of them a change of thread, when few have been
 * delivered for several ticks, or when the leader's thread waits for something; and the longer, the more often that
 * turns out to be so.
 */
final class Pace {
    private static final VarHandle DELIVERIES;

    static {
        try {
            DELIVERIES = MethodHandles.lookup().findVarHandle(Pace.class, "deliveries", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A leader that delivers fewer outcomes a tick than this has slow handlers. */
    private static final int SLOW_DELIVERIES = 4;
    /** For so many ticks of the monitor outcomes are spread at first. */
    private static final int LEAST_SPREADING_TICKS = 8;
    /** And for so many at most, when handlers have always been found slow again soon after. */
    private static final int MOST_SPREADING_TICKS = 64;

    /** Outcomes brought to handlers. Written by the leader (opaque), read by the monitor. */
    private long deliveries;
    /** Number of the delivery that the leader has been in for at least a tick; -1 when it is not stuck. */
    private volatile long stuckDelivery = -1;
    /** The tick at which outcomes are not spread any more. */
    private volatile long spreadingEndTick = -LEAST_SPREADING_TICKS;

    // The monitor's own.
    private int spreadingTicks;
    private long deliveriesAtLastTick;
    private long deliveredInTick;
    /** Deliveries a tick, of the last few ticks; the last one weighs three times as much as all before. */
    private double average;
    private boolean lateAtLastTick;
    private boolean late;

    // ---- for the leader

    /** An outcome is about to be delivered. */
    void delivering() {
        setDeliveries(deliveries + 1);
    }

    /** The last one was not delivered after all. */
    void notDelivered() {
        setDeliveries(deliveries - 1);
    }

    /** In one place: where a variable handle is first used, that takes memory, and later there may be none. */
    private void setDeliveries(long newDeliveries) {
        DELIVERIES.setOpaque(this, newDeliveries);
    }

    /** Another leader, which is not stuck. */
    void leaderChanged() {
        stuckDelivery = -1;
    }

    // ---- for the monitor

    /** Once a tick, before it is asked anything. */
    void sample() {
        long now = deliveries();
        deliveredInTick = now - deliveriesAtLastTick;
        deliveriesAtLastTick = now;
        average = (average + 3 * deliveredInTick) / 4;
        lateAtLastTick = late;
        late = false;
    }

    /** Whether the last tick gives no reason to look closer. */
    boolean isQuick() {
        return deliveredInTick >= SLOW_DELIVERIES;
    }

    /**
     * Judges a leader that is in a handler after a tick that was not quick.
     *
     * @param tick       now
     * @param blocked    whether the leader's thread waits for something, as it does not when it is descheduled
     * @param othersWait whether there are outcomes behind the one that is being delivered
     * @return true when the loop needs another leader
     */
    boolean judge(long tick, boolean blocked, boolean othersWait) {
        late = true;
        boolean stuck = deliveredInTick == 0;
        if (stuck) {
            stuckDelivery = deliveriesAtLastTick;
        }
        boolean slow = stuck && blocked
                || average < SLOW_DELIVERIES && (stuck || lateAtLastTick || othersWait);
        if (slow && tick >= spreadingEndTick) {
            boolean again = tick - spreadingEndTick < LEAST_SPREADING_TICKS;
            spreadingTicks = again ? Math.min(2 * spreadingTicks, MOST_SPREADING_TICKS) : LEAST_SPREADING_TICKS;
            spreadingEndTick = tick + spreadingTicks;
        }
        return slow || stuck;
    }

    // ---- for any thread

    /** Tells whether the leader has been in one handler for a tick, and still is. */
    boolean isStuck() {
        return stuckDelivery == deliveries();
    }

    /** Tells whether handlers have been slow lately, so that each outcome should have a thread by itself. */
    boolean isSpreading(long tick) {
        return tick < spreadingEndTick;
    }

    /** Outcomes delivered so far. */
    long deliveries() {
        return (long) DELIVERIES.getOpaque(this);
    }
}
