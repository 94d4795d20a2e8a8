package bench;

import java.util.List;

/** The order statistics of some figures. */
record Spread(double median, double firstQuartile, double thirdQuartile, double least, double most) {

    static Spread of(List<Double> figures) {
        double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Spread(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75), sorted[0],
                sorted[sorted.length - 1]);
    }

    /** Between two figures the line that joins them. */
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** 1 divided by each figure. */
    Spread inverse() {
        return new Spread(1 / median, 1 / thirdQuartile, 1 / firstQuartile, 1 / most, 1 / least);
    }
}
