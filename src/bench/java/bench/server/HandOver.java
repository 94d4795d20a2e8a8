package bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.spi.AsynchronousChannelProvider;

/**
 * The program that shows what handlers which do not return soon do to others: the group and the peers of its channels
 * are in one process. Usage: {@code HandOver blocked|reach|burn GROUP HANDLERS}. At a line {@code NANOS} on standard
 * input it measures for about that long, and answers with {@code key=value} words.
 */
public final class HandOver {
    private HandOver() {}

    /** Something to be measured again and again. */
    @FunctionalInterface
    interface Measure {
        String measure(long nanos) throws IOException, InterruptedException;
    }

    /** Runs until standard input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int handlers = Integer.parseInt(arguments[2]);
        Measure measure = switch (arguments[0]) {
            case "blocked" -> new BlockedHandlers(Groups.open(arguments[1]), handlers);
            case "reach" -> new LastOfMany(Groups.open(arguments[1]), handlers);
            case "burn" -> new BurningHandlers(Groups.open("fixed1"), Groups.open(arguments[1]), handlers);
            default -> throw new IllegalArgumentException("there is no measure \"" + arguments[0] + "\"");
        };
        System.out.println("provider=" + AsynchronousChannelProvider.provider().getClass().getName());
        try (BufferedReader requests = new BufferedReader(new InputStreamReader(System.in))) {
            for (String request = requests.readLine(); request != null; request = requests.readLine()) {
                System.out.println(measure.measure(Long.parseLong(request)));
            }
        }
        System.exit(0);
    }
}
