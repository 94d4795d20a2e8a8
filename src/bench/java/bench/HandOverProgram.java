package bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import bench.server.HandOver;

/** Handlers that do not return soon, in a process that has both processors. */
final class HandOverProgram implements Contestant {
    private final String name;
    private final Program program;

    HandOverProgram(Environment environment, String name, String measure, String group, int handlers)
            throws BenchException {
        this.name = name;
        program = Contestants.startChecked(name, name, Environment.BOTH_PROCESSORS, environment.java(name, List.of(),
                HandOver.class, List.of(measure, group, String.valueOf(handlers))));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<Metric, Double> measure(double seconds) throws BenchException {
        Map<String, String> words = Program.words(program.ask(String.valueOf((long) (seconds * 1e9))));
        Map<Metric, Double> round = new EnumMap<>(Metric.class);
        if (words.containsKey("reachNanos")) {
            round.put(Metric.REACH, millis(words, "reachNanos"));
        } else if (words.containsKey("one")) {
            round.put(Metric.SPREADING,
                    Double.parseDouble(words.get("several")) / Double.parseDouble(words.get("one")));
        } else {
            double usualMedian = millis(words, "usualMedianNanos");
            double usualLongest = millis(words, "usualLongestNanos");
            double blockedMedian = millis(words, "blockedMedianNanos");
            double blockedLongest = millis(words, "blockedLongestNanos");
            round.put(Metric.USUAL_MEDIAN, usualMedian);
            round.put(Metric.USUAL_LONGEST, usualLongest);
            round.put(Metric.BLOCKED_MEDIAN, blockedMedian);
            round.put(Metric.BLOCKED_LONGEST, blockedLongest);
            round.put(Metric.ADDED_MEDIAN, blockedMedian - usualMedian);
            round.put(Metric.ADDED_LONGEST, blockedLongest - usualLongest);
        }
        return round;
    }

    private static double millis(Map<String, String> words, String key) {
        return Double.parseDouble(words.get(key)) / 1e6;
    }

    @Override
    public void end() throws BenchException {
        program.end(false);
    }

    @Override
    public void close() {
        program.close();
    }
}
