package bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What many connections cost that are silent, each with a pending read into a heap buffer: memory, and how often a
 * thread of the server wakes up. Nothing here is timed, so three rounds do, each with a new server.
 */
final class IdleScenario extends Scenario {
    private static final int MOST_ROUNDS = 3;
    private static final int CONNECTIONS = 10_000;
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final double SILENCE_SECONDS = 3;
    private static final double WAIT_SECONDS = 60;
    private static final Load WARM_UP = Load.closed(64, 64, 1);
    private static final Load SILENT = new Load("hold", CONNECTIONS, 1, 1, 0, 0);
    /** HotSpot's threads, by the first 15 characters of their names, which are all that the kernel keeps. */
    private static final Set<String> JVM_THREADS = Set.of("java", "VM Thread", "VM Periodic Tas", "GC Thread",
            "Reference Handl", "Finalizer", "Signal Dispatch", "Service Thread", "Monitor Deflati", "Common-Cleaner",
            "Notification Th", "C1 CompilerThre", "C2 CompilerThre", "bench-console", "Attach Listener");

    IdleScenario(String name, String title, Bar... bars) {
        super(name, title, List.of(bars));
    }

    @Override
    List<Series> run(Options options, Environment environment) throws BenchException {
        List<Series> results = List.of(new Series(Contestants.URING), new Series(Contestants.JDK));
        for (int round = 0; round < Math.min(options.rounds(), MOST_ROUNDS); round++) {
            for (Series series : results) {
                series.add(measure(environment, series.contestant()));
            }
        }
        return results;
    }

    private static Map<Metric, Double> measure(Environment environment, String name) throws BenchException {
        try (Server server = Contestants.idle(environment, name, CONNECTIONS, BUFFER_BYTES, WARM_UP)) {
            // Buffers that are made at first use, compiled code, and all else that does not depend on connections.
            server.measure(2);
            Map<String, String> before = Program.words(server.program().ask("memory"));
            long served = Long.parseLong(server.statistics().get("connections"));
            Map<Metric, Double> round;
            try (Program load = server.startLoad(SILENT, 1)) {
                load.answer();
                awaitConnections(server, served + CONNECTIONS);
                Map<String, String> after = Program.words(server.program().ask("memory"));
                double heap = grown(before, after, "heapBytes");
                double resident = grown(before, after, "residentBytes");
                round = new EnumMap<>(Metric.class);
                round.put(Metric.HEAP, heap);
                round.put(Metric.NATIVE, resident);
                round.put(Metric.MEMORY, heap + resident);
                countWakeUps(server.program().id(), round);
                load.end(false);
            }
            server.end();
            return round;
        }
    }

    private static double grown(Map<String, String> before, Map<String, String> after, String what) {
        return (Double.parseDouble(after.get(what)) - Double.parseDouble(before.get(what))) / CONNECTIONS;
    }

    private static void awaitConnections(Server server, long wanted) throws BenchException {
        double giveUp = System.nanoTime() + WAIT_SECONDS * 1e9;
        while (Long.parseLong(server.statistics().get("connections")) < wanted) {
            if (System.nanoTime() > giveUp) {
                throw new BenchException(server.name() + " did not take " + CONNECTIONS + " connections within "
                        + WAIT_SECONDS + " s");
            }
            sleep(0.05);
        }
    }

    private static void countWakeUps(long process, Map<Metric, Double> round) throws BenchException {
        // After the collections above the virtual machine's own threads have work for a moment.
        sleep(1);
        Map<Boolean, Long> before = sleeps(process);
        sleep(SILENCE_SECONDS);
        Map<Boolean, Long> after = sleeps(process);
        round.put(Metric.WAKE_UPS, (after.get(true) - before.get(true)) / SILENCE_SECONDS);
        round.put(Metric.JVM_WAKE_UPS, (after.get(false) - before.get(false)) / SILENCE_SECONDS);
    }

    /** How often threads have gone to sleep: those of the program and its provider, and those of HotSpot. */
    private static Map<Boolean, Long> sleeps(long process) throws BenchException {
        long ours = 0;
        long others = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + process + "/task"))) {
            for (Path thread : threads) {
                try {
                    String name = Files.readString(thread.resolve("comm")).strip();
                    long count = sleepsIn(Files.readString(thread.resolve("status")));
                    if (JVM_THREADS.contains(name)) {
                        others += count;
                    } else {
                        ours += count;
                    }
                } catch (NoSuchFileException e) {
                    continue; // It has ended.
                }
            }
        } catch (IOException e) {
            throw new BenchException("threads of process " + process + ": " + e.getMessage(), e);
        }
        return Map.of(true, ours, false, others);
    }

    private static long sleepsIn(String status) {
        try (Stream<String> lines = status.lines()) {
            return lines.filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
        }
    }

    private static void sleep(double seconds) throws BenchException {
        try {
            Thread.sleep((long) (seconds * 1000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
