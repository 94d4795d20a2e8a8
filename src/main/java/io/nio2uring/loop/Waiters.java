package io.nio2uring.loop;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets the threads go on that have waited for operations of a loop.
 *
 * <p>Who unparks a virtual thread wakes its carrier, if that sleeps, and the carrier may take the processor from the loop
 * at once, run the one virtual thread, and sleep again: two changes of threads for each operation that has ended. So the
 * loop first takes all completions that are there, and then leaves the virtual threads that these are for to another one,
 * the <em>waker</em>: on a carrier, unparking is an entry in a queue.
 *
 * <p>Virtual threads share their carriers. What keeps the waker from running keeps those that it is to unpark from
 * running, too; but it stands in line for a carrier before they do. So no more than one batch is left to it at a time.
 *
 * <p>Used under ownership of the loop, but for {@link #resume}.
 */
final class Waiters implements Runnable {
    private static final int MOST_AT_ONCE = 256;
    /** Fewer are not worth a thread more. */
    private static final int LEAST_FOR_WAKER = 2;

    /** Some threads, of whoever holds it. */
    private static final class Batch {
        private final Thread[] threads = new Thread[MOST_AT_ONCE];
        private int count;

        void add(Thread thread) {
            threads[count++] = thread;
        }

        /** Unparks all, or all but the virtual ones, which stay. */
        void unpark(boolean all) {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                Thread thread = threads[i];
                threads[i] = null;
                if (all || !thread.isVirtual()) {
                    LockSupport.unpark(thread);
                } else {
                    threads[kept++] = thread;
                }
            }
            count = kept;
        }
    }

    private final String name;
    /** Who gathers; others read it as well, and never find themselves there. */
    private Thread gatherer;
    private Batch gathered = new Batch();
    private Thread waker;
    /** Filled, for the waker. */
    private final AtomicReference<Batch> left = new AtomicReference<>();
    /** Emptied by the waker. */
    private final AtomicReference<Batch> spare = new AtomicReference<>();
    private volatile boolean closed;

    /** Of the loop with the given name. */
    Waiters(String name) {
        this.name = name;
    }

    /** From now on, until it releases them, threads that the calling thread resumes are gathered. */
    void gather() {
        gatherer = Thread.currentThread();
    }

    /** Lets a thread go on; at once unless the calling thread gathers. Any thread. */
    void resume(Thread waiting) {
        if (gatherer != Thread.currentThread()) {
            LockSupport.unpark(waiting);
            return;
        }
        if (gathered.count == MOST_AT_ONCE) {
            unparkGathered();
        }
        gathered.add(waiting);
    }

    /** Lets all go on that have been gathered. */
    void release() {
        gatherer = null;
        if (gathered.count > 0) {
            unparkGathered();
        }
    }

    private void unparkGathered() {
        gathered.unpark(false);
        if (gathered.count < LEAST_FOR_WAKER || !leaveToWaker()) {
            gathered.unpark(true);
        }
    }

    /** False when the waker has not come to the last batch yet, or there is none. */
    private boolean leaveToWaker() {
        if (waker == null && !startWaker()) {
            return false;
        }
        Batch next = spare.getAndSet(null);
        if (next == null) {
            return false;
        }
        left.set(gathered);
        gathered = next;
        LockSupport.unpark(waker);
        return true;
    }

    private boolean startWaker() {
        try {
            spare.set(new Batch());
            waker = Thread.ofVirtual().name(name + "-waker").inheritInheritableThreadLocals(false).start(this);
            return true;
        } catch (Throwable e) {
            // For lack of memory. It works without, only slower, and the next batch tries again.
            return false;
        }
    }

    /** The waker. */
    @Override
    public void run() {
        while (true) {
            // Before the last look.
            boolean ends = closed;
            Batch batch = left.getAndSet(null);
            if (batch != null) {
                batch.unpark(true);
                spare.set(batch);
            } else if (ends) {
                return;
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Ends the waker once it has done what was left to it. Nobody is resumed any more. */
    void close() {
        closed = true;
        if (waker != null) {
            LockSupport.unpark(waker);
        }
    }
}
