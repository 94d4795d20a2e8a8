package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The process's open sockets, event descriptors and rings, from /proc. */
public final class OpenFiles {
    private static final String RING_MAPPINGS = "mapping of a ring";

    private OpenFiles() {
    }

    /** Fails if the process may not have {@code needed} files open. */
    static void assertLimitIsAtLeast(long needed) throws IOException {
        String line;
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            line = lines.filter(l -> l.startsWith("Max open files")).findFirst().orElseThrow();
        }
        String soft = line.substring("Max open files".length()).trim().split(" +")[0];
        boolean enough = soft.equals("unlimited") || Long.parseLong(soft) >= needed;
        assertTrue(enough, "This test opens up to " + needed + " files, but RLIMIT_NOFILE allows the process "
                + soft + ". Nothing is wrong with the channels; raise the hard limit (ulimit -Hn) and try again.");
    }

    /**
     * How many descriptors there are of each kind: {@code socket}, {@code anon_inode:[io_uring]}, … Regular files and
     * directories are left out, since loading a class may open one. Also how many mappings of rings there are, which
     * outlive their descriptors.
     */
    public static Map<String, Integer> byKind() {
        Map<String, Integer> counts = new TreeMap<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                String target;
                try {
                    target = Files.readSymbolicLink(link).toString();
                } catch (NoSuchFileException closedMeanwhile) {
                    continue;
                }
                if (!target.startsWith("/")) {
                    counts.merge(target.replaceFirst(":\\[\\d+\\]$", ""), 1, Integer::sum);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        counts.put(RING_MAPPINGS, ringMappings());
        return counts;
    }

    private static int ringMappings() {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return (int) mappings.filter(mapping -> mapping.endsWith("[io_uring]")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until there are no more descriptors than {@code before}, of any kind. */
    public static void untilBackTo(Map<String, Integer> before) {
        if (!Waiting.holdsWithin(TimeUnit.SECONDS.toNanos(20), () -> surplusOver(before).isEmpty())) {
            throw Waiting.tooLong("descriptors left open: " + surplusOver(before) + " beyond " + before);
        }
    }

    private static Map<String, Integer> surplusOver(Map<String, Integer> before) {
        Map<String, Integer> surplus = byKind();
        surplus.replaceAll((kind, count) -> count - before.getOrDefault(kind, 0));
        surplus.values().removeIf(count -> count <= 0);
        return surplus;
    }
}
