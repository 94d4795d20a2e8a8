package io.nio2uring.loop;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that lead a group's loops and run its completion handlers. */
public abstract class Crew {
    private final ExecutorService executor;
    private final Runnable afterwards;
    /**
     * Loops that have not ended, tasks taken on that have not run, workers ordered that have not begun. The crew ends when
     * there are none, and takes on none from then on; one counter, so that no task can be accepted that nobody is left for.
     */
    private final AtomicInteger duties = new AtomicInteger();
    private final Absentees absentees = new Absentees();
    private List<EventLoop> loops = List.of();

    /**
     * For the kinds of crew.
     *
     * @param executor   whose threads the workers occupy
     * @param afterwards runs when the last loop has ended and the last task has run
     */
    Crew(ExecutorService executor, Runnable afterwards) {
        this.executor = executor;
        this.afterwards = afterwards;
    }

    /**
     * Puts the crew to work.
     *
     * @param allLoops that it attends from now on
     */
    public final void attend(List<EventLoop> allLoops) {
        loops = List.copyOf(allLoops);
        duties.set(loops.size());
        // Not before: the monitor would have a loop watched, which then could not be discarded any more.
        Monitor.add(loops);
        start();
    }

    /** Starts the workers. */
    abstract void start();

    /**
     * Runs a task on a thread of the crew.
     *
     * @param task of the user
     */
    public abstract void execute(Runnable task);

    /**
     * Brings an outcome that is certain without the kernel to a thread of the crew: to the calling one, if it is in a
     * handler of the group and has not been used so too often, else to another.
     *
     * @param home    loop of the channel
     * @param outcome an operation that never starts
     * @return false when the loop has ended
     * @throws java.util.concurrent.RejectedExecutionException when the executor refuses
     */
    public final boolean deliver(EventLoop home, Operation outcome) {
        Worker current = Worker.current(this);
        if (current != null) {
            if (current.mayInvokeDirectly()) {
                outcome.deliver();
                return true;
            }
            for (EventLoop loop : loops) {
                if (loop.isLedBy(current)) {
                    return home.execute(outcome);
                }
            }
        }
        return deliverElsewhere(home, outcome);
    }

    /** Brings an outcome to a thread of the crew; the calling one is none, or has been used too often. */
    abstract boolean deliverElsewhere(EventLoop home, Operation outcome);

    /**
     * Asks for a worker to lead a loop that has outcomes to deliver. Returns at once. A request that is under way is not
     * made twice.
     *
     * @return false when no worker can come now; the caller then has the loop watched
     */
    abstract boolean want(EventLoop loop);

    /**
     * Has a thread of the crew bring one outcome to its handler, without leading.
     *
     * @return false when none will
     */
    abstract boolean dispatch(EventLoop home, Operation outcome);

    /** Tells whether the crew can run several handlers at the same time. */
    abstract boolean spreads();

    /** Tells whether something that was left to the crew's own threads is not done yet; no loop may end before. */
    abstract boolean hasTasks();

    /**
     * Sees to it that what was left to the crew does not wait while a thread that could do it sleeps. The monitor's thread,
     * at each tick.
     *
     * @return true when a worker had to be called
     */
    abstract boolean press();

    /** Tells whether the monitor has to go on although all loops sleep; {@link Monitor#alert} after it has become true. */
    boolean needsMonitor() {
        return false;
    }

    /** Sees to it that a worker comes who was asked for and has not come yet. */
    void hurry(EventLoop loop) {
        // Those who are called come as soon as they have left their handler.
    }

    /** Tells a leading worker whether it should leave its loop, because there is something else for it to do. */
    abstract boolean isWantedElsewhere(EventLoop current);

    /**
     * How long a worker sleeps in the kernel while it leads and nothing happens, in nanoseconds, before it leaves the
     * loop to its watcher; {@link Long#MAX_VALUE} for ever.
     */
    abstract long patienceNanos();

    /** How many ticks of the monitor a worker leads at most; {@link Long#MAX_VALUE} for ever. */
    abstract long spellTicks();

    /** Tells whether its workers are looked after while they are away. */
    final boolean looksAfterAbsentees() {
        return loops.getFirst().canRelieve();
    }

    final Absentees absentees() {
        return absentees;
    }

    final ExecutorService executor() {
        return executor;
    }

    /** To be gone through by index: what is called when something is to be done must not need memory for an iterator. */
    final List<EventLoop> loops() {
        return loops;
    }

    /**
     * Has a worker come back that sleeps in another loop.
     *
     * @return false when none does
     */
    final boolean rouseSleeper(EventLoop inNeed) {
        for (int i = 0; i < loops.size(); i++) {
            EventLoop loop = loops.get(i);
            if (loop != inNeed && loop.hasSleepingWorker()) {
                loop.rouse();
                return true;
            }
        }
        return false;
    }

    /** Tells whether somebody has shut the executor down before its group has ended. */
    final boolean isDismissed() {
        return executor.isShutdown();
    }

    /**
     * Tells whether the loops have ended and nothing is left to do. The executor is shut down after that, and then terminates.
     *
     * @return true from then on
     */
    public final boolean hasEnded() {
        return duties.get() == 0;
    }

    /**
     * Accepts a task, or orders a worker, unless the crew has ended; {@link #done} when it has run, or has begun.
     *
     * @return false when the crew has ended
     */
    final boolean takeOn() {
        int before;
        do {
            before = duties.get();
            if (before == 0) {
                return false;
            }
        } while (!duties.compareAndSet(before, before + 1));
        return true;
    }

    /**
     * Called once for each duty: by a loop when it has ended, and for whatever was taken on. Until the last one is done, the
     * monitor looks after the crew.
     */
    final void done() {
        if (duties.decrementAndGet() == 0) {
            for (int i = 0; i < loops.size(); i++) {
                Monitor.remove(loops.get(i));
            }
            dismiss();
            afterwards.run();
        }
    }

    /** Lets idle workers go. */
    abstract void dismiss();
}
