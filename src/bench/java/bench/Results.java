package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

import bench.Bar.Verdict;
import com.google.gson.GsonBuilder;

/** All that a run has measured, as it is kept in a file. */
record Results(Machine machine, double secondsPerRound, List<Scene> scenarios) {

    /** One scenario's series and verdicts. */
    record Scene(String name, String title, List<Series> series, List<Verdict> verdicts) {

        static Scene of(Scenario scenario, List<Series> series) {
            SequencedMap<String, Series> byName = new LinkedHashMap<>();
            series.forEach(one -> byName.put(one.contestant(), one));
            return new Scene(scenario.name(), scenario.title(), series,
                    scenario.bars().stream().map(bar -> bar.judge(byName)).toList());
        }

        Series series(String contestant) {
            return series.stream().filter(one -> one.contestant().equals(contestant)).findFirst().orElse(null);
        }
    }

    static Results begin(double secondsPerRound) throws BenchException {
        return new Results(Machine.current(), secondsPerRound, new ArrayList<>());
    }

    static Results read(Path file) throws BenchException {
        try {
            return new GsonBuilder().create().fromJson(Files.readString(file), Results.class);
        } catch (IOException e) {
            throw new BenchException("results cannot be read from " + file + ": " + e.getMessage(), e);
        }
    }

    void write(Path file) throws BenchException {
        try {
            Files.writeString(file, new GsonBuilder().setPrettyPrinting().create().toJson(this) + "\n");
        } catch (IOException e) {
            throw new BenchException("results cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }
}
