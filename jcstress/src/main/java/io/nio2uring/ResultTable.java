package io.nio2uring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.vm.CompileMode;

/**
 * Writes the tables of {@code docs/jcstress.md} from the result files that jcstress has left in a directory: what each
 * test showed, and which broken twins showed their error, by compiler mode. Of several runs of a test in the same
 * configuration the latest counts.
 *
 * <p>Fails when a test has no result, or one that says nothing: jcstress itself leaves out a test that has more actors
 * than there are processors, and counts a class or method that is missing as a soft error, and succeeds all the same.
 */
public final class ResultTable {
    private static final String PACKAGE = "io.nio2uring.";

    /** As many lines of what a JVM wrote tell what went wrong. */
    private static final int CAUSE_LINES = 2;

    private static final String BY_TIERS = "tiered";

    /** Latest result of each test in each configuration, in the order of the tests' names. */
    private final Map<String, Map<String, TestResult>> results = new TreeMap<>();

    private ResultTable() {
    }

    /**
     * Runs it.
     *
     * @param arguments the directory with the result files, the file to write, and a regular expression that is found in
     *     the names of the tests that must have run
     * @throws IOException if one of them cannot be read or written
     * @throws ClassNotFoundException if a result file is of another version of jcstress
     */
    public static void main(String[] arguments) throws IOException, ClassNotFoundException {
        ResultTable table = new ResultTable();
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            // Their names end with the time.
            for (Path file : files.filter(file -> file.toString().endsWith(".bin.gz")).sorted().toList()) {
                DiskReadCollector reader = new DiskReadCollector(file.toString(), table::add);
                reader.dump();
                reader.close();
            }
        }
        Files.writeString(Path.of(arguments[1]), table.text(), StandardCharsets.UTF_8);
        List<String> faults = table.faults(Pattern.compile(arguments[2]));
        if (!faults.isEmpty()) {
            System.err.printf(
                    "%s%nThese tests show nothing. When that is mended, remove the results in %s and run again.%n",
                    String.join(System.lineSeparator(), faults), arguments[0]);
            System.exit(1);
        }
    }

    private void add(TestResult result) {
        TestConfig configuration = result.getConfig();
        String key = configuration.getCompileMode() + " " + configuration.jvmArgs + " " + configuration.forkId;
        results.computeIfAbsent(result.getName(), name -> new LinkedHashMap<>()).put(key, result);
    }

    /** A line for each test that has not run, and for each JVM in which one has not run to its end. */
    private List<String> faults(Pattern selected) {
        List<String> faults = new ArrayList<>();
        if (TestList.tests().stream().noneMatch(selected.asPredicate())) {
            faults.add("no test: " + selected);
        }
        TestList.tests().stream().filter(selected.asPredicate().and(name -> !results.containsKey(name))).sorted()
                .forEach(name -> faults.add("has not run: " + name));
        results.forEach((name, byConfiguration) -> byConfiguration.values().stream()
                .filter(result -> result.status() != Status.NORMAL)
                .forEach(result -> faults.add("%s: %s %s".formatted(result.status(), name, cause(result)))));
        return faults;
    }

    private static String cause(TestResult result) {
        return Stream.concat(result.getMessages().stream(), result.getVmErr().stream()).filter(line -> !line.isBlank())
                .limit(CAUSE_LINES).map(String::strip).collect(Collectors.joining("; "));
    }

    private String text() {
        List<String> tests = new ArrayList<>();
        List<String> twins = new ArrayList<>();
        for (Map.Entry<String, Map<String, TestResult>> test : results.entrySet()) {
            boolean twin = isTwin(TestList.getInfo(test.getKey()));
            (twin ? twins : tests).add(row(test.getKey(), test.getValue().values(), twin));
        }
        return "| test | JVMs | samples | outcome |\n|---|---|---|---|\n" + String.join("", tests)
                + "\n| broken twin | JVMs | samples | the error, by compiler mode |\n|---|---|---|---|\n"
                + String.join("", twins);
    }

    private static boolean isTwin(TestInfo test) {
        return test.unmatched().expect() == Expect.ACCEPTABLE_INTERESTING
                || test.cases().stream().anyMatch(each -> each.expect() == Expect.ACCEPTABLE_INTERESTING);
    }

    private static String row(String name, Iterable<TestResult> ofAllConfigurations, boolean twin) {
        int jvms = 0;
        int failed = 0;
        long samples = 0;
        long forbidden = 0;
        long errors = 0;
        Map<String, Long> errorsByMode = new LinkedHashMap<>();
        for (String mode : new String[] {"interpreter", "C1", "C2", "C2 randomized", "mixed", BY_TIERS}) {
            errorsByMode.put(mode, 0L);
        }
        for (TestResult result : ofAllConfigurations) {
            jvms++;
            failed += result.status() == Status.NORMAL ? 0 : 1;
            samples += result.getTotalCount();
            for (GradingResult outcome : result.grading().gradingResults.values()) {
                if (outcome.expect == Expect.ACCEPTABLE_INTERESTING) {
                    errors += outcome.count;
                    errorsByMode.merge(mode(result.getConfig()), outcome.count, Long::sum);
                } else if (outcome.expect != Expect.ACCEPTABLE) {
                    forbidden += outcome.count;
                }
            }
        }
        String verdict = twin ? observed(errors, errorsByMode) : "passed, none forbidden";
        if (forbidden > 0) {
            verdict = "FORBIDDEN outcome, %,d times".formatted(forbidden);
        } else if (failed > 0) {
            verdict = failed + " JVMs FAILED";
        }
        return "| `%s` | %d | %,d | %s |%n".formatted(name.substring(PACKAGE.length()), jvms, samples, verdict);
    }

    private static String observed(long errors, Map<String, Long> errorsByMode) {
        if (errors == 0) {
            return "not observed";
        }
        List<String> modes = new ArrayList<>();
        errorsByMode.forEach((mode, count) -> {
            if (count > 0) {
                modes.add("%s (%,d)".formatted(mode, count));
            }
        });
        return "observed, %,d times: %s".formatted(errors, String.join(", ", modes));
    }

    /** The compiler of all actors, or that they differ. */
    private static String mode(TestConfig configuration) {
        int mode = configuration.getCompileMode();
        if (mode == CompileMode.UNIFIED) {
            return BY_TIERS;
        }
        String common = null;
        for (int actor = 0; actor < configuration.threads; actor++) {
            String compiler = CompileMode.isInt(mode, actor) ? "interpreter" : CompileMode.isC1(mode, actor) ? "C1"
                    : "C2";
            if (common != null && !common.equals(compiler)) {
                return "mixed";
            }
            common = compiler;
        }
        return configuration.jvmArgs.contains("-XX:+StressLCM") ? "C2 randomized" : common;
    }
}
