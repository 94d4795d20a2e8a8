package bench;

import java.util.Map;

/** A program that is measured in turn with others, all of which are running meanwhile. */
interface Contestant extends AutoCloseable {
    String name();

    /** Puts it under load for about that long, and returns what it showed. */
    Map<Metric, Double> measure(double seconds) throws BenchException;

    /** Ends it in good order. */
    void end() throws BenchException;

    /** Ends it, in whatever state it is. */
    @Override
    void close();
}
