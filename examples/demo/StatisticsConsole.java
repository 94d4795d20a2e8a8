package demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.spi.AsynchronousChannelProvider;

import io.nio2uring.ProviderStatistics;
import io.nio2uring.UringAsynchronousChannelProvider;

/**
 * Answers on standard output what is asked on standard input, beside a server that knows nothing of it. To the line
 * {@value #REQUEST} it prints {@code key=value} lines (see {@link ServerStatistics}) and then the line {@value #END}.
 * When standard input ends, the virtual machine does too: a server does not outlive the process that started it.
 */
public final class StatisticsConsole {
    static final String REQUEST = "statistics";
    static final String END = "end";

    private StatisticsConsole() {}

    /** Answers from a daemon thread from now on; returns at once. */
    public static void start() {
        Thread.ofPlatform().daemon().name("statistics-console").start(StatisticsConsole::answer);
    }

    private static void answer() {
        try (BufferedReader requests = new BufferedReader(new InputStreamReader(System.in))) {
            for (String request = requests.readLine(); request != null; request = requests.readLine()) {
                if (request.equals(REQUEST)) {
                    current().lines().forEach(System.out::println);
                    System.out.println(END);
                    System.out.flush();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            System.exit(0);
        }
    }

    private static ServerStatistics current() {
        AsynchronousChannelProvider provider = AsynchronousChannelProvider.provider();
        String providerClass = provider.getClass().getName();
        if (!(provider instanceof UringAsynchronousChannelProvider uring)) {
            return ServerStatistics.ofProviderWithout(providerClass);
        }
        ProviderStatistics now = uring.statistics();
        return new ServerStatistics(providerClass, now.kernelRelease(), now.ringFlags(), now.loops(),
                now.entriesSubmitted(), now.completionsReaped(), now.enterCalls());
    }
}
