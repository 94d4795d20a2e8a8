package io.nio2uring.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs the product against the simulated kernel: {@code -Dsimulation.seeds} how many seeds, {@code -Dsimulation.seed} the
 * first. A seed that fails is run again with a trace, which is the message of the failure.
 */
class SimulationTest {
    private static final int USUAL_SEEDS = 10_000;
    /** The end of a trace tells more than its beginning. */
    private static final int LINES = 400;

    private static BiFunction<Long, Boolean, Map<String, Object>> campaign;

    @BeforeAll
    static void load() throws ReflectiveOperationException {
        campaign = SimulationLoader.newCampaign();
    }

    @Test
    void noSeedFindsAViolation() {
        long first = Long.getLong("simulation.seed", 1);
        long count = Long.getLong("simulation.seeds", USUAL_SEEDS);
        Map<String, Object> result = Map.of();
        long begun = System.nanoTime();
        for (long seed = first; seed < first + count; seed++) {
            result = campaign.apply(seed, false);
            if (result.containsKey("failure")) {
                fail(report(seed, result.get("failure")));
            }
        }
        System.out.println("simulation: " + count + " seeds from " + first + " in "
                + (System.nanoTime() - begun) / 1_000_000_000 + " s, " + result.get("counts"));
    }

    private static String report(long seed, Object failure) {
        List<?> trace = trace(seed);
        List<?> end = trace.subList(Math.max(0, trace.size() - LINES), trace.size());
        StringBuilder text =
                new StringBuilder("seed ").append(seed).append(" (again: -Dsimulation.seeds=1 -Dsimulation.seed=")
                        .append(seed).append("): ").append(failure);
        end.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static List<?> trace(long seed) {
        return (List<?>) campaign.apply(seed, true).get("trace");
    }

    @Test
    void aSeedRunsTheSameEachTime() {
        for (long seed = 1; seed <= 50; seed++) {
            Map<String, Object> traced = campaign.apply(seed, true);
            assertFalse(((List<?>) traced.get("trace")).isEmpty());
            assertEquals(traced.get("trace"), trace(seed), "seed " + seed);
            // Nor does it make a difference that somebody looks.
            assertEquals(traced.get("steps"), campaign.apply(seed, false).get("steps"), "seed " + seed);
        }
    }
}
