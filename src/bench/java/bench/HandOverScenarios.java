package bench;

import static bench.Contestants.JDK;
import static bench.Contestants.URING;

import java.util.ArrayList;
import java.util.List;

/** Handlers that block or burn time, in each kind of group: see docs/hand-over.md. */
final class HandOverScenarios {
    private static final List<String> PROVIDERS = List.of(URING, JDK);
    /** More than one for each thread that would do, in groups that make threads as needed. */
    private static final int SOME_BLOCKED = 16;
    private static final int MANY_BLOCKED = 256;
    private static final int BURNING = 32;

    private HandOverScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        all.add(blocked("fixed2", 1));
        all.add(blocked("fixed4", 3));
        all.add(blocked("pool4", 3));
        all.add(blocked("cached", SOME_BLOCKED));
        all.add(blocked("unbounded", SOME_BLOCKED));
        all.add(blocked("default", SOME_BLOCKED));
        for (String group : List.of("cached", "unbounded", "default")) {
            all.add(new TurnScenario("reach-" + group,
                    "the last of " + MANY_BLOCKED + " handlers, each of which blocks until it is reached; " + group,
                    PROVIDERS, (environment, name) -> new HandOverProgram(environment, name, "reach", group,
                            MANY_BLOCKED)));
        }
        for (String group : List.of("fixed2", "fixed4", "pool2", "pool4", "cached", "unbounded", "default")) {
            all.add(new TurnScenario("burn-" + group,
                    "handlers that burn 1 ms, against a fixed group of 1; " + group, PROVIDERS,
                    (environment, name) -> new HandOverProgram(environment, name, "burn", group, BURNING),
                    Bar.least(Metric.SPREADING, 1.7)));
        }
        // What the mechanism costs undisturbed: beside a build without it, which src/bench/hand-over-price makes.
        for (String group : List.of("fixed1", "cached")) {
            all.add(Scenarios.echo("price-" + group, "64 connections × 64 B, this provider alone; " + group,
                    List.of(URING), group, "direct", Scenarios.SMALL));
        }
        return all;
    }

    private static Scenario blocked(String group, int handlers) {
        return new TurnScenario("blocked-" + group, "64 connections beside " + handlers + " blocked; " + group,
                PROVIDERS,
                (environment, name) -> new HandOverProgram(environment, name, "blocked", group, handlers),
                Bar.most(Metric.ADDED_MEDIAN, 5), Bar.most(Metric.ADDED_LONGEST, 5));
    }
}
