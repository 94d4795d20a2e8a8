package bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the command line asks for, as {@code --name=value} arguments; an empty value means the default.
 *
 * @param scenarios     to run, in this order; none to report on an earlier run
 * @param starts        of each contestant, one after the other
 * @param rounds        measured rounds, of all starts together
 * @param seconds       that each contestant is measured in a round
 * @param warmUpSeconds before the first round
 * @param jar           of the provider
 * @param baseline      another build of it to compare with; empty for none
 * @param classPath     of the servers, without the provider
 * @param sources       directory of the C sources
 * @param output        file for the results; what it depends on is built in its directory
 * @param docs          directory of the documentation to write the results into; empty for not at all
 */
record Options(List<Scenario> scenarios, int starts, int rounds, double seconds, double warmUpSeconds, String jar,
        String baseline, String classPath, Path sources, Path output, String docs) {

    static Options of(String[] arguments) throws BenchException {
        Map<String, String> given = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw new BenchException("\"" + argument + "\" is not of the form --name=value");
            }
            given.put(argument.substring(2, equals), argument.substring(equals + 1));
        }
        Options options = new Options(
                scenarios(text(given, "scenarios", "all")),
                (int) number(given, "starts", 3, 1, 100),
                (int) number(given, "rounds", 27, 1, 1000),
                number(given, "seconds", 0.4, 0.05, 600),
                number(given, "warm-up-seconds", 3, 0.05, 600),
                text(given, "jar", ""),
                text(given, "baseline", ""),
                text(given, "class-path", ""),
                Path.of(text(given, "sources", "src/bench/c")),
                Path.of(text(given, "output", "target/bench/results.json")),
                text(given, "docs", ""));
        if (!given.isEmpty()) {
            throw new BenchException("there is no option --" + given.keySet().iterator().next());
        }
        for (String file : List.of(options.jar, options.baseline)) {
            if (!file.isEmpty() && !Path.of(file).toFile().exists()) {
                throw new BenchException("there is no file " + file + " to take the provider from");
            }
        }
        return options;
    }

    private static List<Scenario> scenarios(String names) throws BenchException {
        List<Scenario> all = Scenarios.all();
        if (names.equals("all")) {
            return all;
        }
        if (names.equals("none")) {
            return List.of();
        }
        if (names.equals("hand-over")) {
            return HandOverScenarios.all();
        }
        Map<String, Scenario> byName = Stream.concat(all.stream(), HandOverScenarios.all().stream())
                .collect(Collectors.toMap(Scenario::name, scenario -> scenario));
        List<String> chosen = Arrays.asList(names.split(","));
        for (String name : chosen) {
            if (!byName.containsKey(name)) {
                throw new BenchException("there is no scenario \"" + name + "\"; there are "
                        + String.join(", ", new TreeSet<>(byName.keySet())) + ", or all, or hand-over, or none");
            }
        }
        return chosen.stream().map(byName::get).toList();
    }

    private static String text(Map<String, String> given, String name, String whenAbsent) {
        String value = given.remove(name);
        return value == null || value.isEmpty() ? whenAbsent : value;
    }

    private static double number(Map<String, String> given, String name, double whenAbsent, double least, double most)
            throws BenchException {
        String value = text(given, name, "");
        if (value.isEmpty()) {
            return whenAbsent;
        }
        try {
            double number = Double.parseDouble(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for everything that is not such a number.
        }
        throw new BenchException(name + " must be " + least + " to " + most + ", not \"" + value + "\"");
    }
}
