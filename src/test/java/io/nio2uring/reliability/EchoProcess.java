package io.nio2uring.reliability;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.nio2uring.CoverageAgent;
import io.nio2uring.traffic.Waiting;

/** A program that echoes, as a rule {@link EchoProgram}, in a process of its own, and connections to it. */
final class EchoProcess implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    static final int PATIENCE_MILLIS = 20_000;
    private static final int MESSAGE_BYTES = 64;

    /** What the process holds after a garbage collection. */
    record Holdings(int connections, long nativeBytes, long heapBytes) {
    }

    private final BufferedReader out;
    private final Process process;
    private final int port;
    private final List<Socket> clients = new ArrayList<>();

    /** Starts it after {@code shell}, a command such as {@code ulimit}, and returns when it listens. */
    EchoProcess(String shell, int port, String... options) throws IOException {
        this(shell, EchoProgram.class, List.of(Integer.toString(port)), options);
    }

    /** The same with another program, whose first argument is the port. */
    EchoProcess(String shell, Class<?> program, List<String> arguments, String... options) throws IOException {
        port = Integer.parseInt(arguments.getFirst());
        List<String> command = new ArrayList<>(List.of("bash", "-c", shell + " && exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(CoverageAgent.options());
        command.addAll(Arrays.asList(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        out = process.inputReader();
        boolean listens = false;
        try {
            String line = line();
            listens = "listening".equals(line);
            if (!listens) {
                throw new AssertionError("the server said instead of listening: " + line + " "
                        + out.lines().limit(20).toList());
            }
        } finally {
            if (!listens) {
                process.destroyForcibly();
            }
        }
    }

    /** The next line of what the process says; null when it has ended. A process that says nothing fails the test. */
    String line() throws IOException {
        Waiting.until("a line of the server", () -> {
            try {
                return out.ready() || !process.isAlive();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return out.readLine();
    }

    /** Sends it a line. */
    void say(String line) throws IOException {
        process.outputWriter().write(line + '\n');
        process.outputWriter().flush();
    }

    /** What its threads do. */
    String stacks() throws IOException {
        Process tool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()), "Thread.print").redirectErrorStream(true).start();
        try (BufferedReader printed = tool.inputReader()) {
            return printed.lines().collect(Collectors.joining("\n"));
        }
    }

    static String provider(String className) {
        return "-Djava.nio.channels.spi.AsynchronousChannelProvider=" + className;
    }

    void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(connectTo(port));
        }
    }

    /** A connection on which nobody waits for ever. */
    static Socket connectTo(int port) throws IOException {
        Socket client = new Socket(LOOPBACK, port);
        client.setSoTimeout(PATIENCE_MILLIS);
        client.setTcpNoDelay(true);
        return client;
    }

    /** Sends a message of its own on each connection. */
    void send(int round) throws IOException {
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).getOutputStream().write(message(i, round));
        }
    }

    /** Fails unless each connection gets its message back. */
    void receive(int round) throws IOException {
        for (int i = 0; i < clients.size(); i++) {
            byte[] answer = clients.get(i).getInputStream().readNBytes(MESSAGE_BYTES);
            if (!Arrays.equals(answer, message(i, round))) {
                throw new AssertionError("connection " + i + " got " + Arrays.toString(answer) + " in round " + round);
            }
        }
    }

    private static byte[] message(int connection, int round) {
        return new Stream(connection * 1000L + round).fill(ByteBuffer.allocate(MESSAGE_BYTES), 0).array();
    }

    void disconnect() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        clients.clear();
    }

    /** Stops the process and returns when it stands still. */
    void stop() throws Exception {
        signal("STOP");
        Waiting.until("the stop", () -> state().equals("T"));
    }

    void signal(String name) throws Exception {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        if (status != 0) {
            throw new AssertionError("kill -" + name + " ended with " + status);
        }
    }

    private String state() {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[0];
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Holdings holdings() throws IOException {
        say("?");
        String line = line();
        if (line == null || !line.matches("\\d+ \\d+ \\d+")) {
            throw new AssertionError("the server said instead of what it holds: " + line);
        }
        String[] parts = line.split(" ");
        return new Holdings(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    void awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the server does not end");
        }
    }

    @Override
    public void close() throws IOException {
        disconnect();
        process.destroyForcibly();
        out.close();
    }
}
