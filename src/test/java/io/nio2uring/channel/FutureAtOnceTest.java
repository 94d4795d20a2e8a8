package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.LoopStatistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations with futures that the calling thread does by itself, since the socket has room or bytes for them. */
@Timeout(60)
class FutureAtOnceTest {
    private static final int MANY = 200;
    /** The former leader's wake-up is taken back, and the new one's submitted. */
    private static final int ENTRIES_OF_A_HAND_OVER = 2;

    private OpenGroup group;
    private Pair pair;

    @BeforeEach
    void open() throws Exception {
        group = OpenGroup.fixed(1);
        pair = group.pair();
    }

    @AfterEach
    void close() throws Exception {
        group.close();
    }

    private long submitted() {
        return group.group.statistics().stream().mapToLong(LoopStatistics::entriesSubmitted).sum();
    }

    /**
     * The watcher leads at first if the group's thread is slow to start, and each leader arms its own wake-up. The first
     * leader has done so before there was a connection. A hand-over is counted before what it submits.
     */
    private void assertNothingSubmittedSince(long before) {
        long more = submitted() - before;
        long handOvers = group.group.statistics().stream().mapToLong(LoopStatistics::handOvers).sum();
        assertTrue(more <= ENTRIES_OF_A_HAND_OVER * (handOvers - 1),
                () -> more + " entries more, with " + handOvers + " hand-overs");
    }

    private static ByteBuffer buffer(String kind, int size) {
        return switch (kind) {
            case "heap" -> ByteBuffer.allocate(size);
            case "slice" -> ByteBuffer.allocate(size + 9).slice(5, size);
            default -> ByteBuffer.allocateDirect(size);
        };
    }

    private static byte[] content(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "heap", "slice"})
    void writes_with_room_submit_nothing(String kind) throws Exception {
        InputStream arriving = pair.peer().getInputStream();
        long before = submitted();
        for (int i = 0; i < MANY; i++) {
            int size = i % 8 == 0 ? 40_000 : 1 + i;
            byte[] content = content(i, size + 7);
            ByteBuffer source = buffer(kind, size + 7).put(content).position(3).limit(3 + size);
            Future<Integer> written = pair.channel().write(source);
            assertTrue(written.isDone());
            assertEquals(size, written.get());
            assertEquals(3 + size, source.position());
            byte[] expected = new byte[size];
            System.arraycopy(content, 3, expected, 0, size);
            assertArrayEquals(expected, arriving.readNBytes(size));
        }
        assertNothingSubmittedSince(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "heap", "slice"})
    void reads_of_what_is_there_submit_nothing(String kind) throws Exception {
        byte[] content = content(1, 10 * MANY);
        pair.peer().getOutputStream().write(content);
        ByteBuffer target = buffer(kind, 10 * MANY);
        // The first bytes may still be on their way: a read that waits for them, and one that is not tried after that.
        for (int i = 0; i < 3; i++) {
            readAll(pair.channel(), target, 10);
        }
        long before = submitted();
        for (int i = 3; i < MANY; i++) {
            target.limit(target.position() + 10);
            Future<Integer> read = pair.channel().read(target);
            assertTrue(read.isDone());
            assertEquals(10, read.get());
        }
        assertNothingSubmittedSince(before);
        byte[] arrived = new byte[10 * MANY];
        target.flip().get(arrived);
        assertArrayEquals(content, arrived);
    }

    private static void readAll(AsynchronousSocketChannel channel, ByteBuffer target, int size) throws Exception {
        for (int end = target.position() + size; target.position() < end;) {
            target.limit(end);
            assertTrue(channel.read(target).get() > 0);
        }
    }

    @Test
    void what_has_no_room_is_written_when_there_is() throws Exception {
        byte[] content = content(2, 1 << 16);
        ByteBuffer source = ByteBuffer.allocateDirect(content.length).put(content);
        long written = 0;
        Future<Integer> pending = pair.channel().write(source.flip());
        while (pending.isDone()) {
            written += pending.get();
            if (!source.hasRemaining()) {
                source.flip();
            }
            pending = pair.channel().write(source);
        }
        InputStream arriving = pair.peer().getInputStream();
        for (; written >= content.length; written -= content.length) {
            assertArrayEquals(content, arriving.readNBytes(content.length));
        }
        assertArrayEquals(Arrays.copyOf(content, (int) written), arriving.readNBytes((int) written));
        int rest = pending.get();
        assertArrayEquals(Arrays.copyOfRange(content, (int) written, (int) written + rest), arriving.readNBytes(rest));
    }

    @Test
    void the_end_of_the_stream_is_told_again_and_again() throws Exception {
        pair.peer().getOutputStream().write(7);
        pair.peer().shutdownOutput();
        ByteBuffer target = ByteBuffer.allocate(10);
        assertEquals(1, pair.channel().read(target).get());
        for (int i = 0; i < MANY; i++) {
            assertEquals(-1, pair.channel().read(target).get());
        }
        assertEquals(1, target.position());
    }

    @Test
    void a_reset_is_told() throws Exception {
        pair.peer().setSoLinger(true, 0);
        pair.peer().close();
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(1));
        ExecutionException failure = assertThrows(ExecutionException.class, read::get);
        assertEquals("Connection reset", failure.getCause().getMessage());
        assertEquals(IOException.class, failure.getCause().getClass());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void close_ends_whoever_reads_or_writes_without_pause(boolean reads) throws Exception {
        Thread peer = Thread.ofPlatform().daemon().start(() -> {
            try {
                byte[] some = new byte[1 << 16];
                while (true) {
                    if (reads) {
                        pair.peer().getOutputStream().write(some);
                    } else if (pair.peer().getInputStream().read(some) < 0) {
                        return;
                    }
                }
            } catch (IOException e) {
                // The other end was closed.
            }
        });
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        CompletableFuture<Void> underWay = new CompletableFuture<>();
        Thread user = Thread.ofPlatform().daemon().start(() -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(100);
            try {
                for (int i = 0; true; i++) {
                    buffer.clear();
                    (reads ? pair.channel().read(buffer) : pair.channel().write(buffer)).get();
                    if (i == MANY) {
                        underWay.complete(null);
                    }
                }
            } catch (Throwable e) {
                end.complete(e);
            }
        });
        underWay.get(20, TimeUnit.SECONDS);
        pair.channel().close();
        Throwable reason = end.get(20, TimeUnit.SECONDS).getCause();
        assertInstanceOf(ClosedChannelException.class, reason);
        user.join();
        peer.join();
    }
}
