package bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Percentiles in an open loop, all contestants at the same rate: half of what the JDK's provider reaches with the same
 * connections in a closed loop, measured at the beginning of each start.
 */
final class TailScenario extends Scenario {
    private static final int RATE_ROUNDS = 3;
    private static final int BUFFER_BYTES = 65_536;
    private static final Load LOAD = Load.closed(64, 64, 1);

    TailScenario(String name, String title, Bar... bars) {
        super(name, title, List.of(bars));
    }

    @Override
    List<Series> run(Options options, Environment environment) throws BenchException {
        List<String> names = environment.withBaseline(List.of(Contestants.URING, Contestants.JDK));
        return startAnew(options, rounds -> oneStart(names, rounds, options, environment));
    }

    private static List<Series> oneStart(List<String> names, int rounds, Options options, Environment environment)
            throws BenchException {
        List<Server> running = new ArrayList<>();
        try {
            for (String name : names) {
                running.add(Contestants.echo(environment, name, "fixed1", "direct", BUFFER_BYTES, LOAD));
            }
            for (Server server : running) {
                server.measure(options.warmUpSeconds());
            }
            Server reference = running.getLast();
            List<Series> greatest = takeTurns(List.of(reference), RATE_ROUNDS, options.seconds());
            double rate = greatest.getFirst().of(Metric.RATE).median() / 2;
            running.forEach(server -> server.setLoad(LOAD.openAt(rate)));
            // Twice as long as elsewhere: a thousandth of the messages should be many.
            List<Series> results = takeTurns(running, rounds, options.seconds() * 2);
            endAll(running);
            return results;
        } finally {
            running.forEach(Contestant::close);
        }
    }
}
