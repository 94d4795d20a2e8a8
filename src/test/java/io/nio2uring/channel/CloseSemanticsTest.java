package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.traffic.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant 3: close ends what is pending with {@code AsynchronousCloseException}, the peer sees the end, and the
 * address of a server can be bound again as soon as close has returned.
 */
class CloseSemanticsTest {
    private interface Opening {
        OpenGroup open() throws IOException;
    }

    private static Stream<Opening> groups() {
        return Stream.of(() -> OpenGroup.fixed(1), () -> OpenGroup.fixed(2), OpenGroup::cached,
                () -> OpenGroup.elastic(Executors.newFixedThreadPool(1, OpenGroup.silent("pool")), 0,
                        LoopOptions.DEFAULT),
                () -> OpenGroup.fixed(1, new LoopOptions(1, 2, 1, 64, 1, 4096)),
                () -> OpenGroup.fixed(1, LoopOptions.DEFAULT.with(OpenGroup.SPINNING)),
                () -> OpenGroup.fixed(1, LoopOptions.DEFAULT.with(OpenGroup.SQPOLL)));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void everyPendingOperationFailsOnceAndThePeerSeesTheEnd(Opening opening) throws IOException {
        List<Outcome<?>> outcomes = new ArrayList<>();
        int late = 0;
        try (OpenGroup group = opening.open()) {
            for (int round = 0; round < 4; round++) {
                Pair pair = group.pair();
                Outcome<Integer> read = new Outcome<>();
                boolean direct = round % 2 == 0;
                pair.channel().read(direct ? ByteBuffer.allocateDirect(8) : ByteBuffer.allocate(8), null, read);
                Filled filled = fill(group, pair.channel(), direct);
                pair.channel().close();
                assertInstanceOf(AsynchronousCloseException.class, read.failure("read"));
                Waits.until(filled.pending::isThere, "end of the write");
                if (!filled.pending.isFailure() && late < 3) {
                    // It was done before the close, and told late: a machine so slow shows nothing.
                    late++;
                    round--;
                    continue;
                }
                assertInstanceOf(AsynchronousCloseException.class, filled.pending.failure("write"));
                long received = 0;
                byte[] some = new byte[1 << 16];
                for (int count; (count = pair.peer().getInputStream().read(some)) >= 0;) {
                    received += count;
                }
                assertFalse(received < filled.sent, "what was reported as written arrives before the end");
                outcomes.add(read);
                outcomes.add(filled.pending);
            }
        }
        outcomes.forEach(outcome -> assertEquals(1, outcome.calls()));
    }

    /** What was written, and the write that stays pending. */
    private record Filled(long sent, Outcome<Long> pending) {
    }

    /** Writes until the peer's and our own queues are full. */
    private static Filled fill(OpenGroup group, AsynchronousSocketChannel channel, boolean direct) throws IOException {
        // On every loop, to know that it has turned.
        Pair[] others = {group.pair(), group.pair()};
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 16);
        long total = 0;
        for (;;) {
            ByteBuffer[] large = {direct ? ByteBuffer.allocateDirect(1 << 20) : ByteBuffer.allocate(1 << 20)};
            Outcome<Long> write = new Outcome<>();
            channel.write(large, 0, 1, 0, java.util.concurrent.TimeUnit.SECONDS, null, write);
            long start = System.nanoTime();
            while (!write.isThere() && System.nanoTime() - start < 100_000_000) {
                Thread.onSpinWait();
            }
            for (Pair other : others) {
                // It has to wait, and so cannot be done without the loop.
                Future<Integer> read = other.channel().read(ByteBuffer.allocate(1));
                other.peer().getOutputStream().write(1);
                Waits.result(read, "a turn of the loop");
            }
            if (!write.isThere()) {
                return new Filled(total, write);
            }
            total += write.value("write");
        }
    }

