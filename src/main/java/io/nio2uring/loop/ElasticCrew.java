package io.nio2uring.loop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * The crew of an executor that is not ours, or that makes threads as needed: a worker is a task that is handed to it
 * when a loop is in need of one.
 *
 * <p>When the group was opened to occupy threads of the executor, a worker stays with its loop and sleeps in the kernel.
 * Otherwise it stays for a busy spell only, goes on reaping as long as there is something to do, and then leaves the
 * loop to its watcher.
 */
public final class ElasticCrew extends Crew {
    /**
     * How long a worker without permission to stay waits for the next event. Under load the next batch comes within
     * this time, which saves two thread switches; to the executor it is no noticeable occupation.
     */
    private static final long SPELL_PATIENCE_NANOS = 100_000;

    private final boolean staying;
    /** Loops that were in need again before the worker had come that was asked for. */
    private final Set<EventLoop> overdue = ConcurrentHashMap.newKeySet();

    /**
     * Creates a crew that does not work yet.
     *
     * @param executor   runs the workers
     * @param staying    whether a worker may occupy a thread while nothing happens
     * @param afterwards runs when the last loop has ended
     */
    public ElasticCrew(ExecutorService executor, boolean staying, Runnable afterwards) {
        super(executor, afterwards);
        this.staying = staying;
    }

    @Override
    void start() {
        for (EventLoop loop : loops()) {
            if (!staying || !want(loop)) {
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
        Delivery current = Delivery.CURRENT.get();
        if (current != null && current.isOf(this) && current.mayInvokeDirectly()) {
            outcome.deliver();
        } else {
            executor().execute(new Delivery(outcome));
        }
        return true;
    }

    @Override
    boolean want(EventLoop loop) {
        if (!loop.markWanted()) {
            hurry(loop);
            return true;
        }
        try {
            executor().execute(new ElasticWorker(loop));
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The executor refuses, or the system has no thread for it. Asked again later: the loop keeps what is to be delivered.
            loop.unmarkWanted();
            return false;
        }
    }

    /** The executor may have no thread left but those that sleep in other loops: has one of them come back. */
    @Override
    void hurry(EventLoop inNeed) {
        if (!staying) {
            return;
        }
        overdue.add(inNeed);
        for (EventLoop loop : loops()) {
            if (loop != inNeed && loop.hasSleepingWorker()) {
                loop.rouse();
                return;
            }
        }
    }

    @Override
    boolean isWantedElsewhere(EventLoop current) {
        if (overdue.isEmpty()) {
            return false;
        }
        overdue.removeIf(loop -> loop == current || !loop.isWanted());
        return !overdue.isEmpty();
    }

    @Override
    long patienceNanos() {
        return staying ? Long.MAX_VALUE : SPELL_PATIENCE_NANOS;
    }

    @Override
    void dismiss() {
        // No worker waits for anything but its loop.
    }

    /** Brings one outcome to its handler, without leading any loop; what follows from it may be told right there. */
    private final class Delivery extends Worker {
        static final ThreadLocal<Delivery> CURRENT = new ThreadLocal<>();

        private final Operation outcome;

        Delivery(Operation outcome) {
            this.outcome = outcome;
        }

        boolean isOf(ElasticCrew crew) {
            return ElasticCrew.this == crew;
        }

        @Override
        public void run() {
            CURRENT.set(this);
            try {
                outcome.deliver();
            } finally {
                CURRENT.remove();
                Thread.interrupted();
            }
        }
    }

    private static final class ElasticWorker extends Worker {
        private final EventLoop loop;

        ElasticWorker(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            if (loop.claim(this)) {
                loop.lead(this);
            }
        }
    }
}
