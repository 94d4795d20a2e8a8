package demo;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The findings as text of at most 80 columns, in ASCII, which every terminal shows. */
final class Report {
    private static final int COLUMNS = 80;
    private static final String ROW = "%-30s %16s %16s%n";
    private static final int INDENT = 13;

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    /** Prints the comparison; both have the same number of rounds, at least one. */
    void print(Contestant ours, Contestant jdk) {
        out.printf(ROW, "", Demo.OURS, Demo.JDK);
        row("messages/s", count(ours.messagesPerSecond()), count(jdk.messagesPerSecond()));
        row("round trip p50, microseconds", percentile(ours, 50), percentile(jdk, 50));
        row("round trip p99, microseconds", percentile(ours, 99), percentile(jdk, 99));
        row("processor us per message", fixed(2, ours.processorNanosPerMessage() / 1e3),
                fixed(2, jdk.processorNanosPerMessage() / 1e3));
        row("messages", count(ours.messages()), count(jdk.messages()));
        ServerStatistics spent = ours.statistics();
        row("entries submitted", count(spent.entriesSubmitted()), "-");
        row("completions reaped", count(spent.completionsReaped()), "-");
        row("io_uring_enter calls", count(spent.enterCalls()), "-");
        row("io_uring_enter per message", fixed(3, (double) spent.enterCalls() / ours.messages()), "-");
        out.println();
        identity(Demo.OURS, spent);
        identity(Demo.JDK, jdk.statistics());
        out.println();
        out.printf("%s / %s, median of %d rounds, each server once in a round:%n", Demo.OURS, Demo.JDK,
                ours.rates().size());
        // The client needs a processor, too: where it is the slower side, a faster server only has more time left.
        ratio("messages/s", ratios(ours.rates(), jdk.rates()));
        ratio("messages per processor time of the server", ratios(jdk.costs(), ours.costs()));
    }

    private void ratio(String what, List<Double> ratios) {
        out.println(wrap(fixed(2, median(ratios)) + " times the " + what + " ("
                + ratios.stream().map(ratio -> fixed(2, ratio)).collect(Collectors.joining(", ")) + ").", 0));
    }

    /** Prints who serves. */
    void identity(String name, ServerStatistics statistics) {
        out.printf("%-" + INDENT + "s%s%n", name, statistics.providerClass());
        if (!statistics.kernelRelease().isEmpty()) {
            String text = "kernel " + statistics.kernelRelease() + ", " + statistics.loops()
                    + (statistics.loops() == 1 ? " loop" : " loops") + ", ring flags " + statistics.ringFlags();
            out.println(" ".repeat(INDENT) + wrap(text, INDENT));
        }
    }

    private void row(String what, String ours, String jdk) {
        out.printf(ROW, what, ours, jdk);
    }

    private static String percentile(Contestant contestant, double percentile) {
        return fixed(1, contestant.roundTrip().getValueAtPercentile(percentile) / 1e3);
    }

    private static String count(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String fixed(int digits, double value) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    static List<Double> ratios(List<Double> dividends, List<Double> divisors) {
        return IntStream.range(0, dividends.size())
                .mapToObj(i -> dividends.get(i) / divisors.get(i)).toList();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Breaks at blanks and after bars and commas; the first line is taken to start at {@code indent} as well. */
    static String wrap(String text, int indent) {
        StringBuilder wrapped = new StringBuilder();
        int column = indent;
        for (String piece : text.split("(?<=[ |,])")) {
            if (column > indent && column + piece.stripTrailing().length() > COLUMNS) {
                wrapped.append(System.lineSeparator()).append(" ".repeat(indent));
                column = indent;
            }
            wrapped.append(piece);
            column += piece.length();
        }
        return wrapped.toString().lines().map(String::stripTrailing)
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
