package io.nio2uring.frameworks;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Threads and open files of this process, by name, to be compared before and after. */
public final class Resources {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private final Map<String, Integer> files;
    private final Map<String, Integer> threads;

    private Resources(Map<String, Integer> files, Map<String, Integer> threads) {
        this.files = files;
        this.threads = threads;
    }

    /** What is there now. */
    public static Resources now() throws IOException {
        List<String> names = Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
        return new Resources(countByKind(openFiles()), countByKind(names));
    }

    /** Fails unless what is there comes down to what was there then, with some time for threads that are about to end. */
    public void assertNoMoreNow() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Resources now = now(); !now.isAtMost(this); now = now()) {
            if (System.nanoTime() - deadline > 0) {
                fail("leaked: files " + excess(now.files, files) + ", threads " + excess(now.threads, threads));
            }
            Thread.sleep(20);
        }
    }

    private boolean isAtMost(Resources before) {
        return excess(files, before.files).isEmpty() && excess(threads, before.threads).isEmpty();
    }

    private static Map<String, Integer> excess(Map<String, Integer> now, Map<String, Integer> before) {
        Map<String, Integer> excess = new TreeMap<>(now);
        before.forEach((name, count) -> excess.merge(name, -count, Integer::sum));
        excess.values().removeIf(count -> count <= 0);
        return excess;
    }

    /** Numbers say which one of its kind it is. */
    private static Map<String, Integer> countByKind(List<String> names) {
        Map<String, Integer> counts = new TreeMap<>();
        names.forEach(name -> counts.merge(name.replaceAll("\\d+", "#"), 1, Integer::sum));
        return counts;
    }

    /** What the kernel calls each open file of this process. */
    static List<String> openFiles() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : open) {
                try {
                    names.add(Files.readSymbolicLink(file).toString());
                } catch (NoSuchFileException e) {
                    // Closed meanwhile; the one that lists this directory is among them.
                    continue;
                }
            }
        }
        return names;
    }
}
