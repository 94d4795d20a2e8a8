package bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a contestant has shown, round after round. */
final class Series {
    private final String contestant;
    private final List<Map<Metric, Double>> rounds = new ArrayList<>();

    Series(String contestant) {
        this.contestant = contestant;
    }

    String contestant() {
        return contestant;
    }

    void add(Map<Metric, Double> round) {
        rounds.add(new EnumMap<>(round));
    }

    /** Appends the rounds of the same contestants, in the same order. */
    static void append(List<Series> all, List<Series> more) {
        if (all.isEmpty()) {
            all.addAll(more);
            return;
        }
        for (int i = 0; i < all.size(); i++) {
            all.get(i).rounds.addAll(more.get(i).rounds);
        }
    }

    int rounds() {
        return rounds.size();
    }

    boolean has(Metric metric) {
        return !rounds.isEmpty() && rounds.stream().allMatch(round -> round.containsKey(metric));
    }

    Spread of(Metric metric) {
        return Spread.of(rounds.stream().map(round -> round.get(metric)).toList());
    }

    /** This divided by the other, round by round: only what was measured in the same round can be compared. */
    Spread ratio(Metric metric, Series other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds.size(); i++) {
            ratios.add(rounds.get(i).get(metric) / other.rounds.get(i).get(metric));
        }
        return Spread.of(ratios);
    }
}
