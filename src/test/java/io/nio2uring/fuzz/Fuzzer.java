package io.nio2uring.fuzz;

import java.io.IOException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.nio2uring.UringAsynchronousChannelProvider;
import io.nio2uring.traffic.OpenFiles;

/**
 * Runs random programs on both providers and compares what they did; the program that {@link DifferentialFuzzTest}
 * starts in a JVM whose default provider is the JDK's. Ends with status 1 at the first difference.
 */
final class Fuzzer {
    /** The property that chooses our engine. */
    static final String MODE = "nio2uring.mode";

    private static final int PROGRAMS_PER_CHECK = 250;

    /** Programs that run side by side: most of their time is waiting for a thread to answer another. */
    private static final int LANES = 3;

    private final UringAsynchronousChannelProvider ours = new UringAsynchronousChannelProvider();
    private final AsynchronousChannelProvider jdk = AsynchronousChannelProvider.provider();
    private final List<Lane> lanes = new ArrayList<>();
    private final LongAdder steps = new LongAdder();

    /**
     * Sockets that the JDK's provider has lost: up to JDK 25 it does not close the descriptor when a channel is opened in
     * a group that was shut down.
     */
    private final AtomicInteger lostByJdk = new AtomicInteger();

    private Fuzzer() throws IOException {
        for (int i = 0; i < LANES; i++) {
            lanes.add(new Lane());
        }
    }

    /** Arguments: first seed, and how many programs. */
    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        if (count < 1) {
            throw new IllegalArgumentException("number of programs: " + count + " is less than 1");
        }
        Fuzzer fuzzer = new Fuzzer();
        if (!fuzzer.jdk.getClass().getName().startsWith("sun.nio.ch.")) {
            throw new IllegalStateException("the default provider is not the JDK's: " + fuzzer.jdk);
        }
        System.exit(fuzzer.run(seed, count) ? 0 : 1);
    }

    private boolean run(long firstSeed, long count) throws Exception {
        long start = System.nanoTime();
        // So that descriptors that stay open once for all are there.
        if (!lanes.getFirst().compare(Generator.program(firstSeed))) {
            return false;
        }
        Map<String, Integer> before = OpenFiles.byKind();
        lostByJdk.set(0);
        steps.reset();
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        long end = firstSeed + count;
        for (long seed = firstSeed; seed < end; seed += PROGRAMS_PER_CHECK) {
            AtomicLong next = new AtomicLong(seed);
            long last = Math.min(seed + PROGRAMS_PER_CHECK, end);
            boolean same = true;
            for (Future<Boolean> lane : threads.invokeAll(lanes.stream().map(each -> each.upTo(next, last)).toList())) {
                same &= lane.get();
            }
            if (!same || !isClean(before, last)) {
                return false;
            }
        }
        System.out.printf("%s: %d programs from seed %d on, %d steps, in %d s: no difference%n",
                ours.statistics().engine(), count, firstSeed, steps.sum(),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        return true;
    }

    /** Runs one program after the other, some of them in groups that last as long as the lane. */
    private final class Lane {
        private final Map<GroupKind, Group> oursShared = new EnumMap<>(GroupKind.class);
        private final Map<GroupKind, Group> jdkShared = new EnumMap<>(GroupKind.class);

        Lane() throws IOException {
            for (GroupKind kind : GroupKind.values()) {
                oursShared.put(kind, new Group(ours, kind));
                jdkShared.put(kind, new Group(jdk, kind));
            }
        }

        /** The programs of the seeds that other lanes leave over; false at the first difference. */
        Callable<Boolean> upTo(AtomicLong next, long end) {
            return () -> {
                for (long seed; (seed = next.getAndIncrement()) < end;) {
                    Program program = Generator.program(seed);
                    if (!compare(program)) {
                        next.set(end);
                        return false;
                    }
                    steps.add(program.steps().size());
                }
                return true;
            };
        }

        /** Runs a program on both; false when they differ, which has been printed then. */
        boolean compare(Program program) throws IOException {
            Run onOurs = new Run(program, ours, oursShared);
            Run onJdk = new Run(program, jdk, jdkShared);
            onOurs.run();
            onJdk.run();
            lostByJdk.addAndGet(onJdk.refusedOpenings);
            boolean same = onOurs.failure == null && onJdk.failure == null && onOurs.trace.equals(onJdk.trace)
                    && Ticket.BREACHES.isEmpty();
            if (!same) {
                report(program, onOurs, onJdk);
            }
            return same;
        }
    }

    private synchronized void report(Program program, Run onOurs, Run onJdk) {
        System.out.println(program);
        System.out.println("     " + ours.statistics().engine() + " / JDK");
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
        String mode = System.getProperty(MODE);
        System.out.println("replay: mvn test -Dtest=DifferentialFuzzTest -Dnio2uring.fuzz.seed=" + program.seed()
                + (mode == null ? "" : " -D" + MODE + "=" + mode));
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

    /**
     * A group of the JDK's provider has a pipe with two ends and a descriptor to poll; this library has no pipes. One was seen
     * to keep them, under load, although each program waits until its groups have terminated; why is not known.
     */
    private static void leaveOutGroupsOfJdk(Map<String, Integer> surplus) {
        Integer pipeEnds = surplus.remove("pipe");
        if (pipeEnds != null) {
            surplus.computeIfPresent("anon_inode:[eventpoll]", (kind, number) -> number - pipeEnds / 2);
        }
    }

    /** Waits until no more descriptors of any kind are open than before, but for what the JDK's provider has lost. */
    private boolean isClean(Map<String, Integer> before, long nextSeed) throws Exception {
        long start = System.nanoTime();
        while (true) {
            Map<String, Integer> surplus = OpenFiles.byKind();
            surplus.replaceAll((kind, number) -> number - before.getOrDefault(kind, 0));
            surplus.computeIfPresent("socket", (kind, number) -> number - lostByJdk.get());
            leaveOutGroupsOfJdk(surplus);
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
}