    /**
     * With a port that is asked for by number: one that the system chose is given up by a shutdown already, and may be some
     * other connection's the moment that it is free.
     */
    private static InetSocketAddress freeAddress() throws IOException {
        return new InetSocketAddress(OpenGroup.LOOPBACK, Ports.free(OpenGroup.LOOPBACK));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void anAddressCanBeBoundAgainAtOnce(Opening opening) throws IOException {
        try (OpenGroup group = opening.open()) {
            InetSocketAddress address = freeAddress();
            AsynchronousServerSocketChannel server = group.listen(address);
            for (int round = 0; round < 100; round++) {
                Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
                server.accept(null, accept);
                if (round % 2 == 0) {
                    Waits.result(group.open().connect(address), "connect");
                    accept.value("accept").close();
                    accept = new Outcome<>();
                    server.accept(null, accept);
                }
                server.close();
                server = group.listen(address);
                assertInstanceOf(AsynchronousCloseException.class, accept.failure("accept"));
            }
        }
    }

    /**
     * The kernel posts the completion of an accept before it lets go of the file, which is held here for as long as the
     * address is bound again.
     */
    @Test
    void aClosedServerDoesNotListenWhoeverHoldsItsFile() throws IOException {
        try (OpenGroup group = OpenGroup.fixed(1)) {
            InetSocketAddress address = freeAddress();
            AsynchronousServerSocketChannel server = group.listen(address);
            int held = FileCalls.dup3(descriptorOf(address), 1_000, FileCalls.O_CLOEXEC);
            try {
                server.close();
                group.listen(address).close();
            } finally {
                FileCalls.close(held);
            }
        }
    }

    private static int descriptorOf(InetSocketAddress address) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.mapToInt(each -> Integer.parseInt(each.getFileName().toString()))
                    .filter(fd -> {
                        try {
                            return address.equals(Sockets.localAddress(fd));
                        } catch (IOException noSocket) {
                            return false;
                        }
                    }).findFirst().orElseThrow();
        }
    }

    /** Not only to sockets with {@code SO_REUSEADDR}: the descriptor has been released when close returns. */
    @ParameterizedTest
    @MethodSource("groups")
    void anAddressIsFreeForASocketThatDoesNotAskForReuse(Opening opening) throws IOException {
        try (OpenGroup group = opening.open()) {
            InetSocketAddress address = freeAddress();
            for (int round = 0; round < 100; round++) {
                AsynchronousServerSocketChannel server = group.listen(address);
                Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
                server.accept(null, accept);
                server.close();
                try (ServerSocket next = new ServerSocket()) {
                    next.setReuseAddress(false);
                    next.bind(address);
                }
                assertInstanceOf(AsynchronousCloseException.class, accept.failure("accept"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void anAddressCanBeBoundAgainFromWithinAHandler(Opening opening) throws IOException {
        try (OpenGroup group = opening.open()) {
            for (int round = 0; round < 20; round++) {
                InetSocketAddress address = freeAddress();
                AsynchronousServerSocketChannel server = group.listen(address);
                CompletableFuture<AsynchronousServerSocketChannel> bound = new CompletableFuture<>();
                server.accept(null, Then.then(_ -> {
                    server.accept(null, new Outcome<>());
                    server.close();
                    try {
                        bound.complete(group.listen(address));
                    } catch (IOException e) {
                        bound.completeExceptionally(e);
                    }
                }));
                group.connect(server);
                Waits.result(bound, "bind in a handler").close();
            }
        }
    }

    @Test
    void anAddressCanBeBoundAgainWhileAllHandlersBlock() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        try (OpenGroup group = OpenGroup.fixed(1)) {
            InetSocketAddress address = freeAddress();
            AsynchronousServerSocketChannel server = group.listen(address);
            server.accept(null, new Outcome<>());
            block(group, release);
            server.close();
            group.listen(address).close();
            release.countDown();
        } finally {
            release.countDown();
        }
    }

    /** Futures fail when closed, too: not by way of a handler's thread, of which none is free. */
    @Test
    void pendingFuturesFailWhileAllHandlersBlock() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        try (OpenGroup group = OpenGroup.fixed(1)) {
            Pair pair = group.pair();
            Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
            block(group, release);
            pair.channel().close();
            assertInstanceOf(AsynchronousCloseException.class, Waits.failure(read, "read"));
            assertEquals(-1, pair.peer().getInputStream().read());
            release.countDown();
        } finally {
            release.countDown();
        }
    }

    private static void block(OpenGroup group, CountDownLatch release) throws IOException {
        Pair pair = group.pair();
        CountDownLatch blocked = new CountDownLatch(1);
        pair.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
            blocked.countDown();
            release.await();
        }));
        pair.peer().getOutputStream().write(1);
        Waits.until(() -> blocked.getCount() == 0, "a handler that blocks");
    }
}
