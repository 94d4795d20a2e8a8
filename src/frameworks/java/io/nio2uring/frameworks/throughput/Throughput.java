package io.nio2uring.frameworks.throughput;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import org.apache.tomcat.util.http.fileupload.FileUtils;

/**
 * Unmodified software on io_uring and on the JDK's provider, each in a JVM of its own, under the same load in turn. In
 * each round both are measured, and the first changes from round to round; what is told is the median of the rounds'
 * ratios, with the least and the most. Arguments: rounds, seconds of each measurement, seconds of warm-up, scenarios.
 */
public final class Throughput {
    private static final String URING = "io.nio2uring.UringAsynchronousChannelProvider";
    private static final String JDK = "sun.nio.ch.LinuxAsynchronousChannelProvider";

    /** What one contestant did in one round. */
    private record Turn(double perSecond, double perProcessorSecond) {
    }

    private record Round(Turn uring, Turn jdk) {
    }

    private Throughput() {
    }

    /** Runs the scenarios, and prints a row of a table for each. */
    public static void main(String[] arguments) throws Exception {
        int rounds = atLeastOne("rounds", arguments[0]);
        int seconds = atLeastOne("seconds", arguments[1]);
        int warmUpSeconds = atLeastOne("warmUpSeconds", arguments[2]);
        List<Scenario> scenarios = arguments[3].isEmpty() ? List.of(Scenario.values())
                : Stream.of(arguments[3].split(",")).map(Scenario::named).toList();
        System.out.println("""
                Median of %d rounds of %d s (least to most), the JDK's provider = 1

                | what | io_uring | JDK | ratio | ratio by the server's processor time |
                |---|---|---|---|---|""".formatted(rounds, seconds));
        for (Scenario scenario : scenarios) {
            print(scenario, measure(scenario, rounds, seconds, warmUpSeconds));
        }
        // Pools of the clients' libraries are not waited for.
        System.exit(0);
    }

    private static int atLeastOne(String name, String value) {
        int number = Integer.parseInt(value);
        if (number < 1) {
            throw new IllegalArgumentException("throughput." + name + " is " + number + ", not 1 or more");
        }
        return number;
    }

    private static List<Round> measure(Scenario scenario, int rounds, int seconds, int warmUpSeconds)
            throws Exception {
        List<Round> results = new ArrayList<>();
        Path directory = Files.createTempDirectory("throughput");
        try (Contestant uring = start(scenario, URING, directory);
                Contestant jdk = start(scenario, JDK, directory)) {
            turn(scenario, uring, warmUpSeconds);
            turn(scenario, jdk, warmUpSeconds);
            for (int i = 0; i < rounds; i++) {
                Turn first = turn(scenario, i % 2 == 0 ? uring : jdk, seconds);
                Turn second = turn(scenario, i % 2 == 0 ? jdk : uring, seconds);
                results.add(i % 2 == 0 ? new Round(first, second) : new Round(second, first));
            }
        } finally {
            FileUtils.deleteDirectory(directory.toFile());
        }
        return results;
    }

    private static Contestant start(Scenario scenario, String provider, Path directory) throws Exception {
        return new Contestant(scenario.software, provider, Files.createTempDirectory(directory, scenario.software));
    }

    private static Turn turn(Scenario scenario, Contestant contestant, int seconds) throws Exception {
        long processorNanos = contestant.processorTime().toNanos();
        long begin = System.nanoTime();
        double perSecond = scenario.load.perSecond(contestant.port(), seconds);
        double answered = perSecond * (System.nanoTime() - begin);
        return new Turn(perSecond, answered / (contestant.processorTime().toNanos() - processorNanos));
    }

    private static void print(Scenario scenario, List<Round> rounds) {
        System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f | %s | %s |%n", scenario.label,
                sorted(rounds, round -> round.uring.perSecond)[rounds.size() / 2],
                sorted(rounds, round -> round.jdk.perSecond)[rounds.size() / 2],
                spread(sorted(rounds, round -> round.uring.perSecond / round.jdk.perSecond)),
                spread(sorted(rounds, round -> round.uring.perProcessorSecond / round.jdk.perProcessorSecond)));
    }

    private static double[] sorted(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).sorted().toArray();
    }

    private static String spread(double[] sorted) {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", sorted[sorted.length / 2], sorted[0],
                sorted[sorted.length - 1]);
    }
}
