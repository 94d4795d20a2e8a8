package io.nio2uring.channel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The system calls of one thread, as the kernel shows them to {@code strace}. */
final class TracedThread implements AutoCloseable {
    private final Path output = Files.createTempFile("nio2uring-strace", ".txt");
    private final Process strace;

    private TracedThread(String task) throws IOException {
        Process started = null;
        try {
            started =
                    new ProcessBuilder("strace", "-p", task, "-o", output.toString()).redirectErrorStream(true).start();
            // Says so when it has attached; else why it has not, and ends.
            String line = new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (line == null || !line.endsWith("attached")) {
                throw new IOException("strace cannot attach to a thread of this process (it must be allowed to trace:"
                        + " root, or kernel.yama.ptrace_scope=0): " + line);
            }
        } catch (IOException e) {
            if (started != null) {
                started.destroyForcibly();
            }
            Files.delete(output);
            throw e;
        }
        strace = started;
    }

    /** Begins to trace; the thread has a name of its own. */
    static TracedThread of(Thread thread) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (nameOf(task).equals(thread.getName())) {
                    return new TracedThread(task.getFileName().toString());
                }
            }
        }
        throw new AssertionError("no thread named " + thread.getName());
    }

    private static String nameOf(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            // This thread has ended meanwhile: its files are not there, or cannot be read.
            return "";
        }
    }

    /** Ends tracing; returns how many calls there were, by name. */
    Map<String, Long> end() throws IOException, InterruptedException {
        strace.destroy();
        strace.waitFor();
        Map<String, Long> calls = new TreeMap<>();
        for (String line : Files.readAllLines(output)) {
            int end = line.indexOf('(');
            // Other lines tell of signals, and that strace leaves.
            if (end > 0 && Character.isLetter(line.charAt(0))) {
                calls.merge(line.substring(0, end), 1L, Long::sum);
            }
        }
        return calls;
    }

    @Override
    public void close() throws IOException {
        strace.destroy();
        Files.delete(output);
    }
}
