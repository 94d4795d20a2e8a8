package io.nio2uring.reliability;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Connections that behave: each sends a message, waits until it is back, and sends the next. */
final class Bystanders implements AutoCloseable {
    static final int COUNT = 8;
    private static final int MESSAGE_BYTES = 64;

    private final List<Socket> sockets = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(COUNT);

    Bystanders(InetSocketAddress server) throws IOException {
        for (int i = 0; i < COUNT; i++) {
            Socket socket = new Socket(server.getAddress(), server.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(EchoProcess.PATIENCE_MILLIS);
            sockets.add(socket);
        }
    }

    /** Goes on for some time, and for some messages on each connection at least; how long each took. */
    Latencies exchange(int atLeast, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        List<Future<long[]>> all = new ArrayList<>();
        for (Socket socket : sockets) {
            all.add(threads.submit(() -> exchange(socket, atLeast, end)));
        }
        List<long[]> parts = new ArrayList<>();
        for (Future<long[]> each : all) {
            try {
                parts.add(each.get());
            } catch (ExecutionException e) {
                throw new AssertionError("a connection that does nothing wrong was not served", e.getCause());
            }
        }
        return new Latencies(parts);
    }

    private static long[] exchange(Socket socket, int atLeast, long end) throws IOException {
        long[] latencies = new long[1 << 12];
        int count = 0;
        for (; count < atLeast || System.nanoTime() - end < 0; count++) {
            byte[] message = new Stream(socket.getLocalPort() * 1_000L + count)
                    .fill(ByteBuffer.allocate(MESSAGE_BYTES), 0).array();
            long begun = System.nanoTime();
            socket.getOutputStream().write(message);
            byte[] answer = socket.getInputStream().readNBytes(MESSAGE_BYTES);
            if (count == latencies.length) {
                latencies = Arrays.copyOf(latencies, 2 * count);
            }
            latencies[count] = System.nanoTime() - begun;
            if (!Arrays.equals(message, answer)) {
                throw new AssertionError("got " + Arrays.toString(answer) + " for " + Arrays.toString(message));
            }
        }
        return Arrays.copyOf(latencies, count);
    }

    @Override
    public void close() throws IOException {
        threads.shutdown();
        for (Socket each : sockets) {
            each.close();
        }
    }

    /** How long messages took to come back. */
    static final class Latencies {
        private final long[] sortedNanos;

        Latencies(List<long[]> parts) {
            sortedNanos = parts.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        }

        long percentileMicros(double percent) {
            return sortedNanos[(int) Math.ceil(percent / 100 * sortedNanos.length) - 1] / 1000;
        }

        @Override
        public String toString() {
            return "p50 %,d µs, p99 %,d µs".formatted(percentileMicros(50), percentileMicros(99));
        }
    }
}
