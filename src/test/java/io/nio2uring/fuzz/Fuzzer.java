package io.nio2uring.fuzz;

import java.io.IOException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.nio2uring.UringAsynchronousChannelProvider;

/**
 * Runs random programs on both providers and compares what they did; the program that {@link DifferentialFuzzTest}
 * starts in a JVM whose default provider is the JDK's. Ends with status 1 at the first difference.
 */
final class Fuzzer {
    private static final int PROGRAMS_PER_CHECK = 250;

    private final AsynchronousChannelProvider ours = new UringAsynchronousChannelProvider();
    private final AsynchronousChannelProvider jdk = AsynchronousChannelProvider.provider();
    private final Map<GroupKind, Group> oursShared = new EnumMap<>(GroupKind.class);
    private final Map<GroupKind, Group> jdkShared = new EnumMap<>(GroupKind.class);

    /**
     * Sockets that the JDK's provider has lost: up to JDK 25 it does not close the descriptor when a channel is opened in
     * a group that was shut down.
     */
    private int lostByJdk;

    private Fuzzer() throws IOException {
        for (GroupKind kind : GroupKind.values()) {
            oursShared.put(kind, new Group(ours, kind));
            jdkShared.put(kind, new Group(jdk, kind));
        }
    }

    /** Arguments: first seed, how many programs, and after how many seconds to stop, 0 for no limit. */
    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        long limitSeconds = Long.parseLong(arguments[2]);
        Fuzzer fuzzer = new Fuzzer();
        if (!fuzzer.jdk.getClass().getName().startsWith("sun.nio.ch.")) {
            throw new IllegalStateException("the default provider is not the JDK's: " + fuzzer.jdk);
        }
        System.exit(fuzzer.run(seed, count, limitSeconds) ? 0 : 1);
    }

    private boolean run(long firstSeed, long count, long limitSeconds) throws Exception {
        long start = System.nanoTime();
        // So that descriptors that stay open once for all are there.
        compare(Generator.program(firstSeed));
        Map<String, Integer> before = openFiles();
        lostByJdk = 0;
        long done = 0;
        long steps = 0;
        while (done < count && (limitSeconds == 0
                || System.nanoTime() - start < TimeUnit.SECONDS.toNanos(limitSeconds))) {
            Program program = Generator.program(firstSeed + done);
            if (!compare(program)) {
                return false;
            }
            done++;
            steps += program.steps().size();
            if ((done == count || done % PROGRAMS_PER_CHECK == 0) && !isClean(before, firstSeed + done)) {
                return false;
            }
        }
        System.out.printf("%d programs from seed %d on, %d steps, in %d s: no difference%n", done, firstSeed, steps,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        return isClean(before, firstSeed + done) && done > 0;
    }

    /** Runs a program on both; false when they differ, which has been printed then. */
    private boolean compare(Program program) throws Exception {
        Run onOurs = new Run(program, ours, oursShared);
        Run onJdk = new Run(program, jdk, jdkShared);
        onOurs.run();
        onJdk.run();
        lostByJdk += onJdk.refusedOpenings;
        if (onOurs.failure == null && onJdk.failure == null && onOurs.trace.equals(onJdk.trace)
                && Ticket.BREACHES.isEmpty()) {
            return true;
        }
        System.out.println(program);
        System.out.println("     io_uring / JDK");
        for (int i = 0; i < Math.max(onOurs.trace.size(), onJdk.trace.size()); i++) {
            String left = i < onOurs.trace.size() ? onOurs.trace.get(i) : "-";
            String right = i < onJdk.trace.size() ? onJdk.trace.get(i) : "-";
            System.out.printf("  %s %s%s%n", left.equals(right) ? " " : "*", left,
                    left.equals(right) ? "" : " / " + right);
        }
        for (Run run : List.of(onOurs, onJdk)) {
            if (run.failure != null) {
                System.out.println("failure on " + run.provider.getClass().getName() + ":");
                run.failure.printStackTrace(System.out);
            }
        }
        Ticket.BREACHES.forEach(System.out::println);
        System.out.println("replay: mvn test -Dtest=DifferentialFuzzTest -Dnio2uring.fuzz.seed=" + program.seed());
        return false;
    }

    /** A program on one provider. */
    private static final class Run {
        private final Program program;
        private final AsynchronousChannelProvider provider;
        private final Map<GroupKind, Group> shared;
        private final List<String> trace = new ArrayList<>();
        private Throwable failure;
        private int refusedOpenings;

        Run(Program program, AsynchronousChannelProvider provider, Map<GroupKind, Group> shared) {
            this.program = program;
            this.provider = provider;
            this.shared = shared;
        }

        void run() throws IOException {
            List<Group> groups = new ArrayList<>();
            for (GroupKind kind : program.groups()) {
                groups.add(program.shared() ? shared.get(kind) : new Group(provider, kind));
            }
            World world = new World(groups);
            int number = 0;
            try {
                for (Step step : program.steps()) {
                    int size = world.trace().size();
                    try {
                        step.run(world);
                    } catch (HangException e) {
                        throw e;
                    } catch (Exception e) {
                        if (e instanceof ShutdownChannelGroupException
                                && (step instanceof ConnectionSteps.OpenSocket
                                        || step instanceof ConnectionSteps.OpenServer)) {
                            refusedOpenings++;
                        }
                        world.note("threw " + e.getClass().getSimpleName());
                    }
                    for (String note : world.trace().subList(size, world.trace().size())) {
                        trace.add("%2d ".formatted(number) + note);
                    }
                    number++;
                }
            } catch (HangException | AssertionError e) {
                failure = e;
                trace.add("%2d failed: ".formatted(number) + String.valueOf(e.getMessage()).lines().findFirst());
                world.abandon();
            }
        }
    }

    /** Waits until no more descriptors of any kind are open than before. */
    private boolean isClean(Map<String, Integer> before, long nextSeed) throws Exception {
        long start = System.nanoTime();
        while (true) {
            Map<String, Integer> surplus = openFiles();
            surplus.replaceAll((kind, number) -> number - before.getOrDefault(kind, 0));
            surplus.computeIfPresent("socket", (kind, number) -> number - lostByJdk);
            surplus.values().removeIf(number -> number <= 0);
            if (surplus.isEmpty()) {
                return true;
            }
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(Ticket.PATIENCE_SECONDS)) {
                System.out.println("descriptors left open: " + surplus + " in the programs before seed " + nextSeed);
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static Map<String, Integer> openFiles() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    if (!target.startsWith("/")) {
                        counts.merge(target.replaceFirst(":\\[\\d+\\]$", ""), 1, Integer::sum);
                    }
                } catch (NoSuchFileException closedMeanwhile) {
                    // Not open any more.
                }
            }
        }
        return counts;
    }
}
