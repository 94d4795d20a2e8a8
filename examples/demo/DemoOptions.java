package demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What the command line asks for, as {@code --name=value} arguments; an empty value means the default.
 *
 * @param classPath   class path of the servers: the provider's jar and the examples
 * @param port        port to keep serving on; 0 to compare the providers instead
 * @param group       kind of channel group: {@code fixedN}, {@code cached} or {@code default}
 * @param serverMain  main class of the servers
 * @param connections connections to each server
 * @param rounds      measured rounds
 * @param round       length of a measured round
 * @param warmUp      length of the unmeasured round before
 */
record DemoOptions(String classPath, int port, String group, String serverMain, int connections, int rounds,
        Duration round, Duration warmUp) {

    /** @throws DemoException naming the argument that is unknown, missing or out of range */
    static DemoOptions of(String[] arguments) throws DemoException {
        Map<String, String> given = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw new DemoException("\"" + argument + "\" is not of the form --name=value.");
            }
            given.put(argument.substring(2, equals), argument.substring(equals + 1));
        }
        DemoOptions options = new DemoOptions(
                text(given, "class-path", ""),
                number(given, "port", 0, 1, 65_535),
                text(given, "group", "fixed1"),
                text(given, "server-main", EchoServerMain.class.getName()),
                number(given, "connections", 64, 1, 20_000),
                number(given, "rounds", 3, 1, 1_000),
                Duration.ofMillis(number(given, "round-millis", 1_500, 1, 600_000)),
                Duration.ofMillis(number(given, "warm-up-millis", 2_000, 1, 600_000)));
        if (!given.isEmpty()) {
            throw new DemoException("There is no option --" + given.keySet().iterator().next() + ".");
        }
        if (options.classPath.isEmpty()) {
            throw new DemoException("The class path of the servers is missing: --class-path=JAR:EXAMPLES.");
        }
        return options;
    }

    private static String text(Map<String, String> given, String name, String whenAbsent) {
        String value = given.remove(name);
        return value == null || value.isEmpty() ? whenAbsent : value;
    }

    private static int number(Map<String, String> given, String name, int whenAbsent, int least, int most)
            throws DemoException {
        String value = text(given, name, "");
        if (value.isEmpty()) {
            return whenAbsent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for everything that is not such a number.
        }
        throw new DemoException("The " + name + " must be " + least + " to " + most + ", not \"" + value + "\".");
    }
}
