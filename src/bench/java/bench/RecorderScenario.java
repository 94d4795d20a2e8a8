package bench;

import java.io.IOException;
import java.util.List;

/** What the flight recorder costs when it is missing, when nobody records, and when it does; and a chart of a recording. */
final class RecorderScenario extends Scenario {
    private final TurnScenario turns;

    RecorderScenario(String name, String title, Bar... bars) {
        super(name, title, List.of(bars));
        turns = new TurnScenario(name, title,
                List.of(Contestants.URING, Contestants.NO_RECORDER, Contestants.RECORDING), Scenarios::smallEcho);
    }

    @Override
    List<Series> run(Options options, Environment environment) throws BenchException {
        List<Series> results = turns.run(options, environment);
        try {
            RecordingChart.draw(environment.recording(), environment.directory().resolve("recording.svg"));
        } catch (IOException e) {
            throw new BenchException("no chart of " + environment.recording() + ": " + e.getMessage(), e);
        }
        return results;
    }
}
