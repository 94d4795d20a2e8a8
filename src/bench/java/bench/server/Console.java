package bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import com.sun.management.ThreadMXBean;
import io.nio2uring.ProviderStatistics;
import io.nio2uring.UringAsynchronousChannelProvider;

/**
 * Answers on standard output what the harness asks on standard input, beside a program that is measured: each request
 * is a line, and so is its answer, as {@code key=value} words. When standard input ends, the virtual machine does, too:
 * a server does not outlive the harness.
 */
final class Console {
    /** So many collections in a row leave nothing to collect. */
    private static final int COLLECTIONS = 3;

    private final LongSupplier connections;
    private final AsynchronousChannelProvider provider;

    private Console(LongSupplier connections, AsynchronousChannelProvider provider) {
        this.connections = connections;
        this.provider = provider;
    }

    /**
     * Answers from a daemon thread from now on.
     *
     * @param connections how many connections the program has begun to serve
     * @param provider    on which it runs; null for none
     */
    static void start(LongSupplier connections, AsynchronousChannelProvider provider) {
        Console console = new Console(connections, provider);
        Thread.ofPlatform().daemon().name("bench-console").start(console::answer);
    }

    private void answer() {
        try (BufferedReader requests = new BufferedReader(new InputStreamReader(System.in))) {
            for (String request = requests.readLine(); request != null; request = requests.readLine()) {
                System.out.println(switch (request) {
                    case "statistics" -> line(statistics());
                    case "memory" -> line(memory());
                    default -> throw new IllegalArgumentException("there is no request \"" + request + "\"");
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            System.exit(0);
        }
    }

    private static String line(Map<String, Object> answer) {
        return answer.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    private Map<String, Object> statistics() {
        Map<String, Object> answer = new TreeMap<>();
        answer.put("provider", provider == null ? "none" : provider.getClass().getName());
        answer.put("connections", connections.getAsLong());
        // Also of threads that have ended; what this one allocates for its answers is not the program's.
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        answer.put("allocatedBytes",
                threads.getTotalThreadAllocatedBytes() - threads.getCurrentThreadAllocatedBytes());
        if (provider instanceof UringAsynchronousChannelProvider uring) {
            ProviderStatistics rings = uring.statistics();
            answer.put("engine", rings.engine());
            answer.put("enterCalls", rings.enterCalls());
            answer.put("handOvers", rings.handOvers());
        }
        return answer;
    }

    /** What the heap holds after collecting, and what of the process lies in memory without a file behind it. */
    private static Map<String, Object> memory() throws IOException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Map<String, Object> answer = new TreeMap<>();
        answer.put("heapBytes", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        String resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:")).findFirst().orElseThrow();
        answer.put("residentBytes", Long.parseLong(resident.replaceAll("\\D", "")) * 1024);
        return answer;
    }
}
