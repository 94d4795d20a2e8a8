package bench;

import java.util.EnumMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A server with silent connections, each with a pending read, and some that talk: in each round 1, then 2, and so on. What
 * a server does on the ground of how many operations are in flight has to be right where most of them are never going
 * to end, too.
 */
final class FewTalking implements Contestant {
    private static final int SILENT = 40;
    private static final int MESSAGE_BYTES = 64;
    private static final int BUFFER_BYTES = 65_536;
    private static final SequencedMap<Integer, Metric> RATES = new TreeMap<>(Map.of(1, Metric.ONE_TALKS, 2,
            Metric.TWO_TALK, 4, Metric.FOUR_TALK, 8, Metric.EIGHT_TALK, 16, Metric.SIXTEEN_TALK));

    private final Server server;

    private FewTalking(Server server) {
        this.server = server;
    }

    static Contestant start(Environment environment, String name) throws BenchException {
        return new FewTalking(Contestants.echo(environment, name, "fixed1", "direct", BUFFER_BYTES, talking(1)));
    }

    /** The same bar for each number of connections that talk but one, which has a scenario and a bar of its own. */
    static Bar[] bars(String versus, double limit) {
        return RATES.values().stream().filter(metric -> metric != Metric.ONE_TALKS)
                .map(metric -> new Bar(metric, versus, limit)).toArray(Bar[]::new);
    }

    private static Load talking(int connections) {
        return Load.closed(connections, MESSAGE_BYTES, 1).besideSilent(SILENT);
    }

    @Override
    public String name() {
        return server.name();
    }

    @Override
    public Map<Metric, Double> measure(double seconds) throws BenchException {
        Map<Metric, Double> round = new EnumMap<>(Metric.class);
        for (Map.Entry<Integer, Metric> rate : RATES.entrySet()) {
            server.setLoad(talking(rate.getKey()));
            round.put(rate.getValue(), server.measure(seconds / RATES.size()).get(Metric.RATE));
        }
        return round;
    }

    @Override
    public void end() throws BenchException {
        server.end();
    }

    @Override
    public void close() {
        server.close();
    }
}
