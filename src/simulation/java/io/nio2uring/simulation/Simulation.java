package io.nio2uring.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** One run: a seed, its scheduler, its kernel and its users. */
final class Simulation {
    final Scheduler scheduler;
    final Kernel kernel;
    final int processors;
    /** System properties that the product finds, besides those of the process. */
    final Map<String, String> properties = new HashMap<>();
    private World world;

    Simulation(long seed, boolean traced, Map<String, Integer> counts) {
        scheduler = new Scheduler(new Rng(seed), new Trace(traced));
        kernel = new Kernel(scheduler, counts);
        processors = scheduler.rng.between(1, 3);
    }

    /** Runs it: what went wrong, or null. */
    Throwable run() {
        Hooks.reset(this);
        Inside.reset();
        kernel.begin();
        world = new World(this);
        try {
            world.begin();
            scheduler.run();
            for (int i = scheduler.rng.below(3); i > 0 && scheduler.failure() == null; i--) {
                world.checkQuiet();
                world.stir();
                scheduler.run();
            }
            if (scheduler.failure() == null) {
                world.checkQuiet();
                world.end();
                scheduler.run();
            }
            if (scheduler.failure() == null) {
                checkNothingLeft();
            }
        } catch (Violation e) {
            scheduler.fail(e);
        }
        if (scheduler.failure() != null) {
            scheduler.traceStates();
        }
        kernel.memory.release();
        return scheduler.failure();
    }

    private void checkNothingLeft() {
        world.checkEnded();
        String threads = scheduler.alive().stream().filter(thread -> !thread.isMonitor())
                .map(thread -> thread + " waits for " + thread.waitsFor).collect(Collectors.joining(", "));
        world.expect(threads.isEmpty(), "threads left: " + threads);
        world.expect(kernel.open().isEmpty(), "descriptors left: " + kernel.open());
        world.expect(kernel.memory.allocatedBytes() == 0,
                "native memory left: " + kernel.memory.allocatedBytes() + " bytes");
        world.expect(Inside.leftOver() == 0, "loops or listening channels left");
    }

    int operations() {
        return world.operations;
    }

    long bytes() {
        return world.bytes;
    }
}
