package bench;

import java.util.ArrayList;
import java.util.List;

/** All contestants run at once, and are under load in turn; more than once, each time with programs started anew. */
final class TurnScenario extends Scenario {
    /** Starts a contestant. */
    @FunctionalInterface
    interface Starter {
        Contestant start(Environment environment, String contestant) throws BenchException;
    }

    private final List<String> contestants;
    private final Starter starter;

    TurnScenario(String name, String title, List<String> contestants, Starter starter, Bar... bars) {
        super(name, title, List.of(bars));
        this.contestants = contestants;
        this.starter = starter;
    }

    @Override
    List<Series> run(Options options, Environment environment) throws BenchException {
        List<String> names = environment.withBaseline(contestants);
        return startAnew(options, rounds -> oneStart(names, rounds, options, environment));
    }

    private List<Series> oneStart(List<String> names, int rounds, Options options, Environment environment)
            throws BenchException {
        List<Contestant> running = new ArrayList<>();
        try {
            for (String contestant : names) {
                running.add(starter.start(environment, contestant));
            }
            warmUp(running, options);
            List<Series> results = takeTurns(running, rounds, options.seconds());
            endAll(running);
            return results;
        } finally {
            running.forEach(Contestant::close);
        }
    }
}
