package io.nio2uring.loop;

import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread of ours that waits on a loop when no thread of the group does: because the group's executor is not
 * ours to occupy while nothing is to be handled, or because all of the group's threads are busy in handlers. It does
 * everything but run handlers: what is to be delivered is left for the {@link Crew}. One for each loop, started when
 * first needed.
 */
final class Watcher extends Attendant implements Runnable {
    private final EventLoop loop;
    private final String name;
    private volatile boolean nominated;

    Watcher(EventLoop loop, String name) {
        this.loop = loop;
        this.name = name;
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

    private synchronized Thread start() {
        if (thread == null) {
            thread = Threads.daemon(this, name);
            thread.start();
        }
        return thread;
    }

    @Override
    public void run() {
        while (!loop.hasEnded()) {
            if (!nominated) {
                LockSupport.park(this);
                continue;
            }
            nominated = false;
            if (loop.takeForWatching(this)) {
                loop.watch(this);
            }
        }
    }

    /** Lets the thread see that the loop has ended. */
    void wakeUp() {
        Thread current = thread;
        if (current != null) {
            LockSupport.unpark(current);
        }
    }
}
