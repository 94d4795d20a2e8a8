package io.nio2uring.loop;

import io.nio2uring.sys.KernelThread;

/**
 * Workers of a crew that are in a handler, or a task, and lead no loop. The kernel has some completions told by the thread that
 * submitted the operation; it wakes that thread for it, but not from a sleep that only a disk can end, or a file system. So the
 * monitor looks after these workers, less often when they stay away for long, and has the loops start anew what such a
 * thread has in flight ({@link Relief}).
 *
 * <p>Linked through the workers, so that nobody needs memory to become one.
 */
final class Absentees {
    private static final long FIRST_LOOK_NANOS = 2_000_000;
    private static final long LONGEST_INTERVAL_NANOS = 128_000_000;

    /** Written under the monitor of this. */
    private volatile Worker first;

    /** Has a worker looked after. Any thread. */
    void add(Worker worker) {
        synchronized (this) {
            worker.lookNanos = System.nanoTime() + FIRST_LOOK_NANOS;
            worker.intervalNanos = FIRST_LOOK_NANOS;
            if (worker.isAbsentee) {
                return;
            }
            worker.isAbsentee = true;
            worker.nextAbsentee = first;
            first = worker;
        }
        Monitor.alert();
    }

    /** How long nobody has to be looked after; {@link Long#MAX_VALUE} when nobody is away. The monitor's thread only. */
    synchronized long restNanos() {
        long rest = Long.MAX_VALUE;
        long now = System.nanoTime();
        for (Worker each = first; each != null; each = each.nextAbsentee) {
            rest = Math.min(rest, Math.max(0, each.lookNanos - now));
        }
        return rest;
    }

    /** Looks after those whose turn it is. The monitor's thread only. */
    void look(Crew crew) {
        if (first == null) {
            return;
        }
        for (Worker worker; (worker = nextDue()) != null;) {
            // A thread that Java knows to wait can be woken.
            if (worker.thread.getState() == Thread.State.RUNNABLE) {
                long sleep = KernelThread.uninterruptibleSleep(worker.kernelThread());
                if (sleep != KernelThread.NONE && (sleep != worker.lastSleep || worker.holdsStill)) {
                    worker.holdsStill = false;
                    for (int i = 0; i < crew.loops().size(); i++) {
                        EventLoop loop = crew.loops().get(i);
                        loop.execute(new Relief(worker, sleep));
                    }
                    worker.lastSleep = sleep;
                }
            }
        }
    }

    /** Forgets those who are back, up to the first whose turn it is. */
    private synchronized Worker nextDue() {
        long now = System.nanoTime();
        Worker before = null;
        for (Worker each = first; each != null; each = each.nextAbsentee) {
            if (each.isAway()) {
                if (each.lookNanos - now <= 0) {
                    each.lookNanos = now + each.intervalNanos;
                    each.intervalNanos = Math.min(2 * each.intervalNanos, LONGEST_INTERVAL_NANOS);
                    return each;
                }
                before = each;
            } else {
                // If it goes away at this moment, it is added after this.
                each.isAbsentee = false;
                if (before == null) {
                    first = each.nextAbsentee;
                } else {
                    before.nextAbsentee = each.nextAbsentee;
                }
            }
        }
        return null;
    }
}
