package bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of work on which contestants are compared. */
abstract class Scenario {
    private final String name;
    private final String title;
    private final List<Bar> bars;

    /**
     * @param name  by which it is chosen
     * @param title what the work is
     * @param bars  what this provider has to reach
     */
    Scenario(String name, String title, List<Bar> bars) {
        this.name = name;
        this.title = title;
        this.bars = bars;
    }

    final String name() {
        return name;
    }

    final String title() {
        return title;
    }

    final List<Bar> bars() {
        return bars;
    }

    /** Measures the contestants; a series for each, this provider's first. */
    abstract List<Series> run(Options options, Environment environment) throws BenchException;

    /** Some of a scenario's rounds, with contestants that were started for them. */
    @FunctionalInterface
    interface OneStart {
        List<Series> run(int rounds) throws BenchException;
    }

    /** A program is fast or slow for as long as it lives, by up to a third: so its rounds are shared among several lives. */
    static List<Series> startAnew(Options options, OneStart oneStart) throws BenchException {
        List<Series> all = new ArrayList<>();
        for (int start = 0; start < options.starts(); start++) {
            int rounds = options.rounds() * (start + 1) / options.starts()
                    - options.rounds() * start / options.starts();
            if (rounds > 0) {
                Series.append(all, oneStart.run(rounds));
            }
        }
        return all;
    }

    static void warmUp(List<? extends Contestant> contestants, Options options) throws BenchException {
        for (Contestant contestant : contestants) {
            contestant.measure(options.warmUpSeconds());
        }
    }

    /** Measures running contestants in turn; who is first in a round is last in the next. */
    static List<Series> takeTurns(List<? extends Contestant> contestants, int rounds, double seconds)
            throws BenchException {
        Map<String, Series> results = new LinkedHashMap<>();
        contestants.forEach(contestant -> results.put(contestant.name(), new Series(contestant.name())));
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < contestants.size(); turn++) {
                Contestant contestant = contestants.get((round + turn) % contestants.size());
                results.get(contestant.name()).add(contestant.measure(seconds));
            }
        }
        return new ArrayList<>(results.values());
    }

    static void endAll(List<? extends Contestant> contestants) throws BenchException {
        for (Contestant contestant : contestants) {
            contestant.end();
        }
    }
}
