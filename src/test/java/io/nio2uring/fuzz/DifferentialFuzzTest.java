package io.nio2uring.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.nio2uring.CoverageAgent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs of NIO.2 calls do the same on this provider and on the JDK's.
 *
 * <p>A seed makes a program: a list of steps (open, bind, connect, accept, read, write, cancel, shut down, close,
 * options, ends of groups; from outside and from handlers) in which each step waits for its outcome, or another step
 * does so later, and which has one outcome only by the specification or, where that is silent, by what the JDK does.
 * Steps that race accept a set of outcomes. What differs is printed: the seed, the program, both traces, and the stacks
 * of all threads if something hangs.
 *
 * <p>By default the programs of seeds 1 to 10,000, on the engine that the property {@code nio2uring.mode} of this virtual
 * machine names. Otherwise
 *
 * <pre>
 * mvn test -Dtest=DifferentialFuzzTest -Dnio2uring.fuzz.seed=4711                              that program
 * mvn test -Dtest=DifferentialFuzzTest -Dnio2uring.fuzz.seed=20000 -Dnio2uring.fuzz.programs=50000   so many from there
 * </pre>
 *
 * All run in a child JVM whose default provider is the JDK's.
 */
class DifferentialFuzzTest {
    private static final long DEFAULT_PROGRAMS = 10_000;

    @Test
    void random_programs_do_the_same_on_both_providers(@TempDir Path directory) throws Exception {
        Long seed = Long.getLong("nio2uring.fuzz.seed");
        Long programs = Long.getLong("nio2uring.fuzz.programs");
        long firstSeed = seed == null ? 1 : seed;
        long count = programs != null ? programs : seed != null ? 1 : DEFAULT_PROGRAMS;

        Path output = directory.resolve("fuzzer.txt");
        Process fuzzer = start(output, firstSeed, count);
        try {
            int status = fuzzer.waitFor();
            assertEquals(0, status, () -> text(output));
            System.out.print(text(output));
        } finally {
            fuzzer.destroyForcibly();
        }
    }

    private static Process start(Path output, long firstSeed, long count) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A program waits for threads most of its time: the second compiler costs more than it brings.
                "--enable-native-access=ALL-UNNAMED", "-ea", "-Xmx512m", "-XX:TieredStopAtLevel=1",
                "-Djava.nio.channels.spi.AsynchronousChannelProvider=sun.nio.ch.LinuxAsynchronousChannelProvider"));
        command.addAll(1, CoverageAgent.options());
        String mode = System.getProperty(Fuzzer.MODE);
        if (mode != null) {
            command.add("-D" + Fuzzer.MODE + "=" + mode);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fuzzer.class.getName(),
                Long.toString(firstSeed), Long.toString(count)));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private static String text(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError("no output of the fuzzer", e);
        }
    }
}
