package bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLongArray;

import com.sun.management.OperatingSystemMXBean;

/**
 * The program that is measured where futures are: virtual threads, each with a connection to an echo server, each of
 * which does {@code write(..).get(); read(..).get()} again and again. Usage:
 * {@code FutureClient GROUP PORT THREADS MESSAGE_BYTES}. At a line {@code NANOS} on standard input it does so for that
 * long, and answers what was echoed at what cost in processor time.
 */
public final class FutureClient {
    /** Counters of two threads do not share a cache line. */
    private static final int STRIDE = 16;
    /** Before the measured time. */
    private static final long RAMP_MILLIS = 200;

    private final List<AsynchronousSocketChannel> channels = new ArrayList<>();
    private final AtomicLongArray echoed;
    private final int messageBytes;
    private volatile boolean isOver;

    private FutureClient(int threads, int messageBytes) {
        this.echoed = new AtomicLongArray(threads * STRIDE);
        this.messageBytes = messageBytes;
    }

    /** Runs until standard input ends. */
    public static void main(String[] arguments) throws Exception {
        AsynchronousChannelGroup group = Groups.open(arguments[0]);
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"),
                Integer.parseInt(arguments[1]));
        int threads = Integer.parseInt(arguments[2]);
        FutureClient client = new FutureClient(threads, Integer.parseInt(arguments[3]));
        for (int i = 0; i < threads; i++) {
            AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group);
            channel.connect(server).get();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.channels.add(channel);
        }
        System.out.println("provider=" + AsynchronousChannelProvider.provider().getClass().getName());
        try (BufferedReader requests = new BufferedReader(new InputStreamReader(System.in))) {
            for (String request = requests.readLine(); request != null; request = requests.readLine()) {
                System.out.println(client.measure(Long.parseLong(request)));
            }
        }
        System.exit(0);
    }

    private void exchange(AsynchronousSocketChannel channel, int index) {
        ByteBuffer out = ByteBuffer.allocateDirect(messageBytes);
        for (int i = 0; i < messageBytes; i++) {
            out.put((byte) (i * 31 + index));
        }
        out.flip();
        ByteBuffer in = ByteBuffer.allocateDirect(messageBytes);
        try {
            while (!isOver) {
                while (out.hasRemaining()) {
                    channel.write(out).get();
                }
                while (in.hasRemaining()) {
                    if (channel.read(in).get() < 0) {
                        throw new IOException("the server ended a connection");
                    }
                }
                out.rewind();
                in.rewind();
                if (!in.equals(out)) {
                    throw new IOException("the server returned other bytes than were sent");
                }
                // Written by this thread alone.
                echoed.setRelease(index, echoed.getPlain(index) + 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String measure(long nanos) throws InterruptedException {
        isOver = false;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            AsynchronousSocketChannel channel = channels.get(i);
            int index = i * STRIDE;
            threads.add(Thread.ofVirtual().start(() -> exchange(channel, index)));
        }
        Thread.sleep(RAMP_MILLIS);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long countBefore = total();
        long cpuBefore = system.getProcessCpuTime();
        long start = System.nanoTime();
        Thread.sleep(nanos / 1_000_000);
        long elapsed = System.nanoTime() - start;
        long cpu = system.getProcessCpuTime() - cpuBefore;
        long count = total() - countBefore;
        isOver = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return "messages=" + count + " nanos=" + elapsed + " cpuNanos=" + cpu;
    }

    private long total() {
        long total = 0;
        for (int i = 0; i < echoed.length(); i += STRIDE) {
            total += echoed.getAcquire(i);
        }
        return total;
    }
}
