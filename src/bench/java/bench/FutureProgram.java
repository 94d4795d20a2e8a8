package bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import bench.server.FutureClient;

/**
 * Virtual threads that wait for futures. Here the measured program is the client, on the processor where servers are
 * measured elsewhere; what it talks to is the C floor, on the other one.
 */
final class FutureProgram implements Contestant {
    private static final int MESSAGE_BYTES = 64;
    private static final int PEER_BUFFER_BYTES = 4096;

    private final String name;
    private final Program peer;
    private final Program client;

    FutureProgram(Environment environment, String name, String group, int threads) throws BenchException {
        this.name = name;
        this.peer = Program.start("echo for " + name, Environment.LOAD_PROCESSOR,
                List.of(environment.floorProgram(), "0", String.valueOf(PEER_BUFFER_BYTES)));
        try {
            String line = peer.answer();
            String port = line.substring(line.lastIndexOf(':') + 1);
            client = Contestants.startChecked(name, "client " + name, String.valueOf(Environment.SERVER_PROCESSOR),
                    environment.java(name, List.of(), FutureClient.class,
                            List.of(group, port, String.valueOf(threads), String.valueOf(MESSAGE_BYTES))));
        } catch (BenchException e) {
            peer.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<Metric, Double> measure(double seconds) throws BenchException {
        Map<String, String> result = Program.words(client.ask(String.valueOf((long) (seconds * 1e9))));
        double messages = Double.parseDouble(result.get("messages"));
        double nanos = Double.parseDouble(result.get("nanos"));
        double cpuNanos = Double.parseDouble(result.get("cpuNanos"));
        if (messages == 0) {
            throw new BenchException("client " + name + " exchanged nothing for " + seconds + " s");
        }
        Map<Metric, Double> round = new EnumMap<>(Metric.class);
        round.put(Metric.RATE, messages * 1e9 / nanos);
        round.put(Metric.CPU, cpuNanos / messages / 1e3);
        round.put(Metric.BUSY, cpuNanos / nanos);
        return round;
    }

    @Override
    public void end() throws BenchException {
        client.end(false);
        peer.end(true);
    }

    @Override
    public void close() {
        client.close();
        peer.close();
    }
}
