package io.nio2uring.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
        try (EchoProcess server = new EchoProcess("ulimit -n 100", port(), EchoProcess.provider(provider))) {
            server.connect(150);
            assertEquals("java.io.IOException: Too many open files", server.out.readLine());
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
                }
            }
        }
    }

    /** Whoever calls fork and exec by other means than {@code ProcessBuilder}, which closes what it finds, passes nothing on. */
    @Test
    void everyDescriptorIsClosedOnExec() throws Exception {
        Set<String> before = descriptors();
        try (AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open()
                .bind(new InetSocketAddress(EchoProcess.LOOPBACK, 0))) {
            var accept = listener.accept();
            try (AsynchronousSocketChannel client = AsynchronousSocketChannel.open()) {
                Waiting.forResult(client.connect(listener.getLocalAddress()));
                try (AsynchronousSocketChannel accepted = Waiting.forResult(accept)) {
                    assertTrue(accepted.isOpen());
                    Set<String> ours = descriptors();
                    ours.removeAll(before);
                    assertTrue(ours.size() >= 3, () -> "listener and both ends are among " + ours);
                    for (String each : ours) {
                        assertTrue(isClosedOnExec(each),
                                () -> "descriptor " + each + " is passed on to other programs");
                    }
                    assertEquals("0\n1\n2\n3", new String(new ProcessBuilder("ls", "/proc/self/fd").start()
                            .getInputStream().readAllBytes()).strip(), "3 is the directory that ls reads");
                }
            }
        }
    }

    /** Numbers of sockets, rings and event descriptors. */
    private static Set<String> descriptors() throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                try {
                    return !Files.readSymbolicLink(link).toString().startsWith("/");
                } catch (IOException closedMeanwhile) {
                    return false;
                }
            }).map(link -> link.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isClosedOnExec(String descriptor) throws IOException {
        String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor)).stream()
                .filter(line -> line.startsWith("flags:")).findFirst().orElseThrow().substring("flags:".length());
        // O_CLOEXEC of x86-64 and AArch64.
        return (Integer.parseInt(flags.strip(), 8) & 0x80000) != 0;
    }
}
