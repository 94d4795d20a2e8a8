package io.nio2uring.simulation;

import io.nio2uring.abi.SqRingFlag;

/** The kernel's thread that takes a ring's entries by itself, until there has been none for a while. */
final class SimPoller {
    private static final long USUAL_IDLE_NANOS = 1_000_000_000;

    private final SimRing ring;
    private final Kernel kernel;
    private final long idleNanos;
    private long lastEntryNanos;
    private boolean asleep;

    SimPoller(SimRing ring, int idleMillis) {
        this.ring = ring;
        kernel = ring.kernel;
        idleNanos = idleMillis > 0 ? idleMillis * 1_000_000L : USUAL_IDLE_NANOS;
        lastEntryNanos = kernel.scheduler.now();
        kernel.later(this::look);
    }

    void wakeUp() {
        if (asleep) {
            kernel.count("SQPOLL: woken");
            asleep = false;
            ring.setFlag(SqRingFlag.NEED_WAKEUP, false);
            lastEntryNanos = kernel.scheduler.now();
            kernel.later(this::look);
        }
    }

    private void look() {
        if (!ring.isMapped()) {
            return;
        }
        Scheduler scheduler = kernel.scheduler;
        int there = ring.submittable();
        if (there > 0) {
            int most = there > 1 && scheduler.rng.oneIn(kernel.faults.partlyOneIn) ? 1 : there;
            ring.submit(most);
            lastEntryNanos = scheduler.now();
        } else if (scheduler.now() - lastEntryNanos > idleNanos) {
            asleep = true;
            ring.setFlag(SqRingFlag.NEED_WAKEUP, true);
            return;
        }
        // Never at once, lest time stand still.
        scheduler.in(1_000 + kernel.faults.delayNanos(scheduler.now()), this::look);
    }
}
