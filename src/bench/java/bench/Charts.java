package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import bench.Results.Scene;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws the results. */
final class Charts {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 460;
    private static final List<String> CONTESTANTS = List.of(Contestants.URING, Contestants.JDK, Contestants.NETTY,
            Contestants.FLOOR);
    private static final List<Metric> PERCENTILES = List.of(Metric.P50, Metric.P99, Metric.P999);

    private final Results results;

    /** A chart in a file. */
    record Written(String title, String fileName) {
    }

    Charts(Results results) {
        this.results = results;
    }

    List<Written> write(Path directory) throws IOException {
        List<Written> written = new ArrayList<>();
        List<Scene> timed = results.scenarios().stream()
                .filter(scene -> scene.series().getFirst().has(Metric.RATE) && !scene.name().equals("tail")
                        && scene.series(Contestants.URING) != null && scene.series(Contestants.JDK) != null)
                .toList();
        if (!timed.isEmpty()) {
            written.add(draw(directory, "performance-rate.svg", "Messages per second, the JDK's provider = 1", "",
                    timed, Charts::rateAgainstJdk));
            written.add(draw(directory, "performance-cpu.svg",
                    "Messages per processor time, the JDK's provider = 1", "", timed, Charts::economyAgainstJdk));
        }
        for (Scene scene : results.scenarios()) {
            if (scene.name().equals("tail")) {
                written.add(drawTail(directory, scene));
            }
        }
        return written;
    }

    @FunctionalInterface
    private interface Figure {
        double of(Series series, Series jdk);
    }

    private static double rateAgainstJdk(Series series, Series jdk) {
        return series.ratio(Metric.RATE, jdk).median();
    }

    private static double economyAgainstJdk(Series series, Series jdk) {
        return series.ratio(Metric.CPU, jdk).inverse().median();
    }

    private static Written draw(Path directory, String fileName, String title, String unit, List<Scene> scenes,
            Figure figure) throws IOException {
        CategoryChart chart = chart(title, unit);
        List<String> names = scenes.stream().map(Scene::name).toList();
        for (String contestant : CONTESTANTS) {
            List<Double> figures = new ArrayList<>();
            for (Scene scene : scenes) {
                Series series = scene.series(contestant);
                Series jdk = scene.series(Contestants.JDK);
                figures.add(series == null || jdk == null ? null : figure.of(series, jdk));
            }
            if (figures.stream().anyMatch(one -> one != null)) {
                chart.addSeries(contestant, names, figures);
            }
        }
        return save(chart, directory, fileName, title);
    }

    private static Written drawTail(Path directory, Scene scene) throws IOException {
        String title = "µs from when a message was due: " + scene.title();
        CategoryChart chart = chart(title, "µs");
        for (Series series : scene.series()) {
            chart.addSeries(series.contestant(), List.of("median", "99 %", "99.9 %"),
                    PERCENTILES.stream().map(metric -> series.of(metric).median()).toList());
        }
        return save(chart, directory, "performance-tail.svg", title);
    }

    private static CategoryChart chart(String title, String unit) {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).yAxisTitle(unit)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal);
        chart.getStyler().setXAxisLabelRotation(35);
        chart.getStyler().setAvailableSpaceFill(0.8).setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    private static Written save(CategoryChart chart, Path directory, String fileName, String title)
            throws IOException {
        VectorGraphicsEncoder.saveVectorGraphic(chart, directory.resolve(fileName).toString(),
                VectorGraphicsFormat.SVG);
        return new Written(title, fileName);
    }
}
