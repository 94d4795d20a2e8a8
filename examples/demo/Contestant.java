package demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.HdrHistogram.Histogram;

/** A server, the load on it, and what its measured rounds have shown. For one thread. */
final class Contestant implements AutoCloseable {
    private final String name;
    private final ServerProcess server;
    private final EchoLoad load;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> costs = new ArrayList<>();
    private final Histogram roundTrip = new Histogram(3);
    private long elapsedNanos;
    private Duration processorTime = Duration.ZERO;
    private ServerStatistics statistics;

    /** Takes over the server: it is killed with this object, also if the connections cannot be made. */
    Contestant(String name, ServerProcess server, int connections, int messageBytes, long seed)
            throws DemoException, InterruptedException {
        this.name = name;
        this.server = server;
        try {
            this.load = new EchoLoad(server.address(), connections, messageBytes, seed);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    void warmUp(Duration duration) throws DemoException, InterruptedException {
        try {
            load.run(duration);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Nothing is in flight before and after a round, so the difference of the statistics belongs to it alone. */
    void measure(Duration duration) throws DemoException, InterruptedException {
        ServerStatistics before = server.statistics();
        Duration used = server.processorTime();
        EchoLoad.Result result;
        try {
            result = load.run(duration);
        } catch (IOException e) {
            throw failure(e);
        }
        Duration more = server.processorTime().minus(used);
        ServerStatistics spent = server.statistics().since(before);
        statistics = statistics == null ? spent : statistics.plus(spent);
        rates.add(result.messagesPerSecond());
        roundTrip.add(result.roundTrip());
        elapsedNanos += result.elapsedNanos();
        processorTime = processorTime.plus(more);
        costs.add((double) more.toNanos() / result.roundTrip().getTotalCount());
    }

    /** Ends connections and server, and sees both end as they should. */
    void finish() throws DemoException, InterruptedException {
        try {
            load.finish();
        } catch (IOException e) {
            throw failure(e);
        }
        server.stop();
    }

    private DemoException failure(IOException cause) throws InterruptedException {
        List<String> sentences = new ArrayList<>();
        String verb = cause instanceof CorruptEchoException ? " corrupted the data: " : " failed: ";
        sentences.add(name + verb + cause.getMessage() + ".");
        sentences.addAll(server.killAndHear());
        return new DemoException(String.join(System.lineSeparator(), sentences), cause);
    }

    /** Messages per second of each round. */
    List<Double> rates() {
        return rates;
    }

    /** Nanoseconds of the server's processor time for a message, of each round. */
    List<Double> costs() {
        return costs;
    }

    double processorNanosPerMessage() {
        return (double) processorTime.toNanos() / messages();
    }

    long messages() {
        return roundTrip.getTotalCount();
    }

    double messagesPerSecond() {
        return messages() * 1e9 / elapsedNanos;
    }

    double measuredSeconds() {
        return elapsedNanos / 1e9;
    }

    /** Nanoseconds from sending a message to having it back, of all rounds. */
    Histogram roundTrip() {
        return roundTrip;
    }

    /** What the server's provider has counted in all rounds. */
    ServerStatistics statistics() {
        return statistics;
    }

    @Override
    public void close() throws IOException {
        try {
            load.close();
        } finally {
            server.kill();
        }
    }
}
