package demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server in a virtual machine of its own, of the same Java as this one. For one thread; {@link #kill()} may be called
 * by any.
 */
final class ServerProcess implements AutoCloseable {
    private static final String LISTENING = "listening on ";
    private static final long START_SECONDS = 30;
    private static final long ANSWER_SECONDS = 10;
    private static final long END_SECONDS = 10;
    /** Stands in the queues of lines for the end of the stream; compared by identity. */
    private static final String END_OF_STREAM = new String("end of stream");

    private final String name;
    private final Process process;
    private final PrintStream requests;
    private final BlockingQueue<String> output;
    private final BlockingQueue<String> errors;
    private InetSocketAddress address;

    private ServerProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.output = linesOf(process.getInputStream());
        this.errors = linesOf(process.getErrorStream());
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param name       what to call it in messages
     * @param jvmOptions options of its virtual machine, the class path among them
     * @param program    its main class and arguments
     * @throws DemoException if it did not come to listen; carries what it wrote on standard error
     */
    static ServerProcess start(String name, List<String> jvmOptions, List<String> program)
            throws DemoException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command);
        // Each of these makes the virtual machine announce it on standard error, which has to stay empty here.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        ServerProcess server;
        try {
            server = new ServerProcess(name, builder.start());
        } catch (IOException e) {
            throw new DemoException("Cannot start " + name + ": " + e.getMessage(), e);
        }
        try {
            server.address = addressIn(server.nextLine(START_SECONDS));
            return server;
        } catch (DemoException e) {
            server.kill();
            throw e;
        }
    }

    private static InetSocketAddress addressIn(String line) throws DemoException {
        int colon = line.lastIndexOf(':');
        if (!line.startsWith(LISTENING) || colon < 0) {
            throw new DemoException("A server said \"" + line + "\" instead of where it listens.");
        }
        return new InetSocketAddress(InetAddress.ofLiteral(line.substring(LISTENING.length(), colon)),
                Integer.parseInt(line.substring(colon + 1)));
    }

    private static BlockingQueue<String> linesOf(InputStream stream) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("(unreadable: " + e.getMessage() + ")");
            } finally {
                lines.add(END_OF_STREAM);
            }
        });
        return lines;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Asks the server for the statistics of its provider. */
    ServerStatistics statistics() throws DemoException, InterruptedException {
        requests.println(StatisticsConsole.REQUEST);
        List<String> lines = new ArrayList<>();
        for (String line = nextLine(ANSWER_SECONDS); !line
                .equals(StatisticsConsole.END); line = nextLine(ANSWER_SECONDS)) {
            lines.add(line);
        }
        try {
            return ServerStatistics.of(lines);
        } catch (IllegalArgumentException e) {
            throw new DemoException("The statistics of " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Processor time that the server has used so far, in steps of 10 ms. */
    Duration processorTime() throws DemoException {
        return process.info().totalCpuDuration()
                .orElseThrow(() -> new DemoException("The system does not tell the processor time of " + name + "."));
    }

    private String nextLine(long waitSeconds) throws DemoException, InterruptedException {
        String line = output.poll(waitSeconds, TimeUnit.SECONDS);
        if (line == null) {
            throw new DemoException(name + " did not answer within " + waitSeconds + " s.");
        }
        if (line == END_OF_STREAM) {
            throw new DemoException(end());
        }
        return line;
    }

    /** Waits until the process is gone; what it said last, or its exit status if it said nothing. */
    private String end() throws InterruptedException {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            return name + " closed its standard output and went on running.";
        }
        List<String> complaints = complaints();
        return complaints.isEmpty()
                ? name + " ended with status " + process.exitValue() + "."
                : String.join(System.lineSeparator(), complaints);
    }

    /** All that the process, which has ended, wrote on standard error and that nobody has taken yet. */
    private List<String> complaints() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String line = errors.take(); line != END_OF_STREAM; line = errors.take()) {
            lines.add(line);
        }
        errors.add(END_OF_STREAM);
        return lines;
    }

    /** Ends the server at once, and returns what it wrote on standard error. */
    List<String> killAndHear() throws InterruptedException {
        kill();
        process.waitFor();
        return complaints();
    }

    /** Passes on what the server writes on standard error until it ends, and returns its exit status. */
    int awaitEnd(PrintStream destination) throws InterruptedException {
        for (String line = errors.take(); line != END_OF_STREAM; line = errors.take()) {
            destination.println(line);
        }
        errors.add(END_OF_STREAM);
        return process.waitFor();
    }

    /**
     * Ends the server in good order.
     *
     * @throws DemoException if it did not end, ended with a status other than 0, or wrote anything on standard error
     */
    void stop() throws DemoException, InterruptedException {
        requests.close();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new DemoException(name + " did not end within " + END_SECONDS + " s of being told to.");
        }
        List<String> complaints = complaints();
        if (!complaints.isEmpty()) {
            throw new DemoException(name + " wrote on standard error:" + System.lineSeparator()
                    + String.join(System.lineSeparator(), complaints));
        }
        if (process.exitValue() != 0) {
            throw new DemoException(name + " ended with status " + process.exitValue() + ".");
        }
    }

    /** Ends the server at once; nothing happens if it has ended. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
    }
}
