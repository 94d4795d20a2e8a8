package io.nio2uring.frameworks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the system, or of the Java that runs. */
public final class Tool {
    private static final long PATIENCE_SECONDS = 300;

    private final List<String> start;
    private final Map<String, String> environment;

    private Tool(Path executable) {
        this(List.of(executable.toString()), Map.of());
    }

    private Tool(List<String> start, Map<String, String> environment) {
        this.start = start;
        this.environment = environment;
    }

    /** A program of the Java that runs. */
    public static Tool ofJava(String name) {
        return new Tool(Path.of(System.getProperty("java.home"), "bin", name));
    }

    /** A program on the search path; where it is missing the failure names the Debian package that has it. */
    public static Tool ofSystem(String name, String debianPackage) {
        return Stream.of(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable).findFirst().map(Tool::new).orElseThrow(() -> new AssertionError(
                        name + " is missing; it comes with the Debian package " + debianPackage));
    }

    /** The same with variables of the environment besides. */
    public Tool with(Map<String, String> variables) {
        return new Tool(start, variables);
    }

    /** Runs it to its end, which must be a good one, and returns what it printed, errors included. */
    public String run(List<String> arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("tool", ".txt");
        try {
            run(arguments, Path.of("/dev/null"), output, output);
            return text(output);
        } finally {
            Files.delete(output);
        }
    }

    /** Runs it to its end, which must be a good one, from one file to another. */
    public void run(List<String> arguments, Path input, Path output) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("tool", ".txt");
        try {
            run(arguments, input, output, errors);
        } finally {
            Files.delete(errors);
        }
    }

    private void run(List<String> arguments, Path input, Path output, Path errors)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(start);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // It would have a Java program speak of its options.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().putAll(environment);
        builder.redirectInput(input.toFile()).redirectOutput(output.toFile());
        if (errors.equals(output)) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(errors.toFile());
        }
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(command + " does not end; so far: " + text(errors));
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(command + " ended with " + process.exitValue() + ": " + text(errors));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
