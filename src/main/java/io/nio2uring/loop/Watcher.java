package io.nio2uring.loop;

import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread of ours that waits on a loop when no thread of the group does: because the group's executor is not
 * ours to occupy while nothing is to be handled, or because all of the group's threads are busy in handlers. It does
 * everything but run handlers: what is to be delivered is left for the {@link Crew}. One for each loop, started when
 * first needed.
 */
final class Watcher extends Attendant implements Runnable {
    /** How long to wait before asking anew for a thread that was refused. */
    private static final long REFUSAL_NANOS = 100_000_000;
    /** How long to wait after a failure, which may come again. */
    private static final long FAILURE_NANOS = 10_000_000;

    private final EventLoop loop;
    private final String name;
    private final Trouble failed;
    private final Trouble notStarted;
    private volatile boolean nominated;
    /** Whether the system had no thread left, and when that was; guarded by this. */
    private boolean refused;
    private long refusedNanos;

    Watcher(EventLoop loop, String name) {
        this.loop = loop;
        this.name = name;
        failed = new Trouble(name
                + " has met a failure; it goes on, silently, but the operation that it has just looked "
                + "after may have no outcome. Remedy: give the process what the error names, such as memory or descriptors");
        notStarted = new Trouble(name + " cannot be started; nothing is lost, and it is tried again every "
                + REFUSAL_NANOS / 1_000_000 + " ms, silently. Remedy: let the process have more threads, or memory");
    }

    @Override
    boolean runsHandlers() {
        return false;
    }

    /** Has the watcher attend the loop as soon as it can be had. Any thread. */
    void nominate() {
        nominated = true;
        Thread current = thread;
        if (current == null) {
            current = start();
        }
        LockSupport.unpark(current);
    }

    /** Null when the system has no thread left: the monitor nominates again as long as nobody attends the loop. */
    private synchronized Thread start() {
        if (thread == null && (!refused || System.nanoTime() - refusedNanos >= REFUSAL_NANOS)) {
            boolean started = false;
            try {
                thread = Threads.daemon(this, name);
                thread.start();
                started = true;
            } catch (OutOfMemoryError e) {
                notStarted.tell(e);
                refused = true;
                refusedNanos = System.nanoTime();
            } finally {
                if (!started) {
                    thread = null;
                }
            }
        }
        return thread;
    }

    @Override
    public void run() {
        while (!loop.hasEnded()) {
            if (!nominated) {
                LockSupport.park(this);
                // An interrupt, of all threads of a group perhaps, would keep it from parking ever after.
                Thread.interrupted();
                continue;
            }
            nominated = false;
            if (loop.takeForWatching(this)) {
                watch();
            }
        }
    }

    /** What the watcher meets must not end it while it leads: nobody else could take the loop. */
    private void watch() {
        do {
            try {
                loop.watch(this);
            } catch (Throwable e) {
                failed.tell(e);
                LockSupport.parkNanos(this, FAILURE_NANOS);
                Thread.interrupted();
            }
        } while (loop.isLedBy(this));
    }

    /** Lets the thread see that the loop has ended. */
    void wakeUp() {
        Thread current = thread;
        if (current != null) {
            LockSupport.unpark(current);
        }
    }
}
