package io.nio2uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.Polling;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private Properties before;

    @BeforeEach
    void remember() {
        before = (Properties) System.getProperties().clone();
    }

    @AfterEach
    void restore() {
        System.setProperties(before);
    }

    @Test
    void withoutPropertiesEverythingIsAsUsual() {
        assertEquals(LoopOptions.DEFAULT, Configuration.fromSystemProperties().loops());
    }

    @Test
    void legalValuesTakeEffect() {
        System.setProperty("nio2uring.ring.entries", "2");
        System.setProperty("nio2uring.ring.completionEntries", " 4 ");
        System.setProperty("nio2uring.receiveBuffers.count", "1");
        System.setProperty("nio2uring.receiveBuffers.bytes", "64");
        System.setProperty("nio2uring.stagingBuffers.count", "3");
        System.setProperty("nio2uring.stagingBuffers.bytes", "100");
        assertEquals(new LoopOptions(2, 4, 1, 64, 3, 100), Configuration.fromSystemProperties().loops());
    }

    @Test
    void theCompletionQueueIsNotShorterThanTheOther() {
        System.setProperty("nio2uring.ring.entries", "8192");
        assertEquals(0, Configuration.fromSystemProperties().loops().completionEntries(), "twice as many");
        System.setProperty("nio2uring.ring.completionEntries", "8192");
        assertEquals(8192, Configuration.fromSystemProperties().loops().completionEntries());
        System.setProperty("nio2uring.ring.completionEntries", "8191");
        String message = assertThrows(IllegalArgumentException.class, Configuration::fromSystemProperties).getMessage();
        assertTrue(message.contains("nio2uring.ring.completionEntries is '8191'")
                && message.contains("nio2uring.ring.entries, which is 8192"), message);
        System.clearProperty("nio2uring.ring.entries");
        System.setProperty("nio2uring.ring.completionEntries", "512");
        assertThrows(IllegalArgumentException.class, Configuration::fromSystemProperties);
    }

    @Test
    void pollingIsOffUnlessAskedFor() {
        assertEquals(Polling.NONE, Configuration.fromSystemProperties().loops().polling());
        System.setProperty("nio2uring.spin", "50");
        System.setProperty("nio2uring.sqpoll", "20");
        System.setProperty("nio2uring.sqpoll.cpu", "1");
        System.setProperty("nio2uring.napi", "30");
        assertEquals(new Polling(50_000, true, 20, 1, 30), Configuration.fromSystemProperties().loops().polling());
    }

    @Test
    void aProcessorWithoutPollingThreadIsRefused() {
        System.setProperty("nio2uring.sqpoll.cpu", "1");
        Throwable thrown = assertThrows(IllegalArgumentException.class, Configuration::fromSystemProperties);
        assertTrue(thrown.getMessage().contains("nio2uring.sqpoll.cpu is '1'"), thrown.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"spin, -1, from 0 to", "spin, 1000001, to 1000000", "sqpoll, -1, from 0 to",
        "sqpoll.cpu, -2, from -1 to",
        "napi, x, whole number", "ring.entries, 0, from 1 to", "ring.entries, -1, from 1 to",
        "ring.entries, 32769, to 32768",
        "ring.entries, many, whole number", "ring.entries, '', whole number",
        "ring.completionEntries, -1, from 0 to", "ring.completionEntries, 65537, to 65536",
        "receiveBuffers.count, 3, power of two", "receiveBuffers.count, 0, from 1 to",
        "receiveBuffers.count, 65536, to 32768", "receiveBuffers.bytes, 63, from 64 to",
        "stagingBuffers.count, 0, from 1 to", "stagingBuffers.bytes, 99999999999, to 16777216"})
    void aBadValueIsNamedWithItsPropertyAndWhatIsLegal(String name, String value, String legal) {
        System.setProperty("nio2uring." + name, value);
        Throwable thrown = assertThrows(IllegalArgumentException.class, Configuration::fromSystemProperties);
        String message = thrown.getMessage();
        assertTrue(message.contains("nio2uring." + name), message);
        assertTrue(message.contains("'" + value + "'"), message);
        assertTrue(message.contains(legal), message);
    }

    @Test
    void aBadValueFailsTheFirstGroupAndNothingIsLeftBehind() {
        System.setProperty("nio2uring.ring.entries", "none");
        UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
        for (int attempt = 0; attempt < 2; attempt++) {
            Throwable thrown = assertThrows(IllegalArgumentException.class,
                    () -> provider.openAsynchronousChannelGroup(1, Executors.defaultThreadFactory()));
            assertTrue(thrown.getMessage().contains("nio2uring.ring.entries"), thrown.getMessage());
        }
        assertEquals(0, provider.statistics().loops());
    }

    /** A queue of one entry makes a system call for each: that is how its size shows. */
    @Test
    void theSizesReachTheRings() throws Exception {
        System.setProperty("nio2uring.ring.entries", "1");
        System.setProperty("nio2uring.receiveBuffers.count", "1");
        System.setProperty("nio2uring.receiveBuffers.bytes", "64");
        UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
        AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        try {
            AsynchronousServerSocketChannel server = provider.openAsynchronousServerSocketChannel(group)
                    .bind(new InetSocketAddress("127.0.0.1", 0));
            Future<AsynchronousSocketChannel> accept = server.accept();
            AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(group);
            client.connect(server.getLocalAddress()).get(10, TimeUnit.SECONDS);
            AsynchronousSocketChannel accepted = accept.get(10, TimeUnit.SECONDS);
            // Begun before there is something to be read, so it is done by the loop.
            Future<Integer> read = accepted.read(ByteBuffer.allocate(200));
            assertEquals(200, client.write(ByteBuffer.allocate(200)).get(10, TimeUnit.SECONDS));
            assertEquals(64, read.get(10, TimeUnit.SECONDS),
                    "no more than a receive buffer holds");
            ProviderStatistics statistics = provider.statistics();
            assertTrue(statistics.enterCalls() >= statistics.entriesSubmitted(), statistics::toString);
        } finally {
            group.shutdownNow();
            assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
        }
    }
}
