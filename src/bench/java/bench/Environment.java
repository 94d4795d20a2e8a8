package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the measured programs are made of.
 *
 * @param classPath   of servers, without the provider
 * @param jar         of the provider
 * @param baselineJar another build of it, to compare with; empty for none
 * @param directory   where the C programs are built
 */
record Environment(String classPath, String jar, String baselineJar, Path directory) {
    static final int SERVER_PROCESSOR = 0;
    static final int LOAD_PROCESSOR = 1;
    static final String BOTH_PROCESSORS = SERVER_PROCESSOR + "," + LOAD_PROCESSOR;
    private static final String PROVIDER = "-Djava.nio.channels.spi.AsynchronousChannelProvider=";
    private static final List<String> LOAD_SOURCES = List.of("load", "measure", "closed", "open", "short", "fanout",
            "hold");

    /** Some contestants, the first of which is this build, and after it the one to compare with, if there is one. */
    List<String> withBaseline(List<String> contestants) {
        List<String> all = new ArrayList<>(contestants);
        if (!baselineJar.isEmpty()) {
            all.add(1, Contestants.BASELINE);
        }
        return all;
    }

    /** Builds the C programs. */
    void build(Path sources) throws BenchException {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            throw new BenchException("two processors are needed, one for the server and one for the load");
        }
        if (!Files.exists(Path.of("/usr/include/liburing.h"))) {
            throw new BenchException("the C floor needs liburing: apt-get install liburing-dev");
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new BenchException("cannot make " + directory + ": " + e.getMessage(), e);
        }
        List<String> load = new ArrayList<>();
        LOAD_SOURCES.forEach(name -> load.add(sources.resolve(name + ".c").toString()));
        load.add("-lm");
        compile(loadProgram(), load);
        compile(floorProgram(), List.of(sources.resolve("floor.c").toString(), "-luring"));
    }

    private static void compile(String program, List<String> inputs) throws BenchException {
        List<String> command = new ArrayList<>(
                List.of("gcc", "-O2", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-o", program));
        command.addAll(inputs);
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new BenchException(String.join(" ", command) + " ended with status " + status);
            }
        } catch (IOException e) {
            throw new BenchException("gcc is needed for the load and the floor: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    String loadProgram() {
        return directory.resolve("load").toString();
    }

    String floorProgram() {
        return directory.resolve("floor").toString();
    }

    /** Where the contestant that records leaves its recording. */
    Path recording() {
        return directory.resolve("recording.jfr");
    }

    /** A virtual machine with a provider: ours has its jar on the class path, and nothing names it. */
    List<String> java(String contestant, List<String> options, Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        if (contestant.equals(Contestants.JDK)) {
            command.add(PROVIDER + "sun.nio.ch.LinuxAsynchronousChannelProvider");
        }
        command.add("-classpath");
        command.add((contestant.equals(Contestants.BASELINE) ? baselineJar : jar) + ":" + classPath);
        command.add(program.getName());
        command.addAll(arguments);
        return command;
    }
}
