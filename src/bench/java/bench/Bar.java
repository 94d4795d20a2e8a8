package bench;

import java.util.Locale;
import java.util.SequencedMap;

/**
 * What a scenario's first contestant has to reach.
 *
 * @param metric of that contestant
 * @param versus the contestant by whose figure it is divided; null for none
 * @param limit  least ratio of a metric of which more is better, most of another
 */
record Bar(Metric metric, String versus, double limit) {
    /** Above this share of a processor, that processor is what limits the rate. */
    private static final double BUSY = 0.9;

    /**
     * Whether it was reached.
     *
     * @param bar    what was demanded, in words
     * @param basis  which figure counts: that of the metric, or processor time where the processor was the limit
     * @param figure its spread over the rounds
     */
    record Verdict(String bar, String basis, Spread figure, boolean met) {
    }

    static Bar rate(String versus, double limit) {
        return new Bar(Metric.RATE, versus, limit);
    }

    static Bar most(Metric metric, double limit) {
        return new Bar(metric, null, limit);
    }

    static Bar least(Metric metric, double limit) {
        return new Bar(metric, null, limit);
    }

    /**
     * Where both contestants' processor was the limit, the rate is the inverse of processor time per message, which is
     * the steadier figure of the two: then it counts.
     */
    Verdict judge(SequencedMap<String, Series> results) {
        Series ours = results.firstEntry().getValue();
        String demand = (metric.moreIsBetter() ? "≥ " : "≤ ") + number(limit)
                + (versus == null ? " " + metric.unit() : " × " + versus);
        if (versus == null) {
            Spread figure = ours.of(metric);
            return new Verdict(demand, metric.unit(), figure, isMet(figure.median()));
        }
        Series theirs = results.get(versus);
        Spread figure = ours.ratio(metric, theirs);
        String basis = metric.unit();
        if (metric == Metric.RATE && Math.min(ours.of(Metric.BUSY).median(), theirs.of(Metric.BUSY).median()) >= BUSY) {
            figure = ours.ratio(Metric.CPU, theirs).inverse();
            basis = "messages per processor time";
        }
        return new Verdict(demand, basis, figure, isMet(figure.median()));
    }

    private boolean isMet(double figure) {
        return metric.moreIsBetter() ? figure >= limit : figure <= limit;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) >= 10
                ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }
}
