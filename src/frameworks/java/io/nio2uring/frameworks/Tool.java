package io.nio2uring.frameworks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the system, or of the Java that runs. */
public final class Tool {
    private static final long PATIENCE_SECONDS = 300;

    private final List<String> start;

    private Tool(Path executable) {
        start = List.of(executable.toString());
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

    /** Runs it to its end, which must be a good one, and returns what it printed, errors included. */
    public String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(start);
        command.addAll(arguments);
        Path output = Files.createTempFile("tool", ".txt");
        try {
            return run(command, output);
        } finally {
            Files.delete(output);
        }
    }

    private static String run(List<String> command, Path output) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        // It would have a Java program speak of its options.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.redirectErrorStream(true).redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(output.toFile()).start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(command + " does not end; so far: " + text(output));
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(command + " ended with " + process.exitValue() + ": " + text(output));
            }
            return text(output);
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
