package io.nio2uring.registration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.nio2uring.CoverageAgent;
import io.nio2uring.traffic.Waiting;

/** A JVM of the Java that runs the tests, with its own command line. */
public final class ChildJvm implements AutoCloseable {
    public static final Path JAR = Path.of(System.getProperty("nio2uring.jar"));
    public static final Path PROGRAMS = Path.of(System.getProperty("nio2uring.testClasses"));

    static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    /** Numbers of system calls, the same on all processors. */
    static final int IO_URING_SETUP = 425;
    static final int IO_URING_ENTER = 426;
    static final int IO_URING_REGISTER = 427;

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String PROPERTY = "java.nio.channels.spi.AsynchronousChannelProvider";
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final Path out;
    private final Path err;

    /** Starts {@code java} with {@code arguments}; what it prints goes to files in {@code directory}. */
    public ChildJvm(Path directory, List<String> arguments) throws IOException {
        out = Files.createTempFile(directory, "out", ".txt");
        err = Files.createTempFile(directory, "err", ".txt");
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(CoverageAgent.options());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // These would change the child's options, and have it say so on standard error.
        Map<String, String> environment = builder.environment();
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH").forEach(environment::remove);
        process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
    }

    /** The class path option of the given entries. */
    public static List<String> classPath(Path... entries) {
        return List.of("-cp", joined(entries));
    }

    public static List<String> modulePath(Path... entries) {
        return List.of("--module-path", joined(entries));
    }

    private static String joined(Path... entries) {
        return String.join(":", List.of(entries).stream().map(Path::toString).toList());
    }

    /**
     * Arguments of a virtual machine that starts another, with the given ones, under a seccomp filter which answers
     * {@code io_uring_setup} with an error.
     */
    public static List<String> withoutUring(int errno, List<String> arguments) {
        return refusing(IO_URING_SETUP, -1, errno, arguments);
    }

    /**
     * The same for a system call by its number, if its second argument is the given one, or for all of them if that is
     * -1.
     */
    static List<String> refusing(int call, int operation, int errno, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(NATIVE_ACCESS));
        command.addAll(classPath(PROGRAMS));
        command.addAll(List.of(SeccompProgram.class.getName(), Integer.toString(call), Integer.toString(operation),
                Integer.toString(errno), JAVA));
        command.addAll(CoverageAgent.options());
        command.addAll(arguments);
        return command;
    }

    /** The same that starts another which may have so many files open. */
    static List<String> withFewFiles(int limit, List<String> arguments) {
        return limited("ulimit -n " + limit + " && exec", arguments);
    }

    /**
     * The same that starts another which may have so many threads. The system counts those of all processes of a user, and
     * not at all for root: so it is a user that has no others, or that is counted anew.
     */
    static List<String> withFewThreads(int limit, List<String> arguments) {
        return limited("ulimit -u " + limit + " && exec " + (System.getProperty("user.name").equals("root")
                ? "setpriv --reuid=54321 --regid=54321 --clear-groups --inh-caps=-all,+dac_read_search "
                        + "--ambient-caps=-all,+dac_read_search"
                : "unshare --user --map-current-user"), arguments);
    }

    /** The same that starts another in which names of files are of ASCII alone. */
    static List<String> inAsciiLocale(List<String> arguments) {
        return limited("export LC_ALL=C && exec", arguments);
    }

    private static List<String> limited(String shell, List<String> arguments) {
        List<String> command = new ArrayList<>(classPath(PROGRAMS));
        command.addAll(List.of(LimitProgram.class.getName(), shell, JAVA));
        command.addAll(arguments);
        return command;
    }

    /** The option that chooses a provider by name. */
    static String providerProperty(String className) {
        return "-D" + PROPERTY + "=" + className;
    }

    public void awaitLine(String line) {
        Waiting.until("line '" + line + "' of the child", () -> printed(out).contains(line) || !process.isAlive());
        if (!printed(out).contains(line)) {
            throw new AssertionError("the child ended without line '" + line + "': " + this);
        }
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    public long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end of the process and returns its exit status; a JVM that hangs fails with its thread dump. */
    public int awaitExit() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
            Waiting.until("thread dump of the child",
                    () -> printed(out).stream().anyMatch(line -> line.startsWith("JNI global refs")));
            throw new AssertionError("the child did not end: " + this);
        }
        return process.exitValue();
    }

    public List<String> output() {
        return printed(out);
    }

    public List<String> errors() {
        return printed(err);
    }

    private static List<String> printed(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return (process.isAlive() ? "still running" : "exit status " + process.exitValue()) + "\nstandard output:\n"
                + String.join("\n", output()) + "\nstandard error:\n" + String.join("\n", errors());
    }
}
