package io.nio2uring.simulation;

import java.util.ArrayList;
import java.util.List;

/** What happened in a run, for people; only kept when somebody wants it. */
final class Trace {
    private final List<String> lines = new ArrayList<>();
    private final boolean on;

    Trace(boolean on) {
        this.on = on;
    }

    boolean isOn() {
        return on;
    }

    void add(Scheduler scheduler, String line) {
        if (on) {
            SimThread running = scheduler.running();
            lines.add("%,14d ns  %-22s %s".formatted(scheduler.now() - Scheduler.START_NANOS,
                    running == null ? "(kernel)" : running.toString(), line));
        }
    }

    List<String> lines() {
        return lines;
    }
}
