package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.nio2uring.loop.LoopOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 5: what the kernel, or a queue, or a stock of buffers refuses is kept and tried again. Hundreds of
 * connections on rings that have room for one or two entries, and one or two small buffers for all of them.
 */
class RefusedSubmissionIsKeptTest {
    private static final int CONNECTIONS = 200;

    private interface Opening {
        OpenGroup open(LoopOptions options) throws IOException;
    }

    private static Stream<Arguments> tiny() {
        List<LoopOptions> sizes = List.of(new LoopOptions(1, 2, 1, 64, 1, 64), new LoopOptions(2, 4, 2, 64, 1, 64),
                new LoopOptions(1, 0, 2, 64, 1, 64), new LoopOptions(2, 2, 1, 64, 2, 64),
                new LoopOptions(2, 2, 2, 64, 2, 64).with(OpenGroup.SPINNING),
                new LoopOptions(2, 4, 2, 64, 1, 64).with(OpenGroup.SQPOLL));
        List<Arguments> all = new ArrayList<>();
        for (LoopOptions options : sizes) {
            all.add(Arguments.of("fixed(1)", options, (Opening) each -> OpenGroup.fixed(1, each)));
            all.add(Arguments.of("fixed(3)", options, (Opening) each -> OpenGroup.fixed(3, each)));
            all.add(Arguments.of("executor", options, (Opening) each -> OpenGroup
                    .elastic(Executors.newFixedThreadPool(2, OpenGroup.silent("pool")), 0, each)));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("tiny")
    void everyByteComesBackOnEveryConnection(String name, LoopOptions options, Opening opening) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        Queue<Throwable> failures;
        try (OpenGroup group = opening.open(options)) {
            ByteEcho echo = new ByteEcho(group, 300);
            failures = echo.failures();
            List<Socket> peers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                peers.add(group.connect(echo.server()));
            }
            for (int round = 0; round < 3; round++) {
                List<byte[]> sent = new ArrayList<>();
                for (Socket peer : peers) {
                    byte[] message = new byte[random.nextInt(1, 1500)];
                    random.nextBytes(message);
                    sent.add(message);
                    peer.getOutputStream().write(message);
                }
                for (int i = 0; i < CONNECTIONS; i++) {
                    assertArrayEquals(sent.get(i), read(peers.get(i), sent.get(i).length), "connection " + i);
                }
            }
            for (Socket peer : peers) {
                peer.shutdownOutput();
            }
            for (Socket peer : peers) {
                assertEquals(-1, read1(peer), "the end of the stream comes back, too");
            }
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    /** Connects, reads and writes that are started all at once, and the end of the stream only where there is one. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("tiny")
    void operationsStartedAllAtOnceAllComplete(String name, LoopOptions options, Opening opening) throws IOException {
        byte[] marked = new byte[64];
        try (OpenGroup group = opening.open(options)) {
            List<AsynchronousSocketChannel> channels = new ArrayList<>();
            List<Future<Void>> connects = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                AsynchronousSocketChannel channel = group.open();
                channels.add(channel);
                connects.add(channel.connect(group.address()));
            }
            Socket[] peers = new Socket[CONNECTIONS];
            List<Socket> unsorted = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                unsorted.add(group.acceptPeer());
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                Waits.result(connects.get(i), "connect");
                int port = ((InetSocketAddress) channels.get(i).getLocalAddress()).getPort();
                peers[i] = unsorted.stream().filter(each -> each.getPort() == port).findFirst().orElseThrow();
            }
            List<ByteBuffer> buffers = new ArrayList<>();
            List<Outcome<Integer>> reads = new ArrayList<>();
            List<Outcome<Integer>> writes = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                ByteBuffer buffer = i % 2 == 0 ? ByteBuffer.allocate(64) : ByteBuffer.allocateDirect(64);
                Outcome<Integer> read = new Outcome<>();
                Outcome<Integer> write = new Outcome<>();
                channels.get(i).read(buffer, null, read);
                Arrays.fill(marked, (byte) i);
                channels.get(i).write(ByteBuffer.wrap(marked.clone()), null, write);
                buffers.add(buffer);
                reads.add(read);
                writes.add(write);
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                assertEquals(64, writes.get(i).value("write " + i));
                Arrays.fill(marked, (byte) i);
                assertArrayEquals(marked, read(peers[i], 64), "connection " + i);
            }
            // Every third peer ends instead of answering.
            for (int i = 0; i < CONNECTIONS; i++) {
                if (i % 3 == 0) {
                    peers[i].shutdownOutput();
                } else {
                    Arrays.fill(marked, (byte) ~i);
                    peers[i].getOutputStream().write(marked, 0, 50);
                }
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                assertEquals(i % 3 == 0 ? -1 : 50, reads.get(i).value("read " + i));
                ByteBuffer buffer = buffers.get(i).flip();
                while (buffer.hasRemaining()) {
                    assertEquals((byte) ~i, buffer.get(), "connection " + i);
                }
            }
            assertTrue(reads.stream().allMatch(each -> each.calls() == 1));
            assertTrue(writes.stream().allMatch(each -> each.calls() == 1));
        }
    }

    private static int read1(Socket peer) throws IOException {
        try {
            return peer.getInputStream().read();
        } catch (java.net.SocketTimeoutException e) {
            throw Waits.tooLong("end of stream on " + peer);
        }
    }

    private static byte[] read(Socket peer, int count) throws IOException {
        try {
            return peer.getInputStream().readNBytes(count);
        } catch (java.net.SocketTimeoutException e) {
            throw Waits.tooLong("data on " + peer);
        }
    }
}
