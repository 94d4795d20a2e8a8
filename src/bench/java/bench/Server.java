package bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A server in a process of its own, and the load that it is measured under. */
final class Server implements Contestant {
    private static final String LISTENING = "listening on 127.0.0.1:";

    private final Environment environment;
    private final String name;
    private final boolean isJava;
    private final Program program;
    private final int port;
    private Load load;

    /** Starts the server. A Java one can be asked for statistics. */
    Server(Environment environment, String name, boolean isJava, List<String> command, Load load)
            throws BenchException {
        this.environment = environment;
        this.name = name;
        this.isJava = isJava;
        this.load = load;
        this.program = Program.start("server " + name, Environment.SERVER_PROCESSOR, command);
        try {
            String line = program.answer();
            if (!line.startsWith(LISTENING)) {
                throw new BenchException("server " + name + " said \"" + line + "\" instead of where it listens");
            }
            port = Integer.parseInt(line.substring(LISTENING.length()));
            if (isJava) {
                checkProvider();
            }
        } catch (BenchException e) {
            program.close();
            throw e;
        }
    }

    private void checkProvider() throws BenchException {
        Map<String, String> statistics = statistics();
        Contestants.checkProvider(name, statistics.get("provider"));
        if (statistics.containsKey("engine")) {
            Contestants.checkEngine(name, statistics.get("engine"));
        }
    }

    void setLoad(Load load) {
        this.load = load;
    }

    Program program() {
        return program;
    }

    Program startLoad(Load other, double seconds) throws BenchException {
        return Program.start("load on " + name, Environment.LOAD_PROCESSOR,
                other.command(environment, port, program.id(), seconds));
    }

    Map<String, String> statistics() throws BenchException {
        return Program.words(program.ask("statistics"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<Metric, Double> measure(double seconds) throws BenchException {
        Map<String, String> before;
        Map<String, String> result;
        Map<String, String> after;
        try (Program running = startLoad(load, seconds)) {
            expect("ready", running.answer());
            before = isJava ? statistics() : Map.of();
            result = Program.words(running.ask("go"));
            after = isJava ? statistics() : Map.of();
            running.end(false);
        }
        double messages = Double.parseDouble(result.get("messages"));
        double nanos = Double.parseDouble(result.get("nanos"));
        double cpuNanos = Double.parseDouble(result.get("cpuNanos"));
        double userTicks = Double.parseDouble(result.get("userTicks"));
        double ticks = userTicks + Double.parseDouble(result.get("systemTicks"));
        if (messages == 0) {
            throw new BenchException("server " + name + " answered nothing for " + seconds + " s");
        }
        Map<Metric, Double> round = new EnumMap<>(Metric.class);
        round.put(Metric.RATE, messages * 1e9 / nanos);
        round.put(Metric.CPU, cpuNanos / messages / 1e3);
        // Ticks are coarse, but their sum is the processor time: they tell how that is shared out.
        double userShare = ticks == 0 ? 0 : userTicks / ticks;
        round.put(Metric.USER, cpuNanos / messages / 1e3 * userShare);
        round.put(Metric.SYSTEM, cpuNanos / messages / 1e3 * (1 - userShare));
        round.put(Metric.BUSY, cpuNanos / nanos);
        round.put(Metric.P50, Double.parseDouble(result.get("p50Nanos")) / 1e3);
        round.put(Metric.P99, Double.parseDouble(result.get("p99Nanos")) / 1e3);
        round.put(Metric.P999, Double.parseDouble(result.get("p999Nanos")) / 1e3);
        // The server has counted until nothing was in flight any more.
        double all = Double.parseDouble(result.get("totalMessages"));
        putPerMessage(round, Metric.ALLOCATED, before, after, "allocatedBytes", all);
        putPerMessage(round, Metric.ENTERS, before, after, "enterCalls", all);
        return round;
    }

    private void expect(String wanted, String line) throws BenchException {
        if (!line.equals(wanted)) {
            throw new BenchException("the load on " + name + " said \"" + line + "\" instead of " + wanted);
        }
    }

    private static void putPerMessage(Map<Metric, Double> round, Metric metric, Map<String, String> before,
            Map<String, String> after, String counter, double messages) {
        if (after.containsKey(counter)) {
            double first = Double.parseDouble(before.getOrDefault(counter, "0"));
            round.put(metric, (Double.parseDouble(after.get(counter)) - first) / messages);
        }
    }

    @Override
    public void end() throws BenchException {
        program.end(!isJava);
    }

    @Override
    public void close() {
        program.close();
    }
}
