package bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

import bench.Bar.Verdict;
import bench.Results.Scene;

/** A scenario's figures for the terminal. */
final class Table {
    private static final List<Metric> COLUMNS = List.of(Metric.USER, Metric.SYSTEM, Metric.BUSY, Metric.P50, Metric.P99,
            Metric.P999, Metric.ENTERS, Metric.ALLOCATED);

    private Table() {}

    static void print(Scene scene, PrintStream out) {
        Series ours = scene.series().getFirst();
        out.printf(Locale.ROOT, "%n%s: %s (%d rounds)%n", scene.name(), scene.title(), ours.rounds());
        if (ours.has(Metric.RATE)) {
            printTurns(scene, ours, out);
        } else {
            printCounts(scene, ours, out);
        }
        for (Verdict verdict : scene.verdicts()) {
            Spread figure = verdict.figure();
            out.printf(Locale.ROOT, "  %-8s %.3f [%.3f..%.3f] %s: %s%n", verdict.met() ? "met" : "NOT MET",
                    figure.median(), figure.least(), figure.most(), verdict.bar(), verdict.basis());
        }
        out.flush();
    }

    /** The second and third column: ours divided by this one's; above 1 ours is faster, or takes less processor time. */
    private static void printTurns(Scene scene, Series ours, PrintStream out) {
        out.printf("  %-22s %9s %7s %15s %6s %8s %8s %5s %8s %8s %8s %8s %8s%n", "", "msg/s", "ours/it", "[min..max]",
                "cpu", "user µs", "sys µs", "busy", "p50 µs", "p99 µs", "p99.9 µs", "enters", "alloc B");
        for (Series series : scene.series()) {
            Spread ratio = ours.ratio(Metric.RATE, series);
            out.printf(Locale.ROOT, "  %-22s %9.0f %7.3f %15s %6.3f", series.contestant(),
                    series.of(Metric.RATE).median(), ratio.median(),
                    String.format(Locale.ROOT, "[%.2f..%.2f]", ratio.least(), ratio.most()),
                    ours.ratio(Metric.CPU, series).inverse().median());
            for (Metric column : COLUMNS) {
                int width = column == Metric.BUSY ? 5 : 8;
                out.print(series.has(column)
                        ? String.format(Locale.ROOT, " %" + width + ".2f", series.of(column).median())
                        : " ".repeat(width) + "-");
            }
            out.println();
        }
    }

    /** At the end of a line where more is better: ours divided by it. */
    private static void printCounts(Scene scene, Series ours, PrintStream out) {
        for (Series series : scene.series()) {
            for (Metric metric : Metric.values()) {
                if (series.has(metric)) {
                    Spread figure = series.of(metric);
                    out.printf(Locale.ROOT, "  %-22s %10.2f %22s %s", series.contestant(), figure.median(),
                            String.format(Locale.ROOT, "[%.2f..%.2f]", figure.least(), figure.most()), metric.unit());
                    if (metric.moreIsBetter() && series != ours) {
                        Spread ratio = ours.ratio(metric, series);
                        out.printf(Locale.ROOT, "; ours/it %.3f [%.2f..%.2f]", ratio.median(), ratio.least(),
                                ratio.most());
                    }
                    out.println();
                }
            }
        }
    }
}
