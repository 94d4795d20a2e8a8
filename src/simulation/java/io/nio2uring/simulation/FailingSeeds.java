package io.nio2uring.simulation;

import java.util.Map;
import java.util.function.BiFunction;

/** Counts the seeds that find something wrong, for {@code traps/count}, which breaks the product on purpose. */
final class FailingSeeds {
    private FailingSeeds() {
    }

    /**
     * Prints how many seeds failed, and what the first of them said.
     *
     * @param arguments how many seeds
     */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        BiFunction<Long, Boolean, Map<String, Object>> campaign = SimulationLoader.newCampaign();
        long count = Long.parseLong(arguments[0]);
        long failing = 0;
        String first = "";
        for (long seed = 1; seed <= count; seed++) {
            Object failure = campaign.apply(seed, false).get("failure");
            if (failure != null) {
                failing++;
                first = first.isEmpty() ? "; seed " + seed + ": " + failure.toString().lines().findFirst().get()
                        : first;
            }
        }
        System.out.printf("%,d of %,d%s%n", failing, count, first);
    }
}
