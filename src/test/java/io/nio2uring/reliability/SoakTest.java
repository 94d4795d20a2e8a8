package io.nio2uring.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.nio2uring.sys.NativeMemory;
import io.nio2uring.traffic.OpenFiles;
import io.nio2uring.traffic.Waiting;
import org.junit.jupiter.api.Test;

/**
 * Many connections with all faults that peers and users make, at once and for long; at the end every operation has had
 * one outcome, and every descriptor, native byte and thread is accounted for.
 *
 * <p>{@code -Dsoak.seconds=600} for longer, {@code -Dsoak.seed=N} for what another run did. Which operations meet which
 * fault is the seed's; their interleaving is the kernel's.
 */
class SoakTest {
    private static final int SECONDS = Integer.getInteger("soak.seconds", 30);
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime() & 0xFFFF_FFFFL);
    /** Connections at a time. */
    private static final int CONCURRENT = 200;
    private static final int DOOMED = 50;
    /** Connections at a time of a process that runs on the JDK's provider. */
    private static final int ON_JDK = 50;
    private static final String JDK = "sun.nio.ch.LinuxAsynchronousChannelProvider";

    @Test
    void nothingIsLostUnderAllFaultsAtOnce() throws Exception {
        // Starts what stays: the JVM's and the provider's own threads, and the first connection's classes.
        Ledger warmUp = new Ledger();
        do {
            run(1, warmUp, SEED);
        } while (warmUp.faults(SoakClient.Kind.RESET.toString()) == 0);

        Map<String, Integer> filesBefore = OpenFiles.byKind();
        Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
        long bytesBefore = NativeMemory.allocatedBytes();
        Ledger ledger = new Ledger();
        run(SECONDS, ledger, SEED + 1);

        System.out.println("soak of " + SECONDS + " s, seed " + SEED + ": " + ledger);
        assertEquals(ledger.begun.sum(), ledger.ended.sum(), "each operation has ended: " + ledger);
        assertEquals(0, ledger.endedTwice.sum(), "none has ended twice");
        assertTrue(ledger.onJdk.sum() > 0, () -> "no connection came from the JDK's provider: " + ledger);
        for (SoakClient.Kind kind : SoakClient.Kind.values()) {
            assertTrue(ledger.faults(kind.toString()) > 0, () -> "no connection was a " + kind + ": " + ledger);
        }
        OpenFiles.untilBackTo(filesBefore);
        assertEquals(bytesBefore, NativeMemory.allocatedBytes(), "native memory of ours");
        Waiting.until("end of threads", () -> newThreads(threadsBefore).isEmpty());
    }

    private static List<Thread> newThreads(Set<Thread> before) {
        List<Thread> threads = new ArrayList<>(Thread.getAllStackTraces().keySet());
        threads.removeAll(before);
        // Of the JVM's, which come and go as the load does; the schedulers of virtual threads and of futures, what starts
        // with the first virtual thread that waits for a monitor, and who waits for processes among them.
        threads.removeIf(thread -> {
            // Asked once: it is gone as soon as the thread has ended.
            ThreadGroup group = thread.getThreadGroup();
            return group == null || group.getParent() == null || group.getName().equals("InnocuousThreadGroup")
                    || thread.getName().startsWith("ForkJoinPool");
        });
        return threads;
    }

    private static void run(int seconds, Ledger ledger, long seed) throws Exception {
        AsynchronousChannelGroup servers = AsynchronousChannelGroup.withFixedThreadPool(2, Thread::new);
        AsynchronousChannelGroup clients = AsynchronousChannelGroup.withFixedThreadPool(2, Thread::new);
        SoakServer server = new SoakServer(servers, ledger);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Process others = start("-D" + AsynchronousChannelProvider.class.getName() + '=' + JDK, SoakClients.class,
                server.address.getPort(), seconds, ON_JDK, seed + 1_000_000);
        SoakClients users = new SoakClients(clients, server.address, ledger, CONCURRENT, seed, end);
        while (System.nanoTime() - end < 0 && users.defect.get() == null) {
            killClients(server, ledger);
        }
        users.join();
        join(others, ledger);
        Waiting.until("end of the server's connections", () -> server.open.get() == 0);
        server.close();
        for (AsynchronousChannelGroup group : List.of(servers, clients)) {
            group.shutdown();
            assertTrue(group.awaitTermination(20, TimeUnit.SECONDS),
                    "the group terminates when its channels are closed");
        }
        assertNull(server.defect.get(), () -> "the server failed: " + server.defect.get());
    }

    private static Process start(String option, Class<?> program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-Xmx128m", option, "-cp", System.getProperty("java.class.path"),
                program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Clients that have nothing of ours, and check as much as those that have. */
    private static void join(Process clients, Ledger ledger) throws Exception {
        try (BufferedReader out = clients.inputReader()) {
            assertEquals(JDK, out.readLine(), "provider of the other clients");
            String sums = out.readLine();
            assertEquals(0, clients.waitFor(), "status of the other clients, which have told why");
            String[] numbers = sums.split(" ");
            ledger.connections.add(Long.parseLong(numbers[0]));
            ledger.bytes.add(Long.parseLong(numbers[1]));
            ledger.onJdk.add(Long.parseLong(numbers[0]));
        } finally {
            clients.destroyForcibly();
        }
    }

    /** A process with connections under way is killed: its kernel ends them, by FIN or RST. */
    private static void killClients(SoakServer server, Ledger ledger) throws Exception {
        Process process = start("-Xss512k", DoomedClients.class, server.address.getPort(), DOOMED);
        try (BufferedReader out = process.inputReader()) {
            assertEquals("connected", out.readLine());
            Waiting.until("connections of the process", () -> server.open.get() >= DOOMED);
        } finally {
            process.destroyForcibly().waitFor();
        }
        ledger.connections.add(DOOMED);
        for (int i = 0; i < DOOMED; i++) {
            ledger.fault("client killed with its process");
        }
    }
}
