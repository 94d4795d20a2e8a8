package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what a loop did from second to second, by the events that it leaves in a flight recording. */
final class RecordingChart {
    private static final String EVENT = "io.nio2uring.RingStatistics";
    /** Fields of the event, which count from when the loop was set up, and what they are called. */
    private static final Map<String, String> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put("completed", "completions");
        FIELDS.put("handlers", "handlers called");
        FIELDS.put("enters", "system calls");
    }

    private RecordingChart() {
    }

    /** Draws the recording's loop that has completed most. */
    static void draw(Path recording, Path svg) throws IOException {
        Map<String, List<RecordedEvent>> byLoop = new LinkedHashMap<>();
        RecordingFile.readAllEvents(recording).stream().filter(event -> event.getEventType().getName().equals(EVENT))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .forEach(event -> byLoop.computeIfAbsent(event.getString("loop"), loop -> new ArrayList<>())
                        .add(event));
        List<RecordedEvent> events = byLoop.values().stream().filter(each -> each.size() > 1)
                .max(Comparator.comparingLong(each -> each.getLast().getLong("completed")))
                .orElseThrow(() -> new IOException("no two events " + EVENT + " of a loop are in " + recording));

        XYChart chart = new XYChartBuilder().width(1000).height(400)
                .title("Event loop " + events.getFirst().getString("loop")).xAxisTitle("seconds")
                .yAxisTitle("thousands per second").build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal);
        chart.getStyler().setYAxisMin(0.0);
        FIELDS.forEach((field, label) -> add(chart, events, field, label));
        VectorGraphicsEncoder.saveVectorGraphic(chart, svg.toString(), VectorGraphicsFormat.SVG);
    }

    private static void add(XYChart chart, List<RecordedEvent> events, String field, String label) {
        Instant begin = events.getFirst().getStartTime();
        List<Double> times = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        for (int i = 1; i < events.size(); i++) {
            RecordedEvent before = events.get(i - 1);
            RecordedEvent event = events.get(i);
            double seconds = seconds(before.getStartTime(), event.getStartTime());
            times.add(seconds(begin, event.getStartTime()));
            rates.add((event.getLong(field) - before.getLong(field)) / seconds / 1e3);
        }
        chart.addSeries(label, times, rates).setMarker(SeriesMarkers.NONE);
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }
}
