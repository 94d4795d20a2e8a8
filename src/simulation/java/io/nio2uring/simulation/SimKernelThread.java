package io.nio2uring.simulation;

import io.nio2uring.sys.KernelThread;

/** Stands for {@link KernelThread}. */
public final class SimKernelThread {
    /** How long a thread that looks may be without its processor: longer than some of those that it looks at sleep. */
    private static final int LONGEST_DELAY_NANOS = 20_000_000;

    private SimKernelThread() {
    }

    private static Scheduler scheduler() {
        return Hooks.simulation.kernel.scheduler;
    }

    public static int current() {
        SimThread running = scheduler().running();
        return running == null ? 0 : running.number;
    }

    /** The calling thread may lose its processor for a while before it looks, and then before it hears. */
    public static long uninterruptibleSleep(int number) {
        maybeLoseProcessor();
        SimThread thread = scheduler().of(number);
        long sleep = thread != null && thread.onDisk ? thread.sleepsOnDisk : KernelThread.NONE;
        maybeLoseProcessor();
        return sleep;
    }

    private static void maybeLoseProcessor() {
        Scheduler scheduler = scheduler();
        if (scheduler.rng.oneIn(4)) {
            scheduler.sleep(scheduler.rng.below(LONGEST_DELAY_NANOS));
        } else {
            scheduler.point();
        }
    }
}
