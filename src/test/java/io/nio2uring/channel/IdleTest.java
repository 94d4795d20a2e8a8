package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.LoopOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where nothing happens, nothing wakes up: counted by the kernel, as context switches. */
class IdleTest {
    private static final int CONNECTIONS = 200;
    private static final String SWITCHES = "voluntary_ctxt_switches:";
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private interface Opening {
        OpenGroup open() throws IOException;
    }

    private static Stream<Opening> groups() {
        return Stream.of(() -> OpenGroup.fixed(2),
                () -> OpenGroup.fixed(1, LoopOptions.DEFAULT.with(OpenGroup.SPINNING)),
                OpenGroup::cached,
                () -> OpenGroup.elastic(Executors.newFixedThreadPool(3, OpenGroup.silent("pool")), 0,
                        LoopOptions.DEFAULT));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void pendingReadsCauseNoWakeUps(Opening opening) throws IOException {
        try (OpenGroup group = opening.open()) {
            List<Outcome<Integer>> reads = new ArrayList<>();
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Pair pair = group.pair();
                Outcome<Integer> read = new Outcome<>();
                pair.channel().read(i % 2 == 0 ? ByteBuffer.allocate(64) : ByteBuffer.allocateDirect(64), null, read);
                pairs.add(pair);
                reads.add(read);
            }
            awaitRest();
            long switches = switchesDuring(IDLE_NANOS);
            assertTrue(switches <= 2, () -> "context switches in " + IDLE_NANOS / 1_000_000_000 + " s: " + switches);
            for (int i = 0; i < CONNECTIONS; i++) {
                pairs.get(i).peer().getOutputStream().write(1);
            }
            for (Outcome<Integer> read : reads) {
                read.value("awake again");
            }
        }
    }

    @Test
    void waitingForPeersDoesNotCountAsWaitingForADisk() throws IOException {
        try (OpenGroup group = OpenGroup.fixed(2)) {
            Pair pair = group.pair();
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(ByteBuffer.allocateDirect(64), null, read);
            awaitRest();
            // Of all processes of the machine, but none waits for its disk all the time.
            Waits.until(() -> blockedTasks() == 0, "a moment without a task in iowait");
            pair.peer().getOutputStream().write(1);
            read.value("awake again");
        }
    }

    /**
     * The monitor takes some ticks to find that there is nothing to watch. Once may be a machine that stood still, after
     * which this thread was the first to go on; and a thread that is not let run does not switch, either.
     */
    private static void awaitRest() {
        Waits.until(() -> switchesDuring(100_000_000) == 0 && switchesDuring(100_000_000) == 0
                && status("State:").values().stream().noneMatch(state -> state.startsWith("R")), "rest");
    }

    private static long blockedTasks() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            return lines.filter(line -> line.startsWith("procs_blocked "))
                    .mapToLong(line -> Long.parseLong(line.substring(14).strip())).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Voluntary context switches of our threads within a time; that is how often they woke up and slept again. */
    private static long switchesDuring(long nanos) {
        Map<String, String> before = status(SWITCHES);
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            java.util.concurrent.locks.LockSupport.parkNanos(left);
        }
        Map<String, String> after = status(SWITCHES);
        assertTrue(!after.isEmpty(), "no threads of ours found");
        return after.entrySet().stream()
                .mapToLong(each -> Long.parseLong(each.getValue())
                        - Long.parseLong(before.getOrDefault(each.getKey(), "0")))
                .sum();
    }

    /** What the kernel says of each of our threads in the line that begins so. */
    private static Map<String, String> status(String line) {
        Map<String, String> byThread = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String name = Files.readString(task.resolve("comm")).strip();
                    // The kernel keeps fifteen characters of a name.
                    if (name.startsWith("nio2uring") || name.startsWith("fixed-") || name.startsWith("cached-")
                            || name.startsWith("pool-")) {
                        byThread.put(name + "/" + task.getFileName(),
                                Files.readAllLines(task.resolve("status")).stream()
                                        .filter(each -> each.startsWith(line))
                                        .map(each -> each.substring(line.length()).strip()).findFirst().orElseThrow());
                    }
                } catch (IOException e) {
                    // This thread has ended meanwhile: its files are not there, or cannot be read.
                    continue;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return byThread;
    }
}
