package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.nio2uring.CoverageAgent;

/** Runs a main class of the tests in a JVM of its own, on the same provider, for properties that are read once. */
final class ChildJvm {
    private static final long LIMIT_SECONDS = 25;

    /** What the child printed, both streams together, and its exit status. */
    record Ended(int status, String output) {
        /** The lines of output that begin with the word, without it. */
        List<String> lines(String word) {
            return output.lines()
                    .filter(line -> line.startsWith(word + " "))
                    .map(line -> line.substring(word.length() + 1))
                    .toList();
        }

        /** The one line that begins with the word, without it. */
        String line(String word) {
            List<String> lines = lines(word);
            assertTrue(lines.size() == 1, () -> "expected one line '" + word + "' in:\n" + output);
            return lines.getFirst();
        }
    }

    private ChildJvm() {}

    /** Runs the class's main method with extra options of the JVM such as {@code -Dname=value}. */
    static Ended run(Class<?> main, String... options) throws IOException, InterruptedException {
        return run(main, List.of(), options);
    }

    /** The same with arguments of the main method. */
    static Ended run(Class<?> main, List<String> arguments, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(CoverageAgent.options());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:TieredStopAtLevel=1");
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("java.nio.channels.spi.") || name.startsWith("nio2uring."))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(arguments);

        Path output = Files.createTempFile("nio2uring-child", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            assertTrue(ended, () -> "the child JVM did not end:\n" + text);
            return new Ended(process.exitValue(), text);
        } finally {
            Files.delete(output);
        }
    }

    private static String classPath() {
        String real = System.getProperty("surefire.real.class.path");
        return real != null && !real.endsWith(".jar")
                ? real
                : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
