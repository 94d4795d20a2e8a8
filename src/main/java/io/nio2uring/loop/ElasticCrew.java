package io.nio2uring.loop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The crew of an executor that is not ours, or that makes threads as needed: a worker is a task that is handed to it
 * when a loop is in need of one.
 *
 * <p>A worker stays with its loop, sleeping in the kernel, for as long as the group may occupy a thread of the executor
 * ({@link Stay}); then it leaves the loop to its watcher.
 */
public final class ElasticCrew extends Crew {
    /** How long a worker may keep a thread of the executor. */
    public enum Stay {
        /** From the opening of the group to its end. */
        ALWAYS(Long.MAX_VALUE, Long.MAX_VALUE),
        /** While there is something to do, and a second longer: threads that are no daemons keep no process alive for ever. */
        IN_USE(1_000_000_000, Long.MAX_VALUE),
        /**
         * For a busy spell. Under load the next batch comes within this time, which saves two thread switches; to the executor
         * it is no noticeable occupation. After so many ticks of the monitor the worker lets others have its thread that wait
         * for one.
         */
        SPELL(100_000, 16);

        private final long patienceNanos;
        private final long ticks;

        Stay(long patienceNanos, long ticks) {
            this.patienceNanos = patienceNanos;
            this.ticks = ticks;
        }
    }

    private final Stay stay;
    /** Loops that were in need again before the worker had come that was asked for. */
    private final Set<EventLoop> overdue = ConcurrentHashMap.newKeySet();
    private final AtomicLong dispatched = new AtomicLong();
    private final AtomicLong begun = new AtomicLong();
    /** Until this tick workers leave their loops if outcomes wait for a thread. */
    private volatile long pressedUntilTick;
    /** The monitor's own: what it saw at its last look. */
    private long lastPressTick;
    private long begunAtLastPress = -1;
    /** With a failure such as "unable to create native thread", which a thread of ours has to survive. */
    private final Trouble executorFails =
            new Trouble("the executor of a channel group fails; the group's handlers wait "
                    + "until it works again, which is tried silently. Remedy: mend what the error names");

    /**
     * Creates a crew that does not work yet.
     *
     * @param executor   runs the workers
     * @param stay       how long a worker keeps a thread
     * @param afterwards runs when the last loop has ended
     */
    public ElasticCrew(ExecutorService executor, Stay stay, Runnable afterwards) {
        super(executor, afterwards);
        this.stay = stay;
    }

    @Override
    void start() {
        for (EventLoop loop : loops()) {
            if (stay != Stay.ALWAYS || !loop.markWanted() || !call(loop)) {
                loop.watchFromNowOn();
            }
        }
    }

    @Override
    public void execute(Runnable task) {
        executor().execute(task);
    }

    @Override
    boolean deliverElsewhere(EventLoop home, Operation outcome) {
        hand(new Delivery(home, outcome));
        return true;
    }

    /**
     * Throws what the executor does, which is what the handler does if the executor uses the calling thread. What the
     * executor throws after it has put the delivery into its queue, such as a lack of threads, is no refusal.
     */
    private void hand(Delivery delivery) {
        dispatched.incrementAndGet();
        try {
            executor().execute(delivery);
        } catch (Throwable e) {
            if (delivery.decide()) {
                dispatched.decrementAndGet();
                throw e;
            }
            if (delivery.ranOn(Thread.currentThread())) {
                throw e;
            }
            executorFails.tell(e);
        }
    }

    @Override
    boolean want(EventLoop loop) {
        if (!loop.markWanted()) {
            hurry(loop);
            return true;
        }
        try {
            return call(loop);
        } catch (Throwable e) {
            executorFails.tell(e);
            return false;
        }
    }

    /**
     * Hands a worker to the executor; the loop is marked as waiting for it.
     *
     * @return false when it will not come; the loop keeps what is to be delivered, and asks again
     */
    private boolean call(EventLoop loop) {
        ElasticWorker worker = null;
        boolean willCome = false;
        try {
            worker = new ElasticWorker(loop);
            worker.caller = Thread.currentThread();
            executor().execute(worker);
            willCome = !worker.refused;
        } catch (RejectedExecutionException e) {
            // All threads are in use.
        } finally {
            if (worker != null) {
                worker.caller = null;
            }
            if (!willCome) {
                loop.unmarkWanted();
            }
        }
        return willCome;
    }

