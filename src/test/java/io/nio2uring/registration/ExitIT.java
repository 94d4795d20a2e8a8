package io.nio2uring.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.nio2uring.traffic.Ports;
import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a JVM with an accept pending ends: soon, with its own status, and without keeping the port. */
@TimeLimit(seconds = 120)
class ExitIT {
    private static final int TIMES = 5;
    private static final int STATUS_OF_SIGTERM = 128 + 15;

    @TempDir
    private Path directory;

    private InetSocketAddress address;

    @BeforeEach
    void chooseAddress() throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        address = new InetSocketAddress(loopback, Ports.free(loopback));
    }

    @ParameterizedTest
    @EnumSource(names = {"MAIN_RETURNS", "EXIT", "SIGNAL"})
    void thePortIsFreeForTheNextProgramAtTheFirstTry(ListeningProgram.End end) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            try (ChildJvm child = start(end)) {
                assertEndsQuietly(child, end);
            }
            bindWithoutReuse();
        }
    }

    /** Who closes the channel may wait for what that brings about, also when the exit was faster. */
    @Test
    void aShutdownHookThatClosesTheChannelSeesItsAcceptsFail() throws Exception {
        try (ChildJvm child = start(ListeningProgram.End.HOOK)) {
            assertEndsQuietly(child, ListeningProgram.End.HOOK);
            assertEquals(List.of("listening", "accept failed: java.nio.channels.AsynchronousCloseException",
                    "future failed: java.nio.channels.AsynchronousCloseException"), child.output());
        }
    }

    @Test
    void connectionsOfTheOldJvmDoNotHinderTheNext() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                try (ChildJvm child = start(ListeningProgram.End.SIGNAL)) {
                    child.awaitLine("listening");
                    clients.add(new Socket(address.getAddress(), address.getPort()));
                    child.awaitLine("accepted");
                    assertEndsQuietly(child, ListeningProgram.End.SIGNAL);
                }
                clients.getLast().setSoTimeout(10_000);
                assertEquals(-1, clients.getLast().getInputStream().read(), "the client sees the end of the stream");
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aGroupsOwnThreadsKeepTheJvmUntilTheGroupIsShutDown() throws Exception {
        try (ChildJvm child = start(ListeningProgram.End.GROUP_SHUT_DOWN)) {
            child.awaitLine("listening");
            assertTrue(child.isAlive());
            // Served after main has returned.
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                client.setSoTimeout(10_000);
                assertEquals(-1, client.getInputStream().read(), "shutdownNow closes the connection");
            }
            assertEquals(0, child.awaitExit(), child::toString);
            assertEquals(List.of(), child.errors());
        }
        new ServerSocket(address.getPort(), 1, InetAddress.ofLiteral("127.0.0.1")).close();
    }

    private ChildJvm start(ListeningProgram.End end) throws IOException {
        List<String> command = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
        command.addAll(ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS));
        command.addAll(List.of(ListeningProgram.class.getName(), end.name(), Integer.toString(address.getPort())));
        return new ChildJvm(directory, command);
    }

    private static void assertEndsQuietly(ChildJvm child, ListeningProgram.End end) throws Exception {
        boolean signal = end == ListeningProgram.End.SIGNAL;
        if (signal) {
            child.awaitLine("listening");
            child.terminate();
        }
        assertEquals(signal ? STATUS_OF_SIGTERM : 0, child.awaitExit(), child::toString);
        assertTrue(child.output().contains("listening"), child::toString);
        assertEquals(List.of(), child.errors(), "standard error");
    }

    /** As a program would that does not say SO_REUSEADDR, right after the end of the process. */
    private void bindWithoutReuse() throws IOException {
        try (ServerSocket next = new ServerSocket()) {
            next.setReuseAddress(false);
            next.bind(address);
        }
    }
}
