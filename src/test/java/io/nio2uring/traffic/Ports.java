package io.nio2uring.traffic;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that stay free until the test binds them. */
public final class Ports {
    private static final int LOWEST = 10_000;

    private Ports() {
    }

    /**
     * A port of {@code address} that nobody has bound, below the range from which the system hands out ports for
     * outgoing connections: a port of that range may be some other connection's a moment later.
     */
    public static int free(InetAddress address) throws IOException {
        String range = Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range")).getFirst();
        int end = Integer.parseInt(range.split("\\s+")[0]);
        if (end <= LOWEST) {
            throw new AssertionError("no port is outside of the ephemeral range " + range);
        }
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, end);
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(false);
                probe.bind(new InetSocketAddress(address, port));
                return port;
            } catch (BindException taken) {
                continue;
            }
        }
    }
}
