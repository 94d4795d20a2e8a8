package io.nio2uring.simulation;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Runs seeds within the simulation's own loader. What goes in and out are classes of the JDK, since the loader outside
 * has other classes of the same names: seed and whether to keep a trace; "failure" (a text, or absent), "steps" and "trace".
 */
public final class Campaign implements BiFunction<Long, Boolean, Map<String, Object>> {
    private static final String ANY_CLASS = "io/nio2uring/Configuration.class";

    private final Map<String, Integer> counts = new TreeMap<>();
    private long operations;
    private long bytes;

    /** Initializes all classes of the product, so that no seed finds others initialized than another. */
    public Campaign() throws IOException, ClassNotFoundException {
        Hooks.reset(new Simulation(0, false, new TreeMap<>()));
        Path any = Path.of(URI.create(Campaign.class.getClassLoader().getResource(ANY_CLASS).toString()));
        Path top = any.getParent().getParent().getParent();
        List<String> names;
        try (Stream<Path> files = Files.walk(any.getParent())) {
            names = files.map(file -> top.relativize(file).toString()).filter(file -> file.endsWith(".class"))
                    .filter(file -> !file.endsWith("-info.class")).sorted().toList();
        }
        for (String name : names) {
            Class.forName(name.replace('/', '.').replaceAll("\\.class$", ""), true,
                    Campaign.class.getClassLoader());
        }
    }

    @Override
    public Map<String, Object> apply(Long seed, Boolean traced) {
        Simulation simulation = new Simulation(seed, traced, counts);
        Throwable failure = simulation.run();
        operations += simulation.operations();
        bytes += simulation.bytes();
        Map<String, Object> result = new TreeMap<>();
        if (failure != null) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text, true));
            result.put("failure", text.toString());
        }
        result.put("steps", simulation.scheduler.steps());
        result.put("trace", simulation.scheduler.trace.lines());
        result.put("counts", operations + " operations, " + bytes + " bytes, " + counts);
        return result;
    }
}
