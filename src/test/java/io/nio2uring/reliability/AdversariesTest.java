package io.nio2uring.reliability;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.nio2uring.reliability.Bystanders.Latencies;
import io.nio2uring.reliability.EchoProcess.Holdings;
import io.nio2uring.traffic.Ports;
import io.nio2uring.traffic.TimeLimit;
import io.nio2uring.traffic.Waiting;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Under each {@link Adversary} the server's memory stays what it was, but for the connections themselves, and others are
 * served. In a build so many messages of theirs have to come back; {@code -Dadversaries.seconds=10} measures for so long,
 * without the adversary and with it, on our provider and on the JDK's, and prints how long messages take.
 */
class AdversariesTest {
    private static final int SECONDS = Integer.getInteger("adversaries.seconds", 0);
    private static final String URING = "io.nio2uring.UringAsynchronousChannelProvider";
    private static final String JDK = "sun.nio.ch.LinuxAsynchronousChannelProvider";
    private static final int MESSAGES = 500;
    /** The channel, its operations and its handler; the buffer of 1 KiB is the program's own. */
    private static final int HEAP_BYTES_PER_CONNECTION = 4096;
    /** What a JVM that is still warming up adds. */
    private static final int HEAP_BYTES_OF_THE_JVM = 4 << 20;

    @ParameterizedTest
    @EnumSource
    @TimeLimit(seconds = 300)
    void othersAreServedAndMemoryStaysBounded(Adversary adversary) throws Exception {
        for (String provider : SECONDS == 0 ? List.of(URING) : List.of(URING, JDK)) {
            InetSocketAddress address =
                    new InetSocketAddress(EchoProcess.LOOPBACK, Ports.free(EchoProcess.LOOPBACK));
            try (EchoProcess server = new EchoProcess("true", address.getPort(), EchoProcess.provider(provider));
                    Bystanders bystanders = new Bystanders(address)) {
                suffer(adversary, server, address, bystanders, provider);
            }
        }
    }

    private static void suffer(Adversary adversary, EchoProcess server, InetSocketAddress address,
            Bystanders bystanders, String provider) throws Exception {
        long nanos = TimeUnit.SECONDS.toNanos(SECONDS);
        bystanders.exchange(MESSAGES, nanos / 5);
        Latencies usual = bystanders.exchange(MESSAGES, nanos);
        Holdings before = server.holdings();
        Latencies attacked;
        long done;
        try (Attack attack = new Attack(adversary, address)) {
            attack.awaitEnough();
            long begun = attack.done();
            attacked = bystanders.exchange(MESSAGES, nanos);
            done = attack.done() - begun;
            Holdings during = server.holdings();
            assertTrue(during.connections() >= before.connections() + attack.connections(),
                    () -> "not all of the attack was accepted: " + during);
            assertBounded(before, during, "in " + adversary);
        }
        Waiting.until("the end of the attack's connections", () -> connections(server) == before.connections());
        Holdings after = server.holdings();
        assertBounded(before, after, "after " + adversary);
        if (SECONDS > 0) {
            System.out.printf("%s, %s: %s, without: %s; done in %d s: %,d%n", adversary,
                    provider.replaceAll(".*\\.", ""), attacked, usual, SECONDS, done);
        }
    }

    private static int connections(EchoProcess server) {
        try {
            return server.holdings().connections();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assertBounded(Holdings before, Holdings now, String when) {
        assertTrue(now.nativeBytes() <= before.nativeBytes(), () -> when + ": native memory of ours grew from "
                + before.nativeBytes() + " to " + now.nativeBytes() + " bytes");
        long heapBytes = before.heapBytes() + HEAP_BYTES_OF_THE_JVM
                + (long) HEAP_BYTES_PER_CONNECTION * (now.connections() - before.connections());
        assertTrue(now.heapBytes() <= heapBytes, () -> when + ": the heap grew from " + before + " to " + now);
    }
}
