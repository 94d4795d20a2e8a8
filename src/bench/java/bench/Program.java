package bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that runs on one processor, answers lines with lines, and has to keep silent on standard error. For one
 * thread.
 */
final class Program implements AutoCloseable {
    private static final long END_SECONDS = 10;

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream requests;
    private final Path errors;

    private Program(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        // Also when this virtual machine is interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    static Program start(String name, int processor, List<String> command) throws BenchException {
        return start(name, String.valueOf(processor), command);
    }

    /** Starts it on several processors, as {@code taskset} wants them listed. */
    static Program start(String name, String processors, List<String> command) throws BenchException {
        List<String> words = new ArrayList<>(List.of("taskset", "-c", processors));
        words.addAll(command);
        try {
            Path errors = Files.createTempFile("nio2uring-bench", ".err");
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(Redirect.to(errors.toFile()));
            // Each of these makes the virtual machine announce it on standard error.
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
            return new Program(name, builder.start(), errors);
        } catch (IOException e) {
            throw new BenchException("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    long id() {
        return process.pid();
    }

    String ask(String request) throws BenchException {
        requests.println(request);
        return answer();
    }

    /** The next line of its standard output. */
    String answer() throws BenchException {
        try {
            String line = answers.readLine();
            if (line != null) {
                return line;
            }
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
            throw new BenchException(name + " ended" + (process.isAlive() ? "" : " with status " + process.exitValue())
                    + complaints());
        } catch (IOException e) {
            throw new BenchException(name + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private String complaints() throws IOException {
        String text = Files.readString(errors).strip();
        return text.isEmpty() ? "" : ": " + text;
    }

    /** Ends it by ending its input, or by force if that does not help; complains of what it wrote on standard error. */
    void end(boolean byForce) throws BenchException {
        try {
            requests.close();
            if (byForce) {
                process.destroy();
            }
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                throw new BenchException(name + " did not end within " + END_SECONDS + " s of being told to");
            }
            String complaints = complaints();
            if (!complaints.isEmpty()) {
                throw new BenchException(name + " wrote on standard error" + complaints);
            }
        } catch (IOException e) {
            throw new BenchException(name + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            close();
        }
    }

    private static BenchException interrupted(InterruptedException reason) {
        Thread.currentThread().interrupt();
        return new BenchException("interrupted", reason);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            // A file more in the directory for temporary files.
        }
    }

    /** Reads {@code key=value} words. */
    static Map<String, String> words(String line) {
        Map<String, String> words = new HashMap<>();
        for (String word : line.split(" ")) {
            int equals = word.indexOf('=');
            words.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return words;
    }
}
