package io.nio2uring.loop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import io.nio2uring.jfr.Recorder;

/**
 * Looks once a millisecond whether some loop's leader is stuck in a handler, and has it relieved. One daemon thread
 * for the process, which sleeps while all loops sleep.
 */
final class Monitor implements Runnable {
    /** Between two looks. A stalled loop is relieved after one to two of these. */
    private static final long TICK_NANOS = 1_000_000;
    /** Looks without any activity after which the monitor goes to sleep. */
    private static final int QUIET_TICKS = 10;
    /** Between two calls of those that want to know of activity. */
    private static final long REPORT_NANOS = 1_000_000_000;

    private static final Monitor INSTANCE = new Monitor();

    private final List<EventLoop> loops = new CopyOnWriteArrayList<>();
    private final List<Runnable> activityListeners = new CopyOnWriteArrayList<>();
    private Thread thread;
    private final Trouble failed =
            new Trouble("the thread that looks after blocked handlers has met a failure; it goes on, "
                    + "silently. Remedy: give the process what the error names, such as memory or descriptors");
    /** Written by the monitor, read by each loop that wakes up; see {@link #alert}. */
    private volatile boolean asleep;
    private volatile long ticks;
    /** The monitor's own: looks in a row that have found nothing, and when listeners were called last. */
    private int quiet;
    private long lastReportNanos = System.nanoTime();

    private Monitor() {
        Recorder.onRingStatistics(() -> loops.forEach(EventLoop::record));
    }

    /** A clock of about a millisecond while any loop is awake, cheap enough to be read at each turn. */
    static long ticks() {
        return INSTANCE.ticks;
    }

    /** Looks after some loops from now on; after all of them even where it fails for lack of a thread of its own. */
    static void add(List<EventLoop> loops) {
        INSTANCE.addLoops(loops);
    }

    static void remove(EventLoop loop) {
        INSTANCE.loops.remove(loop);
        INSTANCE.reportActivity();
    }

    static void onActivity(Runnable task) {
        INSTANCE.activityListeners.add(task);
    }

    private void reportActivity() {
        for (Runnable listener : activityListeners) {
            try {
                listener.run();
            } catch (Throwable e) {
                failed.tell(e);
            }
        }
    }

    private synchronized void addLoops(List<EventLoop> more) {
        loops.addAll(more);
        if (thread == null) {
            thread = Threads.daemon(this, "nio2uring-monitor");
            boolean started = false;
            try {
                thread.start();
                started = true;
            } finally {
                if (!started) {
                    // No thread could be had: the next loop asks again.
                    thread = null;
                }
            }
        }
        alert();
    }

    /**
     * To be called by a loop after it has stopped sleeping, with a full fence between the store that says so and this
     * call; likewise by a crew that waits for a thread. Pairs with the monitor, which says that it sleeps and then looks at the loops once more.
     */
    static void alert() {
        Monitor monitor = INSTANCE;
        if (monitor.asleep) {
            monitor.asleep = false;
            LockSupport.unpark(monitor.thread);
        }
    }

    @Override
    public void run() {
        for (;;) {
            try {
                tick();
            } catch (Throwable e) {
                // Such as a lack of memory for an iterator.
                quiet = 0;
                failed.tell(e);
            }
        }
    }

    private void tick() {
        if (quiet < QUIET_TICKS) {
            LockSupport.parkNanos(this, TICK_NANOS);
            // An interrupt, of all threads of a group perhaps, would keep it from parking ever after.
            Thread.interrupted();
        } else {
            asleep = true;
            long rest;
            while (asleep && !anyAwake() && (rest = restNanos()) > 0) {
                if (rest == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, rest);
                }
                Thread.interrupted();
            }
            asleep = false;
        }
        ticks++;
        long now = System.nanoTime();
        if (now - lastReportNanos >= REPORT_NANOS) {
            lastReportNanos = now;
            reportActivity();
        }
        quiet = inspectAll() ? 0 : quiet + 1;
    }

    /** How long no absent worker has to be looked after. */
    private long restNanos() {
        long rest = Long.MAX_VALUE;
        for (EventLoop loop : loops) {
            rest = Math.min(rest, loop.restNanos());
        }
        return rest;
    }

    private boolean anyAwake() {
        for (EventLoop loop : loops) {
            if (!loop.isAtRest()) {
                return true;
            }
        }
        return false;
    }

    private boolean inspectAll() {
        boolean active = false;
        for (EventLoop loop : loops) {
            try {
                active |= loop.inspect();
            } catch (Throwable e) {
                // Without this thread a handler that blocks would stall its loop for ever, and this loop is not the only one.
                active = true;
                failed.tell(e);
            }
        }
        return active;
    }
}
