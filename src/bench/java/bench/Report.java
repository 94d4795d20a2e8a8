package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import bench.Bar.Verdict;
import bench.Results.Scene;

/**
 * Writes the results into the documentation: charts, and the tables of performance.md, between two lines of that file
 * that mark them. What stands outside of those lines is written by hand and left alone.
 */
final class Report {
    private static final String FILE = "performance.md";
    private static final String BEGIN = "<!-- made by -Dbench.docs from here -->";
    private static final String END = "<!-- to here -->";
    private static final List<Metric> COLUMNS = List.of(Metric.RATE, Metric.CPU, Metric.BUSY, Metric.P50, Metric.P99,
            Metric.P999, Metric.ENTERS, Metric.ALLOCATED, Metric.HEAP, Metric.NATIVE, Metric.WAKE_UPS,
            Metric.JVM_WAKE_UPS, Metric.ONE_TALKS, Metric.TWO_TALK, Metric.FOUR_TALK, Metric.EIGHT_TALK,
            Metric.SIXTEEN_TALK);

    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private Report(Results results) {
        this.results = results;
    }

    static void write(Results results, Path directory) throws BenchException {
        Path file = directory.resolve(FILE);
        Report report = new Report(results);
        try {
            String old = Files.readString(file);
            int begin = old.indexOf(BEGIN);
            int end = old.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new BenchException("there are no lines \"" + BEGIN + "\" and \"" + END + "\" in " + file
                        + " between which the tables go");
            }
            report.machine();
            report.charts(new Charts(results).write(directory));
            report.bars();
            results.scenarios().forEach(report::figures);
            Files.writeString(file, old.substring(0, begin) + BEGIN + "\n\n" + report.text + old.substring(end));
        } catch (IOException e) {
            throw new BenchException("the report cannot be written to " + directory + ": " + e.getMessage(), e);
        }
    }

    private void machine() {
        Machine machine = results.machine();
        line("Measured at %s on %d × %s, %d MiB of memory, %s, Java %s; %s s for each contestant in a round.",
                machine.measuredAt(), machine.processors(), machine.processor(), machine.memoryMebibytes(),
                machine.kernel(), machine.java(), number(results.secondsPerRound()));
        line("");
    }

    private void charts(List<Charts.Written> charts) {
        for (Charts.Written chart : charts) {
            line("![%s](%s)", chart.title(), chart.fileName());
            line("");
        }
    }

    private void bars() {
        List<Verdict> verdicts = results.scenarios().stream().flatMap(scene -> scene.verdicts().stream()).toList();
        line("## Bars");
        line("");
        line("%d of %d are met.", verdicts.stream().filter(Verdict::met).count(), verdicts.size());
        line("");
        line("| work | bar | median | quartiles | least–most | rounds | what counts | |");
        line("|---|---|---|---|---|---|---|---|");
        for (Scene scene : results.scenarios()) {
            for (Verdict verdict : scene.verdicts()) {
                Spread figure = verdict.figure();
                line("| %s | %s | %s | %s–%s | %s–%s | %d | %s | %s |", scene.title(), verdict.bar(),
                        number(figure.median()), number(figure.firstQuartile()), number(figure.thirdQuartile()),
                        number(figure.least()), number(figure.most()), scene.series().getFirst().rounds(),
                        verdict.basis(), verdict.met() ? "met" : "**not met**");
            }
        }
        line("");
    }

    private void figures(Scene scene) {
        List<Metric> columns = COLUMNS.stream().filter(metric -> scene.series().stream()
                .anyMatch(series -> series.has(metric))).toList();
        Series ours = scene.series().getFirst();
        boolean hasRate = ours.has(Metric.RATE);
        line("## %s", scene.title());
        line("");
        line("`-Dbench.scenarios=%s`, %d rounds, medians.", scene.name(), ours.rounds());
        line("");
        StringBuilder head = new StringBuilder("| |");
        StringBuilder rule = new StringBuilder("|---|");
        if (hasRate) {
            head.append(" %1$s / this, rate | %1$s / this, messages per processor time |".formatted(ours.contestant()));
            rule.append("---|---|");
        }
        columns.forEach(metric -> {
            head.append(' ').append(metric.unit()).append(" |");
            rule.append("---|");
        });
        line("%s", head);
        line("%s", rule);
        for (Series series : scene.series()) {
            StringBuilder row = new StringBuilder("| " + series.contestant() + " |");
            if (hasRate) {
                row.append(' ').append(number(ours.ratio(Metric.RATE, series).median())).append(" | ")
                        .append(number(ours.ratio(Metric.CPU, series).inverse().median())).append(" |");
            }
            for (Metric metric : columns) {
                row.append(' ').append(series.has(metric) ? number(series.of(metric).median()) : "").append(" |");
            }
            line("%s", row);
        }
        line("");
    }

    private void line(String format, Object... words) {
        text.append(String.format(Locale.ROOT, format, words)).append('\n');
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.2f", value);
    }
}
