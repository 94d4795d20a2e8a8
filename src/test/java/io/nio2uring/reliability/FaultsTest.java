package io.nio2uring.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.nio2uring.traffic.Ports;
import io.nio2uring.traffic.TimeLimit;
import io.nio2uring.traffic.Waiting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the system does to a process: limits, signals, other processes. */
@TimeLimit(seconds = 60)
class FaultsTest {
    private static final String URING = "io.nio2uring.UringAsynchronousChannelProvider";
    private static final String JDK = "sun.nio.ch.LinuxAsynchronousChannelProvider";

    private static int port() throws IOException {
        return Ports.free(EchoProcess.LOOPBACK);
    }

    /** The same sentence from the JDK's provider. */
    @ParameterizedTest
    @ValueSource(strings = {URING, JDK})
    void anAcceptWithoutDescriptorsFailsAndTheNextSucceedsWhenSomeAreFreed(String provider) throws Exception {
        // One thread closes and accepts by turns: with two, what waits to be closed by the other may be too many.
        try (EchoProcess server = new EchoProcess("ulimit -n 100", port(), EchoProcess.provider(provider),
                "-Dthreads=1")) {
            server.connect(150);
            assertEquals("java.io.IOException: Too many open files", server.line());
            server.disconnect();
            // Those that were still in the backlog are accepted, and then these.
            server.connect(10);
            server.send(1);
            server.receive(1);
        }
    }

    @Test
    void memoryThatCannotBeLockedIsNotNeeded() throws Exception {
        try (EchoProcess server = new EchoProcess("ulimit -l 0", port(), EchoProcess.provider(URING))) {
            server.connect(100);
            server.send(1);
            server.receive(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aTinyRingServesEverybody(int entries) throws Exception {
        try (EchoProcess server = new EchoProcess("true", port(), EchoProcess.provider(URING),
                "-Dnio2uring.ring.entries=" + entries, "-Dnio2uring.ring.completionEntries=0")) {
            server.connect(1000);
            for (int round = 0; round < 10; round++) {
                server.send(round);
                server.receive(round);
            }
        }
    }

    @Test
    void aProcessThatWasStoppedGoesOn() throws Exception {
        try (EchoProcess server = new EchoProcess("true", port(), EchoProcess.provider(URING))) {
            server.connect(300);
            for (int round = 0; round < 5; round++) {
                server.send(3 * round);
                server.stop();
                server.send(3 * round + 1);
                server.signal("CONT");
                server.send(3 * round + 2);
                for (int sent = 0; sent < 3; sent++) {
                    server.receive(3 * round + sent);
                }
            }
        }
    }

    @Test
    void theNextProcessBindsThePortOfOneThatWasTerminatedWithThousandsOfConnections() throws Exception {
        int port = port();
        for (int i = 0; i < 2; i++) {
            try (EchoProcess server = new EchoProcess("true", port, EchoProcess.provider(URING))) {
                server.connect(2000);
                server.send(i);
                server.receive(i);
                server.send(i);
                server.signal("TERM");
                server.awaitExit();
                // Its connections are still there: on this side nobody has closed them.
                try (EchoProcess next = new EchoProcess("true", port, EchoProcess.provider(URING))) {
                    next.connect(1);
                    next.send(i);
                    next.receive(i);
                    // By itself, which frees the port: a killed one's ring is taken apart some time after its end.
                    next.signal("TERM");
                    next.awaitExit();
                }
            }
        }
    }

    /** Whoever calls fork and exec by other means than {@code ProcessBuilder}, which closes what it finds, passes nothing on. */
    @Test
    void everyDescriptorIsClosedOnExec() throws Exception {
        Map<String, String> before = descriptors();
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1,
                Thread.ofPlatform().daemon().factory());
        try (AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group)
                .bind(new InetSocketAddress(EchoProcess.LOOPBACK, 0))) {
            var accept = listener.accept();
            try (AsynchronousSocketChannel client = AsynchronousSocketChannel.open(group)) {
                Waiting.forResult(client.connect(listener.getLocalAddress()));
                try (AsynchronousSocketChannel accepted = Waiting.forResult(accept)) {
                    assertTrue(accepted.isOpen());
                    Map<String, String> ours = descriptors();
                    ours.entrySet().removeAll(before.entrySet());
                    for (String kind : List.of("socket:", "anon_inode:[io_uring]", "anon_inode:[eventfd]")) {
                        assertTrue(ours.values().stream().anyMatch(each -> each.startsWith(kind)),
                                () -> kind + " is not among " + ours);
                    }
                    for (String each : ours.keySet()) {
                        assertTrue(isClosedOnExec(each),
                                () -> "descriptor " + each + " is passed on to other programs: " + ours);
                    }
                }
            }
        } finally {
            group.shutdownNow();
        }
        assertTrue(group.awaitTermination(EchoProcess.PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** What is no file of a directory, by number: sockets, rings, event descriptors. */
    private static Map<String, String> descriptors() throws IOException {
        Map<String, String> open = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            links.forEach(link -> {
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    if (!target.startsWith("/")) {
                        open.put(link.getFileName().toString(), target);
                    }
                } catch (IOException closedMeanwhile) {
                    // Not one of ours.
                }
            });
        }
        return open;
    }

    private static boolean isClosedOnExec(String descriptor) throws IOException {
        String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor)).stream()
                .filter(line -> line.startsWith("flags:")).findFirst().orElseThrow().substring("flags:".length());
        // O_CLOEXEC of x86-64 and AArch64.
        return (Integer.parseInt(flags.strip(), 8) & 0x80000) != 0;
    }
}
