package io.nio2uring.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The crew of a fixed pool: as many workers as the pool has threads, each of which occupies one for good. A worker that
 * leads no loop is idle until it is called; one that leads a sleeping loop can be called away from it.
 */
public final class FixedCrew extends Crew {
    /** Ticks of the monitor after which a worker is ordered again that has not begun: no thread could be had. */
    private static final int FIRST_ORDERING_TICKS = 10;
    /** The ticks double each time, since a pool whose factory gives no thread keeps each order in its queue. */
    private static final int LAST_ORDERING_TICKS = 10_000;

    private final int size;
    private final Queue<EventLoop> calls = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Tasks that wait or run; no loop ends while there are any, so that a thread which one of them ends can be replaced. */
    private final AtomicInteger unfinished = new AtomicInteger();
    /**
     * A worker that can be called, the last that came, and through it the others, so that nobody needs memory to be idle, nor to
     * be called; guarded by this.
     */
    private FixedWorker idle;
    /** Workers that the pool has been given and has not begun to run. */
    private final Queue<FixedWorker> ordered = new ConcurrentLinkedQueue<>();
    /** Workers whose threads have ended, and for whose successors there was no memory. */
    private final AtomicInteger missing = new AtomicInteger();
    private volatile long lastOrderTick;
    private volatile int orderingTicks = FIRST_ORDERING_TICKS;

    /**
     * Creates a crew that does not work yet.
     *
     * @param executor   a pool of that many threads
     * @param size       number of workers
     * @param afterwards runs when the last loop has ended and the last task has run
     */
    public FixedCrew(ExecutorService executor, int size, Runnable afterwards) {
        super(executor, afterwards);
        this.size = size;
    }

    @Override
    void start() {
        boolean complete = false;
        try {
            for (int i = 0; i < size; i++) {
                FixedWorker worker = new FixedWorker(i % loops().size());
                expect(worker);
                hand(worker);
            }
            complete = true;
        } finally {
            if (!complete) {
                // The group is not to be: nobody waits for those who have not come.
                ordered.forEach(this::comes);
            }
        }
    }

    /**
     * From now on the worker is expected, and the monitor sees to it that it comes.
     *
     * @return false when the crew has ended
     */
    private boolean expect(FixedWorker worker) {
        if (!takeOn()) {
            return false;
        }
        boolean expected = false;
        try {
            ordered.add(worker);
            expected = true;
        } finally {
            if (!expected) {
                done();
            }
        }
        Monitor.alert();
        return true;
    }

    /**
     * The worker is expected no longer.
     *
     * @return false when it was not: it had been handed to the pool twice, and has run
     */
    private boolean comes(FixedWorker worker) {
        boolean expected = ordered.remove(worker);
        if (expected) {
            orderingTicks = FIRST_ORDERING_TICKS;
            done();
        }
        return expected;
    }

    /** Gives an expected worker to the pool. If the pool gets it twice, the second has no effect. */
    private void hand(FixedWorker worker) {
        lastOrderTick = Monitor.ticks();
        executor().execute(worker);
    }

    @Override
    boolean needsMonitor() {
        return !ordered.isEmpty() || missing.get() > 0;
    }

    @Override
    public void execute(Runnable task) {
        if (!leaveToSomebody(task)) {
            throw new RejectedExecutionException("the channel group has terminated");
        }
    }

    private boolean leaveToSomebody(Runnable task) {
        if (!takeOn()) {
            return false;
        }
        unfinished.incrementAndGet();
        boolean left = false;
        try {
            tasks.add(task);
            left = true;
        } finally {
            if (!left) {
                finished();
            }
        }
        callSomebody(null);
        return true;
    }

    /** A task has run, or never will. */
    private void finished() {
        if (unfinished.decrementAndGet() == 0) {
            rouseThoseThatClose();
        }
        done();
    }

    private void rouseThoseThatClose() {
        for (int i = 0; i < loops().size(); i++) {
            loops().get(i).rouseIfClosing();
        }
    }

    @Override
    boolean dispatch(EventLoop home, Operation outcome) {
        return leaveToSomebody(outcome::deliver);
    }

    @Override
    boolean spreads() {
        return size > 1;
    }

    @Override
    boolean hasTasks() {
        return unfinished.get() > 0;
    }

    /**
     * Tells whether the crew would end if it did not wait for workers to come. The pool may have no thread for them: one whose
     * factory gives null does not ask again.
     */
    private boolean waitsForNothingElse() {
        if (ordered.isEmpty() || hasTasks()) {
            return false;
        }
        for (int i = 0; i < loops().size(); i++) {
            if (!loops().get(i).hasEnded()) {
                return false;
            }
        }
        return true;
    }

    @Override
    boolean deliverElsewhere(EventLoop home, Operation outcome) {
        return home.execute(outcome);
    }

    @Override
    boolean want(EventLoop loop) {
        if (loop.markWanted() && !calls.contains(loop)) {
            calls.add(loop);
        }
        return callSomebody(loop);
    }

    private boolean callSomebody(EventLoop inNeed) {
        FixedWorker worker = pollIdle();
        if (worker != null) {
            LockSupport.unpark(worker.thread);
            return true;
        }
        return rouseSleeper(inNeed);
    }

