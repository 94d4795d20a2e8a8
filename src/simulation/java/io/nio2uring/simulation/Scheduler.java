package io.nio2uring.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/**
 * Runs the simulated threads one at a time, and the clock. Which thread goes on, and where it is interrupted, is drawn
 * from the seed; while no thread can run, time jumps to the next event.
 */
final class Scheduler {
    static final long START_NANOS = 1_000_000_000L;
    static final long NEVER = Long.MAX_VALUE;
    /** A run takes a few ten thousand steps; one that takes so many goes round in circles. */
    private static final int MAX_STEPS = 3_000_000;

    /** Who looks again and again at what others write gives them time to write it: about as much as the looking takes. */
    private static final int MAX_POINTS_AT_A_STRETCH = 200;
    private static final long STRETCH_NANOS = 5_000;
    /** How long the monitor has to have run alone before nothing more is expected of it: it has looked at all several times. */
    private static final long MONITOR_ALONE_NANOS = 5_000_000_000L;

    private record Event(long timeNanos, long number, Runnable action) {
    }

    /** The end of a thread's waiting, unless it has waited for something else meanwhile. */
    private final class Wake implements Runnable {
        private final SimThread thread;
        private final int blocking;

        Wake(SimThread thread) {
            this.thread = thread;
            blocking = thread.blockings;
        }

        @Override
        public void run() {
            if (isDue()) {
                wake(thread);
            }
        }

        boolean isDue() {
            return thread.blockings == blocking;
        }
    }

    final Rng rng;
    final Trace trace;
    /** How often a thread is interrupted where it could be: once in so many places. */
    final int switchOneIn;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::timeNanos).thenComparingLong(Event::number));
    private final List<SimThread> runnable = new ArrayList<>();
    private final Map<Thread, SimThread> threads = new IdentityHashMap<>();
    private SimThread running;
    private long now = START_NANOS;
    private long eventNumber;
    private int steps;
    private long othersRanNanos;
    private int pointsAtAStretch;
    /** Whether the product is asked for the trace only. */
    private boolean looking;
    private Throwable failure;
    /** Exceptions that ended a thread. */
    final List<Throwable> uncaught = new ArrayList<>();

    Scheduler(Rng rng, Trace trace) {
        this.rng = rng;
        this.trace = trace;
        switchOneIn = rng.pick(0, 4, 16, 64, 256);
    }

    SimThread running() {
        return running;
    }

    long now() {
        return now;
    }

    int steps() {
        return steps;
    }

    Throwable failure() {
        return failure;
    }

    /** Ends the run: only the first one counts, since what follows may be its consequence. */
    Violation fail(String message) {
        Violation violation = new Violation(message);
        fail(violation);
        return violation;
    }

    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
            trace.add(this, "VIOLATION " + cause);
        }
    }

    // ---- events

    void at(long timeNanos, Runnable action) {
        events.add(new Event(timeNanos, eventNumber++, action));
    }

    void in(long delayNanos, Runnable action) {
        at(now + delayNanos, action);
    }

    // ---- threads

    void start(Thread thread) {
        start(thread, false, thread::run);
    }

    void start(Thread thread, boolean virtual, Runnable body) {
        SimThread[] self = new SimThread[1];
        self[0] = new SimThread(thread, virtual, threads.size() + 1, () -> {
            try {
                body.run();
            } catch (Throwable e) {
                ended(e);
            }
            self[0].ended = true;
        });
        if (threads.put(thread, self[0]) != null) {
            throw fail("thread started twice: " + thread);
        }
        runnable.add(self[0]);
        trace.add(this, "starts thread " + thread.getName());
    }

    private void ended(Throwable e) {
        trace.add(this, "dies of " + e);
        if (e instanceof HandlerFailure) {
            uncaught.add(e);
        } else {
            fail(e);
        }
    }

    SimThread of(Thread thread) {
        return threads.get(thread);
    }

    /** By its number; null when there is none. */
    SimThread of(int number) {
        for (SimThread each : threads.values()) {
            if (each.number == number) {
                return each;
            }
        }
        return null;
    }

    List<SimThread> alive() {
        return threads.values().stream().filter(thread -> !thread.ended)
                .sorted(Comparator.comparing(SimThread::toString)).toList();
    }

    /** Says where each loop and thread is, at the end of a run that has failed. */
    void traceStates() {
        Inside.loopStates().forEach(state -> trace.add(this, state));
        for (SimThread thread : alive()) {
            trace.add(this, thread + " waits for " + thread.waitsFor);
            for (StackTraceElement frame : thread.coroutine.stack()) {
                if (!frame.getClassName().startsWith("j")) {
                    trace.add(this, "    at " + frame);
                }
            }
        }
    }

    /** A place where the running thread may be interrupted. */
    void point() {
        if (running == null || looking) {
            return;
        }
        if (++pointsAtAStretch > MAX_POINTS_AT_A_STRETCH) {
            sleep(STRETCH_NANOS);
        } else if (rng.oneIn(switchOneIn)) {
            pause();
        }
    }

    /** Asks the product something on behalf of the trace, with which a run goes as it does without one. */
    String undisturbed(Supplier<String> question) {
        looking = true;
        try {
            return question.get();
        } finally {
            looking = false;
        }
    }

    /** Lets the others go first. */
    void pause() {
        runnable.add(running);
        Coroutine.leave();
    }

    /** Waits until {@link #wake}, or the time has come. */
    void block(String waitsFor, long untilNanos) {
        SimThread self = running;
        if (self == null) {
            throw fail("would block outside of all threads: " + waitsFor);
        }
        self.blocked = true;
        self.waitsFor = waitsFor;
        self.blockings++;
        if (untilNanos != NEVER) {
            at(untilNanos, new Wake(self));
        }
        Coroutine.leave();
    }

    void wake(SimThread thread) {
        if (thread.blocked) {
            thread.blocked = false;
            runnable.add(thread);
        }
    }

    void sleep(long nanos) {
        long end = now + nanos;
        while (now < end) {
            block("time to pass", end);
        }
    }

    /** Waits so that the kernel cannot use the thread either. */
    void onDisk(Runnable wait) {
        SimThread self = running();
        self.onDisk = true;
        self.sleepsOnDisk++;
        trace.add(this, "waits for a disk");
        wait.run();
        self.endSleepOnDisk();
    }

    // ---- the run

    /** Runs until nothing is left to happen but the monitor's rounds, or something must not have happened. */
    void run() {
        while (failure == null) {
            if (++steps > MAX_STEPS) {
                fail("goes round in circles: " + steps + " steps and no end");
                return;
            }
            now += rng.between(20, 200);
            while (!events.isEmpty() && events.peek().timeNanos() <= now) {
                try {
                    events.poll().action().run();
                } catch (Violation e) {
                    fail(e);
                    return;
                }
            }
            if (!runnable.isEmpty()) {
                int index = rng.below(runnable.size());
                SimThread next = runnable.set(index, runnable.getLast());
                runnable.removeLast();
                running = next;
                if (!next.isMonitor()) {
                    othersRanNanos = now;
                }
                pointsAtAStretch = 0;
                next.coroutine.resume();
                running = null;
            } else if (!events.isEmpty() && !(now - othersRanNanos > MONITOR_ALONE_NANOS && onlyMonitorIsDue())) {
                now = events.peek().timeNanos();
            } else {
                return;
            }
        }
    }

    /** While handlers block, it looks after their threads again and again. */
    private boolean onlyMonitorIsDue() {
        return events.stream().allMatch(
                event -> event.action() instanceof Wake wake && (wake.thread.isMonitor() || !wake.isDue()));
    }
}
