package bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Percentiles in an open loop, all contestants at the same rate: half of what the JDK's provider reaches with the same
 * connections in a closed loop, measured at the beginning of each start. What the C floor shows beside them is the
 * machine's part.
 */
final class TailScenario extends Scenario {
    private static final int RATE_ROUNDS = 3;

    TailScenario(String name, String title, Bar... bars) {
        super(name, title, List.of(bars));
    }

    @Override
    List<Series> run(Options options, Environment environment) throws BenchException {
        List<String> names = environment.withBaseline(List.of(Contestants.URING, Contestants.JDK, Contestants.FLOOR));
        return startAnew(options, rounds -> oneStart(names, rounds, options, environment));
    }

    private static List<Series> oneStart(List<String> names, int rounds, Options options, Environment environment)
            throws BenchException {
        List<Server> running = new ArrayList<>();
        try {
            for (String name : names) {
                running.add(Scenarios.smallEcho(environment, name));
            }
            warmUp(running, options);
            double rate = greatestOf(Contestants.JDK, running, options) / 2;
            running.forEach(server -> server.setLoad(Scenarios.SMALL.openAt(rate)));
            // A server that is never idle in a closed loop has not compiled yet how it goes to sleep.
            warmUp(running, options);
            // Twice as long as elsewhere: a thousandth of the messages should be many.
            List<Series> results = takeTurns(running, rounds, options.seconds() * 2);
            endAll(running);
            return results;
        } finally {
            running.forEach(Contestant::close);
        }
    }

    private static double greatestOf(String name, List<Server> servers, Options options) throws BenchException {
        List<Server> chosen = servers.stream().filter(server -> server.name().equals(name)).toList();
        return takeTurns(chosen, RATE_ROUNDS, options.seconds()).getFirst().of(Metric.RATE).median();
    }
}
