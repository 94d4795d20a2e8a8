package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.LoopStatistics;
import io.nio2uring.loop.Polling;
import io.nio2uring.sys.FreedMemory;
import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nobody writes into memory that was freed, and nobody sends it: neither ours nor that of a user's arena, whatever was in
 * flight. Freed memory holds a pattern; each test ends when the kernel has let go of all sockets, which the peers see.
 */
@TimeLimit
class FreedMemoryTest {
    private static final byte MARK = 0x33;
    private static final int PAIRS = 60;
    private static final int BYTES = 4096;

    private static byte[] marked(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, MARK);
        return bytes;
    }

    private static LoopOptions scarce(Polling polling) {
        return new LoopOptions(8, 0, 4, 256, 4, 256).with(polling);
    }

    private static ByteBuffer[] several(boolean direct) {
        ByteBuffer[] buffers = new ByteBuffer[3];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = direct ? ByteBuffer.allocateDirect(BYTES) : ByteBuffer.allocate(BYTES);
        }
        return buffers;
    }

    /** Operations of every kind that borrows memory of ours, each of which waits, by its peer's silence or its full socket. */
    private static void begin(Pair pair, int number) throws IOException {
        AsynchronousSocketChannel channel = pair.channel();
        long millis = number % 5 == 0 ? 1 : 0;
        switch (number % 3) {
            case 0 -> channel.read(several(true), 0, 3, millis, TimeUnit.MILLISECONDS, null, new Outcome<>());
            case 1 -> channel.read(several(false), 0, 3, millis, TimeUnit.MILLISECONDS, null, new Outcome<>());
            default -> {
                Future<Integer> read = channel.read(ByteBuffer.allocate(BYTES));
                if (number % 2 == 0) {
                    read.cancel(number % 4 == 0);
                }
            }
        }
        ByteBuffer[] mass = new ByteBuffer[16];
        Arrays.setAll(mass, _ -> number % 2 == 0 ? ByteBuffer.allocateDirect(1 << 16).put(marked(1 << 16)).flip()
                : ByteBuffer.wrap(marked(1 << 16)));
        new Flood(channel, mass).write();
    }

    /** Writes as long as it can. */
    private static final class Flood implements CompletionHandler<Long, Object> {
        private final AsynchronousSocketChannel channel;
        private final ByteBuffer[] mass;
        volatile boolean begun;
        volatile boolean ended;

        Flood(AsynchronousSocketChannel channel, ByteBuffer... mass) {
            this.channel = channel;
            this.mass = mass;
        }

        Flood write() {
            Arrays.stream(mass).forEach(ByteBuffer::rewind);
            try {
                channel.write(mass, 0, mass.length, 0, TimeUnit.SECONDS, null, this);
            } catch (ShutdownChannelGroupException e) {
                ended = true;
            }
            return this;
        }

        @Override
        public void completed(Long count, Object attachment) {
            begun = true;
            write();
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            ended = true;
        }
    }

    /** Returns when the peer's kernel says that the other end is gone: who still held it would take the bytes. */
    private static void sendUntilRefused(Pair pair) throws IOException {
        OutputStream out = pair.peer().getOutputStream();
        byte[] bytes = marked(BYTES);
        try {
            for (;;) {
                out.write(bytes);
            }
        } catch (SocketException refused) {
            assertTrue(refused.getMessage().matches("Connection reset.*|Broken pipe"), refused::toString);
        }
    }

    /** What the channel has sent, up to its end, of which a reset may take the last part. */
    private static void assertOnlyMarks(Pair pair) throws IOException {
        try {
            while (readMarks(pair) >= 0) {
                // There may be more.
            }
        } catch (SocketException reset) {
            assertEquals("Connection reset", reset.getMessage());
        }
    }

    private static boolean readWhatIsThere(Pair pair) {
        try {
            while (pair.peer().getInputStream().available() > 0) {
                readMarks(pair);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads some of what the channel has sent; -1 at its end. */
    private static int readMarks(Pair pair) throws IOException {
        byte[] bytes = new byte[1 << 16];
        int count = pair.peer().getInputStream().read(bytes);
        for (int i = 0; i < count; i++) {
            assertEquals(MARK, bytes[i], "a byte that was sent");
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memoryOfOursIsLeftAloneAfterEveryWayToEnd(boolean sqpoll) throws Exception {
        for (int round = 0; round < 2; round++) {
            try (FreedMemory freed = FreedMemory.keep()) {
                List<Pair> pairs = new ArrayList<>();
                try (OpenGroup group = OpenGroup.fixed(2, scarce(sqpoll ? OpenGroup.SQPOLL : Polling.NONE))) {
                    group.listen().accept(null, new Outcome<>());
                    for (int i = 0; i < PAIRS; i++) {
                        Pair pair = group.pair();
                        pairs.add(pair);
                        begin(pair, i);
                    }
                    for (int i = 0; i < PAIRS; i++) {
                        if (i % 4 != 3) {
                            pairs.get(i).peer().getOutputStream().write(marked(100 * i));
                        }
                        if (i % 4 == 1) {
                            pairs.get(i).channel().close();
                        }
                    }
                    group.group.shutdownNow();
                    assertTrue(group.group.awaitTermination(Waits.PATIENCE_NANOS, TimeUnit.NANOSECONDS));
                    for (Pair pair : pairs) {
                        assertOnlyMarks(pair);
                        sendUntilRefused(pair);
                    }
                    // Buffers of two loops, vectors, addresses.
                    assertTrue(freed.count() > PAIRS, () -> freed.count() + " pieces of memory freed");
                    freed.verify();
                }
            }
        }
    }

    @Test
    void memoryOfAnArenaThatIsClosedInFlightIsNeitherWrittenNorSent() throws Exception {
        try (FreedMemory freed = FreedMemory.keep(); OpenGroup group = OpenGroup.fixed(2)) {
            List<Pair> pairs = new ArrayList<>();
            List<Outcome<? extends Number>> reads = new ArrayList<>();
            List<Flood> floods = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                Pair pair = group.pair();
                Arena arena = Arena.ofShared();
                ByteBuffer target = freed.allocate(arena, BYTES).asByteBuffer();
                if (i % 2 == 0) {
                    Outcome<Integer> read = new Outcome<>();
                    reads.add(read);
                    pair.channel().read(target, null, read);
                } else {
                    Outcome<Long> read = new Outcome<>();
                    reads.add(read);
                    ByteBuffer[] targets = {target, ByteBuffer.allocateDirect(10)};
                    pair.channel().read(targets, 0, 2, 0, TimeUnit.SECONDS, null, read);
                }
                ByteBuffer source = freed.allocate(arena, 1 << 16).fill(MARK).asByteBuffer();
                Flood flood = new Flood(pair.channel(), source).write();
                floods.add(flood);
                Waits.until(() -> flood.begun, "first write");
                pairs.add(pair);
                if (i % 3 == 0) {
                    pair.peer().getOutputStream().write(marked(BYTES));
                }
                arena.close();
            }
            assertEquals(2 * PAIRS, freed.countOfArenas());
            for (int i = 0; i < PAIRS; i++) {
                if (i % 3 != 0) {
                    pairs.get(i).peer().getOutputStream().write(marked(BYTES));
                    assertInstanceOf(IOException.class, reads.get(i).failure("read"));
                }
                // Has the write go on, which finds its memory gone.
                Pair pair = pairs.get(i);
                Flood flood = floods.get(i);
                Waits.until(() -> readWhatIsThere(pair) && flood.ended, "end of the write");
            }
            for (Pair pair : pairs) {
                pair.channel().close();
                assertOnlyMarks(pair);
                sendUntilRefused(pair);
            }
            freed.verify();
        }
    }

    /** Nobody but the operation knows the buffers; those of the kernel stay, the others are collected, and left alone. */
    @Test
    void buffersThatTheProgramDropsInFlightLiveAsLongAsTheirOperations() throws Exception {
        try (FreedMemory freed = FreedMemory.keep(); OpenGroup group = OpenGroup.fixed(2)) {
            List<Pair> pairs = new ArrayList<>();
            List<Outcome<? extends Number>> reads = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                Pair pair = group.pair();
                pairs.add(pair);
                reads.add(readAndForget(freed, pair, i));
            }
            System.gc();
            System.gc();
            // In this order: time limits pass meanwhile, and an operation has left its loop before its buffer is let go.
            int collected = freed.countOfArenas();
            int inFlight = group.group.statistics().stream().mapToInt(LoopStatistics::inFlight).sum();
            assertTrue(collected <= PAIRS - inFlight, () -> collected + " buffers collected, " + inFlight
                    + " in flight of " + PAIRS);
            assertTrue(inFlight >= PAIRS / 3, () -> inFlight + " in flight");
            for (int i = 0; i < PAIRS; i++) {
                if (i % 3 == 0) {
                    pairs.get(i).channel().close();
                    assertInstanceOf(AsynchronousCloseException.class, reads.get(i).failure("read"));
                } else if (i % 3 == 1) {
                    assertInstanceOf(InterruptedByTimeoutException.class, reads.get(i).failure("read"));
                } else {
                    pairs.get(i).peer().getOutputStream().write(marked(100));
                    assertEquals(100, reads.get(i).value("read").intValue());
                }
            }
            Waits.until(() -> {
                System.gc();
                return freed.countOfArenas() == PAIRS;
            }, "collection of all buffers");
            for (int i = 0; i < PAIRS; i++) {
                if (i % 3 != 0) {
                    pairs.get(i).peer().getOutputStream().write(marked(BYTES));
                }
                pairs.get(i).channel().close();
                sendUntilRefused(pairs.get(i));
            }
            freed.verify();
        }
    }

    private static Outcome<? extends Number> readAndForget(FreedMemory freed, Pair pair, int number) {
        ByteBuffer buffer = freed.allocate(Arena.ofAuto(), BYTES).asByteBuffer();
        long millis = number % 3 == 1 ? 50 : 0;
        if (number % 2 == 0) {
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(buffer, millis, TimeUnit.MILLISECONDS, null, read);
            return read;
        }
        Outcome<Long> read = new Outcome<>();
        pair.channel().read(new ByteBuffer[] {buffer}, 0, 1, millis, TimeUnit.MILLISECONDS, null, read);
        return read;
    }
}
