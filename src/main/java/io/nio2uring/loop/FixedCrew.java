package io.nio2uring.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
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
    private final ConcurrentLinkedDeque<FixedWorker> idle = new ConcurrentLinkedDeque<>();
    /** Workers that the pool has been given and has not begun to run. */
    private final Queue<FixedWorker> ordered = new ConcurrentLinkedQueue<>();
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
        ordered.add(worker);
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
        return !ordered.isEmpty();
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
        tasks.add(task);
        callSomebody(null);
        return true;
    }

    @Override
    boolean dispatch(Operation outcome) {
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
        for (EventLoop loop : loops()) {
            if (!loop.hasEnded()) {
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
        FixedWorker worker = idle.poll();
        if (worker != null) {
            LockSupport.unpark(worker.thread);
            return true;
        }
        for (EventLoop loop : loops()) {
            if (loop != inNeed && loop.hasSleepingWorker()) {
                loop.rouse();
                return true;
            }
        }
        return false;
    }

    /**
     * Who was called may first have met an outcome of its own loop whose handler blocks; and a pool asks for the thread
     * that takes another one's place once only.
     */
    @Override
    boolean press() {
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
        for (FixedWorker worker : idle) {
            LockSupport.unpark(worker.thread);
        }
    }

    private final class FixedWorker extends Worker {
        private final int home;
        /** Tasks and calls take turns, so that neither keeps the other waiting. */
        private boolean callsFirst;
        private boolean replaced;

        FixedWorker(int home) {
            super(FixedCrew.this);
            this.home = home;
        }

        @Override
        public void run() {
            if (!comes(this)) {
                return;
            }
            loops().forEach(EventLoop::rouseIfClosing);
            begin();
            boolean finished = false;
            try {
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
                FixedWorker successor = new FixedWorker(home);
                if (expect(successor)) {
                    // No thread may be had: what was thrown must not give way to that.
                    handUnlessRefused(successor);
                }
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
            idle.push(this);
            if (tasks.isEmpty() && calls.isEmpty() && !hasEnded()) {
                LockSupport.park(FixedCrew.this);
                Thread.interrupted();
            }
            idle.remove(this);
        }

        private boolean runTask() {
            Runnable task = tasks.poll();
            if (task == null) {
                return false;
            }
            boolean returned = false;
            startDelivery();
            try {
                task.run();
                returned = true;
            } finally {
                if (!returned) {
                    replace();
                }
                if (unfinished.decrementAndGet() == 0) {
                    loops().forEach(EventLoop::rouseIfClosing);
                }
                done();
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
                loop.lead(this);
            }
            return leads;
        }
    }
}
