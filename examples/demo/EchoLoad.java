package demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.HdrHistogram.Histogram;

/**
 * A closed loop of load on one echo server: on each connection the next message is sent when the one before has come
 * back and been compared. One thread, the caller's, on the JDK's selectable channels: it costs less than the server.
 */
final class EchoLoad implements AutoCloseable {
    /** A server that is silent for so long on all connections has stopped. */
    private static final long STALL_MILLIS = 10_000;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Selector selector;
    private final List<EchoClient> clients = new ArrayList<>();

    /**
     * What one run has shown.
     *
     * @param messages     messages that came back
     * @param elapsedNanos time in which they did
     * @param roundTrip    nanoseconds from sending a message to having it back
     */
    record Result(long messages, long elapsedNanos, Histogram roundTrip) {
        double messagesPerSecond() {
            return messages * 1e9 / elapsedNanos;
        }
    }

    /** Connects; each connection has a seed of its own, counted up from {@code seed}. */
    EchoLoad(InetSocketAddress server, int connections, int messageBytes, long seed) throws IOException {
        selector = Selector.open();
        try {
            for (int i = 0; i < connections; i++) {
                clients.add(new EchoClient(server, selector, messageBytes, seed + i));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Keeps one message in flight per connection for that time, and returns when the last one is back. */
    Result run(Duration duration) throws IOException {
        Histogram roundTrip = new Histogram(SIGNIFICANT_DIGITS);
        long startNanos = System.nanoTime();
        long durationNanos = duration.toNanos();
        for (EchoClient client : clients) {
            client.send(System.nanoTime());
        }
        int inFlight = clients.size();
        while (inFlight > 0) {
            int[] finished = {0};
            select(client -> {
                if (!client.receive()) {
                    return;
                }
                long nowNanos = System.nanoTime();
                roundTrip.recordValue(client.nanosSinceSent(nowNanos));
                if (nowNanos - startNanos < durationNanos) {
                    client.send(nowNanos);
                } else {
                    finished[0]++;
                }
            });
            inFlight -= finished[0];
        }
        return new Result(roundTrip.getTotalCount(), System.nanoTime() - startNanos, roundTrip);
    }

    /** Says on every connection that it was the last message, and sees the server close each without another byte. */
    void finish() throws IOException {
        for (EchoClient client : clients) {
            client.shutdownOutput();
        }
        while (!openKeys().isEmpty()) {
            select(EchoClient::receiveEnd);
        }
    }

    private List<SelectionKey> openKeys() {
        return selector.keys().stream().filter(SelectionKey::isValid).toList();
    }

    private interface Action {
        void on(EchoClient client) throws IOException;
    }

    private void select(Action action) throws IOException {
        int ready;
        try {
            ready = selector.select(key -> {
                try {
                    action.on((EchoClient) key.attachment());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, STALL_MILLIS);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (ready == 0) {
            throw new IOException("nothing came back for " + STALL_MILLIS / 1000 + " s");
        }
    }

    @Override
    public void close() throws IOException {
        for (EchoClient client : clients) {
            client.close();
        }
        selector.close();
    }
}
