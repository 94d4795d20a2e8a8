package bench;

import java.nio.file.Path;

import bench.Results.Scene;

/**
 * Measures this provider against others and against the kernel's own speed: servers on one processor, the load on
 * another, in turn, so that what disturbs the machine disturbs all of them. See docs/performance.md.
 */
public final class Bench {
    private Bench() {}

    /** Runs the scenarios; exit status 1 and a sentence if anything went wrong, whatever the figures are. */
    public static void main(String[] arguments) {
        try {
            run(Options.of(arguments));
        } catch (BenchException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Options options) throws BenchException {
        if (!options.scenarios().isEmpty()) {
            measure(options);
        }
        if (!options.docs().isEmpty()) {
            Report.write(Results.read(options.output()), Path.of(options.docs()));
        }
    }

    private static void measure(Options options) throws BenchException {
        Path directory = options.output().toAbsolutePath().getParent();
        Environment environment = new Environment(options.classPath(), options.jar(), options.baseline(), directory);
        environment.build(options.sources());
        Results results = Results.begin(options.seconds());
        for (Scenario scenario : options.scenarios()) {
            Scene scene = Scene.of(scenario, scenario.run(options, environment));
            Table.print(scene, System.out);
            results.scenarios().add(scene);
            // After each: a run that is interrupted has not been for nothing.
            results.write(options.output());
        }
        System.out.println("\nwritten to " + options.output());
    }
}