    /**
     * Who was called may first have met an outcome of its own loop whose handler blocks; and a pool asks for the thread
     * that takes another one's place once only.
     */
    @Override
    boolean press() {
        int lacking = missing.get();
        if (lacking > 0 && missing.compareAndSet(lacking, lacking - 1)) {
            orderSuccessor(lacking % loops().size());
        }
        boolean called = (!(tasks.isEmpty() && calls.isEmpty()) || waitsForNothingElse()) && callSomebody(null);
        FixedWorker absent = ordered.peek();
        if (absent == null) {
            return called;
        }
        if (Monitor.ticks() - lastOrderTick >= orderingTicks) {
            orderingTicks = Math.min(2 * orderingTicks, LAST_ORDERING_TICKS);
            // It may begin at this moment, and so must not be taken for ordered once more.
            handUnlessRefused(absent);
        }
        return true;
    }

    /** Orders a worker in place of one whose thread ends; if there is no memory for that, the monitor does so later. */
    private void orderSuccessor(int home) {
        try {
            FixedWorker successor = new FixedWorker(home);
            if (expect(successor)) {
                // No thread may be had: what was thrown must not give way to that.
                handUnlessRefused(successor);
            }
        } catch (OutOfMemoryError e) {
            missing.incrementAndGet();
            Monitor.alert();
        }
    }

    private void handUnlessRefused(FixedWorker worker) {
        try {
            hand(worker);
        } catch (RejectedExecutionException e) {
            // Somebody has shut the pool down.
            comes(worker);
        } catch (OutOfMemoryError e) {
            // "unable to create native thread", still.
        }
    }

    @Override
    boolean isWantedElsewhere(EventLoop current) {
        if (!tasks.isEmpty()) {
            return true;
        }
        if (calls.isEmpty()) {
            return false;
        }
        if (calls.remove(current)) {
            // Somebody asked for a worker for this loop, and here is one.
            current.unmarkWanted();
        }
        return !calls.isEmpty();
    }

    @Override
    long patienceNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    long spellTicks() {
        return Long.MAX_VALUE;
    }

    @Override
    void dismiss() {
        for (FixedWorker worker; (worker = pollIdle()) != null;) {
            LockSupport.unpark(worker.thread);
        }
    }

    private synchronized void pushIdle(FixedWorker worker) {
        worker.nextIdle = idle;
        idle = worker;
    }

    /** Null when none is idle. */
    private synchronized FixedWorker pollIdle() {
        FixedWorker worker = idle;
        if (worker != null) {
            idle = worker.nextIdle;
        }
        return worker;
    }

    /** Nothing happens when it has been called. */
    private synchronized void removeIdle(FixedWorker worker) {
        if (idle == worker) {
            idle = worker.nextIdle;
            return;
        }
        for (FixedWorker each = idle; each != null; each = each.nextIdle) {
            if (each.nextIdle == worker) {
                each.nextIdle = worker.nextIdle;
                return;
            }
        }
    }

    private final class FixedWorker extends Worker {
        private final int home;
        /** Tasks and calls take turns, so that neither keeps the other waiting. */
        private boolean callsFirst;
        private boolean replaced;
        /** While it is idle: who came before it. */
        private FixedWorker nextIdle;

        FixedWorker(int home) {
            super(FixedCrew.this);
            this.home = home;
        }

        @Override
        public void run() {
            if (!comes(this)) {
                return;
            }
            boolean finished = false;
            try {
                begin();
                rouseThoseThatClose();
                while (!hasEnded()) {
                    attendOrWait();
                }
                finished = true;
            } finally {
                end();
                if (!finished) {
                    replace();
                }
            }
        }

        /** A handler or task has thrown: that ends this thread, which the pool replaces. */
        private void replace() {
            if (!replaced) {
                replaced = true;
                orderSuccessor(home);
            }
        }

        private void attendOrWait() {
            callsFirst = !callsFirst;
            if (callsFirst ? heedCall() || runTask() : runTask() || heedCall()) {
                return;
            }
            for (int i = 0; i < loops().size(); i++) {
                EventLoop loop = loops().get((home + i) % loops().size());
                if (loop.lacksWorker() && attend(loop)) {
                    return;
                }
            }
            if (waitsForNothingElse()) {
                // This worker is here for whatever may still come, and orders another one if that ends it.
                for (FixedWorker absent : ordered) {
                    comes(absent);
                }
                return;
            }
            pushIdle(this);
            if (tasks.isEmpty() && calls.isEmpty() && !hasEnded()) {
                LockSupport.park(FixedCrew.this);
                Thread.interrupted();
            }
            removeIdle(this);
        }

        private boolean runTask() {
            Runnable task = tasks.poll();
            if (task == null) {
                return false;
            }
            boolean returned = false;
            startDelivery();
            absent();
            try {
                task.run();
                returned = true;
            } finally {
                back();
                if (!returned) {
                    replace();
                }
                finished();
            }
            Thread.interrupted();
            return true;
        }

        private boolean heedCall() {
            EventLoop call = calls.poll();
            if (call != null) {
                attend(call);
            }
            return call != null;
        }

        private boolean attend(EventLoop loop) {
            boolean leads = loop.claim(this);
            if (leads) {
                try {
                    loop.lead(this);
                } finally {
                    back();
                }
            }
            return leads;
        }
    }
}
