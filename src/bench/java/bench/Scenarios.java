package bench;

import static bench.Contestants.FLOOR;
import static bench.Contestants.JDK;
import static bench.Contestants.NETTY;
import static bench.Contestants.NO_RECORDER;
import static bench.Contestants.PORTABLE;
import static bench.Contestants.SPIN;
import static bench.Contestants.SQPOLL;
import static bench.Contestants.URING;

import java.util.List;

/** All scenarios, and the bars. */
final class Scenarios {
    private static final int BUFFER_BYTES = 65_536;
    private static final List<String> ALL = List.of(URING, JDK, NETTY, FLOOR);
    private static final List<String> PROVIDERS = List.of(URING, JDK);
    static final Load SMALL = Load.closed(64, 64, 1);

    private Scenarios() {}

    static List<Scenario> all() {
        return List.of(
                echo("direct64", "64 connections × 64 B, direct buffers, fixed group of 1", ALL, "fixed1", "direct",
                        SMALL, Bar.rate(JDK, 1.30), Bar.rate(NETTY, 1.05), Bar.rate(FLOOR, 0.95),
                        Bar.most(Metric.ENTERS, 0.1), Bar.most(Metric.ALLOCATED, 0.5)),
                echo("heap64", "the same with heap buffers", PROVIDERS, "fixed1", "heap", SMALL,
                        Bar.rate(JDK, 1.30)),
                echo("many", "1000 connections × 64 B", ALL, "fixed1", "direct", Load.closed(1000, 64, 1),
                        Bar.rate(JDK, 1.40), Bar.rate(FLOOR, 0.95)),
                echo("large", "16 connections × 16 KiB", ALL, "fixed1", "direct", Load.closed(16, 16_384, 1),
                        Bar.rate(JDK, 1.20), Bar.rate(FLOOR, 0.92)),
                echo("one", "1 connection × 64 B", List.of(URING, JDK, NETTY, FLOOR, SPIN, SQPOLL), "fixed1", "direct",
                        Load.closed(1, 64, 1), Bar.rate(JDK, 1.00), new Bar(Metric.P99, JDK, 1.00),
                        Bar.most(Metric.ENTERS, 2)),
                new TurnScenario("silent", "1, 2, 4, 8 and 16 connections × 64 B, beside 40 silent ones", PROVIDERS,
                        FewTalking::start, FewTalking.bars(JDK, 1.00)),
                echo("pipeline", "64 connections × 64 B, 16 messages in flight on each", PROVIDERS, "fixed1", "direct",
                        Load.closed(64, 64, 16), Bar.rate(JDK, 1.20)),
                echo("cached", "64 connections × 64 B, cached thread pool", PROVIDERS, "cached", "direct", SMALL,
                        Bar.rate(JDK, 2.00)),
                echo("pool4", "64 connections × 64 B, the user's pool of 4 threads", PROVIDERS, "pool4", "direct",
                        SMALL,
                        Bar.rate(JDK, 2.00)),
                echo("unbounded", "64 connections × 64 B, the user's unbounded pool", PROVIDERS, "unbounded", "direct",
                        SMALL, Bar.rate(JDK, 2.00)),
                echo("default", "64 connections × 64 B, default group", PROVIDERS, "default", "direct", SMALL,
                        Bar.rate(JDK, 2.00)),
                futures("futures", "futures from 64 virtual threads, default group", 64, "default", 1.30),
                futures("futures-fixed", "futures from 64 virtual threads, fixed group of 1", 64, "fixed1", 1.30),
                futures("futures1", "futures from 1 virtual thread, default group", 1, "default", 1.00),
                futures("futures4", "futures from 4 virtual threads, default group", 4, "default", 1.00),
                futures("futures16", "futures from 16 virtual threads, default group", 16, "default", 1.00),
                echo("short", "connect, one echo, close; 64 at a time", PROVIDERS, "fixed1", "direct",
                        new Load("short", 64, 64, 1, 0, 0), Bar.rate(JDK, 1.10)),
                new TurnScenario("fan-out", "one read passed on to 200 connections", PROVIDERS,
                        (environment, name) -> Contestants.fanOut(environment, name,
                                new Load("fan-out", 200, 64, 1, 0, 0)),
                        Bar.rate(JDK, 1.10)),
                echo("portable", "64 connections × 64 B, without io_uring", List.of(PORTABLE, JDK), "fixed1", "direct",
                        SMALL, Bar.rate(JDK, 0.70)),
                new RecorderScenario("recorder", "64 connections × 64 B, with and without the flight recorder",
                        Bar.rate(NO_RECORDER, 0.99)),
                new TailScenario("tail", "64 connections × 64 B, open loop at half of the JDK's greatest rate",
                        new Bar(Metric.P999, JDK, 1.00)),
                new IdleScenario("idle", "10,000 silent connections, each with a pending read of 16 KiB on the heap",
                        Bar.most(Metric.MEMORY, 2048), Bar.most(Metric.WAKE_UPS, 0)));
    }

    /** The echo of small messages, which most scenarios vary. */
    static Server smallEcho(Environment environment, String contestant) throws BenchException {
        return Contestants.echo(environment, contestant, "fixed1", "direct", BUFFER_BYTES, SMALL);
    }

    private static Scenario futures(String name, String title, int threads, String group, double leastOfJdk) {
        return new TurnScenario(name, title, PROVIDERS,
                (environment, contestant) -> new FutureProgram(environment, contestant, group, threads),
                Bar.rate(JDK, leastOfJdk));
    }

    static Scenario echo(String name, String title, List<String> contestants, String group, String buffers,
            Load load, Bar... bars) {
        // A short connection should not pay for a large buffer: making it would be most of the work.
        int bufferBytes = load.kind().equals("short") ? 4096 : BUFFER_BYTES;
        return new TurnScenario(name, title, contestants, (environment, contestant) -> Contestants.echo(environment,
                contestant, group, buffers, bufferBytes, load), bars);
    }
}
