package io.nio2uring.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the product calls in the place of the JDK's methods that have to do with threads and time; {@link
 * Instrumentation} sees to that. Of a method that is not static the object comes first.
 */
public final class Hooks {
    /** Whose run this is; one at a time in each loader. */
    static Simulation simulation;
    private static final Map<Object, Monitor> MONITORS = new IdentityHashMap<>();

    private Hooks() {
    }

    private static final class Monitor {
        SimThread owner;
        int depth;
        final List<SimThread> entering = new ArrayList<>();
        final List<SimThread> waiting = new ArrayList<>();
    }

    static void reset(Simulation next) {
        simulation = next;
        MONITORS.clear();
    }

    private static Scheduler scheduler() {
        return simulation.scheduler;
    }

    /** A place where threads meet: before each access to what several of them share. */
    public static void point() {
        scheduler().point();
    }

    // ---- the log

    /** Threads of the library survive whatever they meet and tell the log; an error is a defect all the same. */
    public static void log(System.Logger logger, System.Logger.Level level, String message, Throwable failure) {
        scheduler().trace.add(scheduler(), "logs " + message + ": " + failure);
        if (failure instanceof Error && !(failure instanceof OutOfMemoryError)) {
            scheduler().fail(failure);
        }
    }

    public static void log(System.Logger logger, System.Logger.Level level, String message, Object[] parameters) {
        scheduler().trace.add(scheduler(), "logs " + message + Arrays.toString(parameters));
    }

    // ---- time and threads

    public static long nanoTime() {
        return scheduler().now();
    }

    public static Thread currentThread() {
        SimThread running = scheduler().running();
        return running == null ? Thread.currentThread() : running.thread;
    }

    public static void start(Thread thread) {
        scheduler().start(thread);
    }

    public static Thread start(Thread.Builder.OfVirtual builder, Runnable body) {
        // The object of a virtual thread could not be run here.
        Thread thread = builder.unstarted(body);
        scheduler().start(thread, true, body);
        return thread;
    }

    public static boolean isVirtual(Thread thread) {
        SimThread known = scheduler().of(thread);
        return known != null && known.virtual;
    }

    public static boolean isAlive(Thread thread) {
        SimThread known = scheduler().of(thread);
        return known != null && !known.ended;
    }

    public static Thread.State getState(Thread thread) {
        SimThread known = scheduler().of(thread);
        return known != null && known.blocked && !known.onDisk ? Thread.State.WAITING : Thread.State.RUNNABLE;
    }

    public static boolean interrupted() {
        return false;
    }

    public static void onSpinWait() {
        scheduler().pause();
    }

    public static void park(Object blocker) {
        parkUntil(Scheduler.NEVER, blocker);
    }

    public static void parkNanos(Object blocker, long nanos) {
        parkUntil(scheduler().now() + nanos, blocker);
    }

    public static void parkNanos(long nanos) {
        parkUntil(scheduler().now() + nanos, null);
    }

    private static void parkUntil(long untilNanos, Object blocker) {
        scheduler().point();
        SimThread self = scheduler().running();
        // Once in a while for no reason, as the specification allows.
        if (!self.permit && !scheduler().rng.oneIn(50)) {
            scheduler().block("unpark", untilNanos);
        }
        self.permit = false;
    }

    public static void unpark(Thread thread) {
        SimThread known = scheduler().of(thread);
        if (known != null) {
            known.permit = true;
            if (known.waitsFor.equals("unpark")) {
                scheduler().wake(known);
            }
        }
        scheduler().point();
    }

    // ---- monitors

    public static void monitorEnter(Object object) {
        scheduler().point();
        enter(object, 1);
    }

    private static void enter(Object object, int depth) {
        SimThread self = scheduler().running();
        for (;;) {
            Monitor monitor = MONITORS.computeIfAbsent(object, o -> new Monitor());
            if (monitor.owner == null || monitor.owner == self) {
                monitor.owner = self;
                monitor.depth += depth;
                return;
            }
            monitor.entering.add(self);
            scheduler().block("a monitor", Scheduler.NEVER);
        }
    }

    public static void monitorExit(Object object) {
        Monitor monitor = MONITORS.get(object);
        if (--monitor.depth == 0) {
            leave(object, monitor);
        }
    }

    private static void leave(Object object, Monitor monitor) {
        monitor.owner = null;
        monitor.entering.forEach(scheduler()::wake);
        if (monitor.entering.isEmpty() && monitor.waiting.isEmpty()) {
            MONITORS.remove(object);
        }
        monitor.entering.clear();
    }

    public static void wait(Object object) {
        waitUntil(object, Scheduler.NEVER);
    }

    public static void wait(Object object, long millis) {
        waitUntil(object, scheduler().now() + millis * 1_000_000);
    }

    private static void waitUntil(Object object, long untilNanos) {
        SimThread self = scheduler().running();
        Monitor monitor = MONITORS.get(object);
        int depth = monitor.depth;
        monitor.depth = 0;
        monitor.waiting.add(self);
        leave(object, monitor);
        scheduler().block("notify", untilNanos);
        monitor.waiting.remove(self);
        enter(object, depth);
    }

    public static void notifyAll(Object object) {
        Monitor monitor = MONITORS.get(object);
        monitor.waiting.forEach(scheduler()::wake);
    }

    // ---- what differs between threads, processes and runs

    public static Object get(ThreadLocal<?> local) {
        return scheduler().running().locals.get(local);
    }

    public static void set(ThreadLocal<?> local, Object value) {
        scheduler().running().locals.put(local, value);
    }

    public static void remove(ThreadLocal<?> local) {
        scheduler().running().locals.remove(local);
    }

    public static long nextLong(ThreadLocalRandom random) {
        return scheduler().rng.next();
    }

    public static int availableProcessors(Runtime runtime) {
        return simulation.processors;
    }

    public static void addShutdownHook(Runtime runtime, Thread hook) {
        // The simulated process does not exit.
    }

    public static <T> Set<T> newKeySet() {
        return new InsertionSet<>();
    }

    public static ExecutorService newFixedThreadPool(int size, ThreadFactory factory) {
        return new SimExecutor(scheduler(), size, factory, 0, simulation.kernel.faults.lacksThreadOneIn);
    }

    public static ExecutorService newCachedThreadPool(ThreadFactory factory) {
        return new SimExecutor(scheduler(), Integer.MAX_VALUE, factory, 0, 0);
    }

    public static String getProperty(String name) {
        return simulation.properties.getOrDefault(name, System.getProperty(name));
    }
}