    @Override
    boolean dispatch(EventLoop home, Operation outcome) {
        Delivery delivery = new Delivery(home, outcome);
        try {
            hand(delivery);
            return true;
        } catch (Throwable e) {
            if (delivery.ranOn(Thread.currentThread())) {
                tellUncaught(e);
                return true;
            }
            if (!(e instanceof RejectedExecutionException)) {
                executorFails.tell(e);
            }
            return false;
        }
    }

    /** For what a handler throws on a thread of ours, which has to go on. */
    private static void tellUncaught(Throwable thrown) {
        Thread current = Thread.currentThread();
        try {
            current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
        } catch (Throwable ignored) {
            // As the virtual machine does.
        }
    }

    /** The executor may have no thread left but those that sleep in other loops: has one of them come back. */
    @Override
    void hurry(EventLoop inNeed) {
        overdue.add(inNeed);
        rouseSleeper(inNeed);
    }

    @Override
    boolean press() {
        long tick = Monitor.ticks();
        if (tick == lastPressTick) {
            return false;
        }
        lastPressTick = tick;
        long now = begun.get();
        boolean waiting = now == begunAtLastPress && dispatched.get() > now;
        begunAtLastPress = now;
        if (waiting) {
            pressedUntilTick = tick + 2;
        }
        return waiting && rouseSleeper(null);
    }

    @Override
    boolean isWantedElsewhere(EventLoop current) {
        if (Monitor.ticks() < pressedUntilTick && dispatched.get() > begun.get()) {
            return true;
        }
        if (overdue.isEmpty()) {
            return false;
        }
        overdue.removeIf(loop -> loop == current || !loop.isWanted());
        return !overdue.isEmpty();
    }

    @Override
    long patienceNanos() {
        return stay.patienceNanos;
    }

    @Override
    long spellTicks() {
        return stay.ticks;
    }

    @Override
    boolean spreads() {
        return true;
    }

    @Override
    boolean hasTasks() {
        return false;
    }

    @Override
    void dismiss() {
        // No worker waits for anything but its loop.
    }

    /** Brings one outcome to its handler, without leading any loop; what follows from it may be told right there. */
    private final class Delivery extends Worker {
        private final EventLoop home;
        private final Operation outcome;
        /** Whether it runs, or never will; guarded by this, since a thread that lacks memory must be able to tell. */
        private boolean decided;
        private boolean ran;

        Delivery(EventLoop home, Operation outcome) {
            super(ElasticCrew.this);
            this.home = home;
            this.outcome = outcome;
        }

        /**
         * For its own thread, which then delivers, and for whoever takes the outcome back.
         *
         * @return true for the first; it is the other's then, or was before
         */
        synchronized boolean decide() {
            boolean first = !decided;
            decided = true;
            return first;
        }

        /** For the thread in question only. */
        boolean ranOn(Thread candidate) {
            return ran && thread == candidate;
        }

        @Override
        public void run() {
            if (!decide()) {
                return;
            }
            begun.incrementAndGet();
            try {
                begin();
                ran = true;
                absent();
                outcome.deliver();
            } finally {
                back();
                end();
                Thread.interrupted();
                if (!ran && !home.execute(outcome)) {
                    outcome.deliver();
                }
            }
        }
    }

    private final class ElasticWorker extends Worker {
        private final EventLoop loop;
        /** The thread that hands the worker to the executor, while it does. */
        private Thread caller;
        /** Whether the executor ran the worker on that thread, which leads nothing. */
        private boolean refused;

        ElasticWorker(EventLoop loop) {
            super(ElasticCrew.this);
            this.loop = loop;
        }

        @Override
        public void run() {
            if (Thread.currentThread() == caller) {
                refused = true;
                return;
            }
            try {
                begin();
                if (loop.claim(this)) {
                    loop.lead(this);
                }
            } finally {
                back();
                end();
            }
        }
    }
}
