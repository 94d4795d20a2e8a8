package io.nio2uring.conformance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An address on which connecting neither succeeds nor fails: a listening socket whose accept queue is full. */
final class Blackhole implements AutoCloseable {
    private static final int BACKLOG = 1;
    private static final String LISTENING = "0A";

    private final ServerSocketChannel server;
    private final List<SocketChannel> fillers = new ArrayList<>();

    Blackhole() throws IOException {
        server = ServerSocketChannel.open().bind(Conformance.loopback(0), BACKLOG);
        // Linux takes one more than the backlog; the others stay in their handshake for as long as nobody accepts.
        for (int i = 0; i < BACKLOG + 3; i++) {
            SocketChannel filler = SocketChannel.open();
            filler.configureBlocking(false);
            filler.connect(address());
            fillers.add(filler);
        }
        Eventually.until("the accept queue is full", () -> acceptQueueLength() > BACKLOG);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    /** Makes room by accepting everyone, so that the pending connections can be established. */
    void open() throws IOException {
        server.configureBlocking(false);
        for (SocketChannel next = server.accept(); next != null; next = server.accept()) {
            fillers.add(next);
        }
    }

    /** For a listening socket the kernel shows the length of its accept queue as its receive queue. */
    private int acceptQueueLength() {
        try {
            String port = ":%04X".formatted(address().getPort());
            for (String file : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
                for (String line : Files.readAllLines(Path.of(file))) {
                    String[] fields = line.trim().split("\\s+");
                    if (fields[1].endsWith(port) && fields[3].equals(LISTENING)) {
                        return Integer.parseInt(fields[4].substring(fields[4].indexOf(':') + 1), 16);
                    }
                }
            }
            return -1;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel filler : fillers) {
            filler.close();
        }
        server.close();
    }
}
