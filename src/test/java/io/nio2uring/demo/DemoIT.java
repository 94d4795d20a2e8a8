package io.nio2uring.demo;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.nio2uring.traffic.Ports;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demonstration of the README, shortened, as a user runs it: in a virtual machine of its own, on the built jar. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DemoIT {
    private static final String JAR = System.getProperty("nio2uring.jar");
    private static final String EXAMPLES = System.getProperty("nio2uring.examples");
    private static final List<String> SHORT = List.of("--connections=8", "--rounds=2", "--round-millis=200",
            "--warm-up-millis=200");
    private static final int COLUMNS = 80;

    @TempDir
    private Path directory;

    private record Outcome(int status, List<String> output, List<String> errors) {
        String text() {
            return String.join("\n", output);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed1", "fixed3", "cached", "default"})
    void both_providers_echo_every_byte_and_the_findings_are_printed(String group) throws Exception {
        Outcome outcome = run(with(SHORT, "--group=" + group));
        assertEquals(List.of(), outcome.errors);
        assertEquals(0, outcome.status, outcome.text());
        double messages = number(outcome, "messages ");
        assertAll(outcome.text(),
                () -> assertTrue(outcome.text().contains("io.nio2uring.UringAsynchronousChannelProvider")),
                () -> assertTrue(outcome.text().contains("sun.nio.ch.LinuxAsynchronousChannelProvider")),
                () -> assertTrue(outcome.text().contains("kernel " + System.getProperty("os.version"))),
                () -> assertTrue(outcome.text().contains("ring flags ")),
                () -> assertTrue(number(outcome, "messages/s") > 0),
                () -> assertTrue(number(outcome, "round trip p50") > 0),
                () -> assertTrue(number(outcome, "round trip p99") >= number(outcome, "round trip p50")),
                () -> assertTrue(number(outcome, "processor us per message") > 0),
                () -> assertTrue(outcome.text().contains(" times the messages per processor time of the server (")),
                () -> assertTrue(number(outcome, "entries submitted") >= messages),
                () -> assertTrue(number(outcome, "completions reaped") >= messages),
                () -> assertTrue(number(outcome, "io_uring_enter calls") > 0),
                () -> assertEquals(number(outcome, "io_uring_enter calls") / messages,
                        number(outcome, "io_uring_enter per message"), 0.001),
                () -> assertTrue(outcome.text().contains(", median of 2 rounds, each server once in a round:")),
                () -> assertTrue(outcome.output.stream().allMatch(line -> line.length() <= COLUMNS)));
    }

    @ParameterizedTest
    @CsvSource({
        "corrupt, 'The (nio2-uring|JDK) server corrupted the data: byte 1001 of a connection came back as .*'",
        "extra,   'The nio2-uring server corrupted the data: 1 bytes came that were never sent .*'",
        "noisy,   'The nio2-uring server wrote on standard error:'",
        "die,     'The (nio2-uring|JDK) server failed: .*'"})
    void a_faulty_server_makes_the_demonstration_fail_with_a_sentence(String fault, String sentence) throws Exception {
        Outcome outcome = run(with(SHORT, "--server-main=demo.FaultyEchoServerMain", "--group=" + fault));
        assertEquals(1, outcome.status, outcome.text());
        assertTrue(outcome.errors.getFirst().matches(sentence), outcome.errors::toString);
        assertEquals(fault.equals("noisy") ? 2 : 1, outcome.errors.size(), outcome.errors::toString);
    }

    @Test
    void a_busy_port_is_one_line_and_a_failure() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Outcome outcome = run(List.of("--port=" + busy.getLocalPort()));
            assertEquals(1, outcome.status);
            assertEquals(List.of("cannot listen on 127.0.0.1:" + busy.getLocalPort() + ": Address already in use"),
                    outcome.errors);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port=65536", "--port=seven", "--rounds=0", "--unknown=1", "port"})
    void a_bad_argument_is_one_line_and_status_2(String argument) throws Exception {
        Outcome outcome = run(List.of(argument));
        assertEquals(2, outcome.status);
        assertEquals(1, outcome.errors.size(), outcome.errors::toString);
    }

    @Test
    void keeps_serving_on_the_named_port_until_it_is_ended_and_then_frees_it() throws Exception {
        int port = Ports.free(InetAddress.ofLiteral("127.0.0.1"));
        Process demo = start(List.of("--port=" + port), ProcessBuilder.Redirect.PIPE, ProcessBuilder.Redirect.INHERIT);
        try (BufferedReader output = demo.inputReader()) {
            List<String> lines = linesUpTo("Ctrl-C", output);
            assertTrue(lines.stream().anyMatch(line -> line.endsWith("nc 127.0.0.1 " + port)), lines::toString);
            assertTrue(lines.stream().anyMatch(line -> line.contains("UringAsynchronousChannelProvider")),
                    lines::toString);
            List<ProcessHandle> servers = demo.descendants().toList();
            assertEquals(1, servers.size());
            assertEchoes(port);
            demo.destroy();
            demo.waitFor();
            servers.getFirst().onExit().get(30, TimeUnit.SECONDS);
            new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")).close();
        } finally {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
    }

    private static void assertEchoes(int port) throws IOException {
        byte[] sent = "first line\nsecond line\n".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.getOutputStream().write(sent);
            socket.shutdownOutput();
            assertArrayEquals(sent, socket.getInputStream().readAllBytes());
        }
    }

    private static List<String> linesUpTo(String start, BufferedReader output) throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        do {
            line = output.readLine();
            if (line == null) {
                throw new AssertionError("ended after " + lines);
            }
            lines.add(line);
        } while (!line.startsWith(start));
        return lines;
    }

    /** The first number in the line that starts so, after the words. */
    private static double number(Outcome outcome, String start) {
        String line = outcome.output.stream().filter(candidate -> candidate.startsWith(start)).findFirst()
                .orElseThrow(() -> new AssertionError("no line starts with " + start + ":\n" + outcome.text()));
        Matcher matcher = Pattern.compile("  ([\\d,]+(\\.\\d+)?)").matcher(line);
        assertTrue(matcher.find(), line);
        return Double.parseDouble(matcher.group(1).replace(",", ""));
    }

    private static List<String> with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all;
    }

    /** Runs the demonstration to its end; its streams go to files, so neither can fill up and hold it. */
    private Outcome run(List<String> arguments) throws Exception {
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        Process demo = start(arguments, ProcessBuilder.Redirect.to(output.toFile()),
                ProcessBuilder.Redirect.to(errors.toFile()));
        try {
            assertTrue(demo.waitFor(100, TimeUnit.SECONDS), "the demonstration did not end");
        } finally {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
        return new Outcome(demo.exitValue(), Files.readAllLines(output), Files.readAllLines(errors));
    }

    private static Process start(List<String> arguments, ProcessBuilder.Redirect output, ProcessBuilder.Redirect errors)
            throws IOException, URISyntaxException {
        String histogram = Path.of(Histogram.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", EXAMPLES + File.pathSeparator + histogram,
                "demo.Demo", "--class-path=" + JAR + File.pathSeparator + EXAMPLES));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectOutput(output).redirectError(errors).start();
    }
}
