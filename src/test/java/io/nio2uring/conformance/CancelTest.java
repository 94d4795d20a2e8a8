package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CancelTest extends Conformance {
    private static void assertCancelled(Future<?> future) {
        assertTrue(future.isDone());
        assertTrue(future.isCancelled());
        assertThrows(CancellationException.class, future::get);
        assertThrows(CancellationException.class, () -> future.get(1, TimeUnit.SECONDS));
        assertFalse(future.cancel(false), "cancelled only once");
        assertFalse(future.cancel(true), "cancelled only once");
    }

    @ParameterizedTest
    @EnumSource
    void a_cancelled_read_leaves_reading_dead_and_writing_alive(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        assertTrue(read.cancel(false));
        assertCancelled(read);
        assertTrue(pair.channel().isOpen());
        assertThrowsExactly(IllegalStateException.class, () -> pair.channel().read(ByteBuffer.allocate(1)));
        assertThrowsExactly(
                IllegalStateException.class,
                () -> pair.channel().read(ByteBuffer.allocate(1), null, new Outcome<Integer>()));
        assertEquals(2, Futures.value(pair.channel().write(ByteBuffer.wrap(new byte[] {1, 2}))));
        assertArrayEquals(new byte[] {1, 2}, pair.take(2));
    }

    @Test
    void a_cancelled_write_leaves_writing_dead_and_reading_alive() throws Exception {
        Pair pair = smallPair(anyGroup());
        int taken = 0;
        Future<Integer> write = pair.channel().write(ByteBuffer.allocate(64 * 1024));
        while (isDoneSoon(write, pair) || !write.cancel(false)) {
            taken += Futures.value(write);
            write = pair.channel().write(ByteBuffer.allocate(64 * 1024));
        }
        assertCancelled(write);
        assertThrowsExactly(IllegalStateException.class, () -> pair.channel().write(ByteBuffer.allocate(1)));
        pair.send((byte) 1);
        assertEquals(1, Futures.value(pair.channel().read(ByteBuffer.allocate(1))));
        assertArrayEquals(new byte[taken], pair.take(taken), "what was taken before is not lost");
    }

    /** Not merely late: the group has turned since. */
    private static boolean isDoneSoon(Future<Integer> write, Pair pair) throws Exception {
        if (Eventually.within(Duration.ofMillis(400), write::isDone)) {
            return true;
        }
        pair.assertReads();
        return write.isDone();
    }

    @ParameterizedTest
    @EnumSource
    void cancelling_with_interruption_closes_the_channel(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        assertTrue(read.cancel(true));
        assertCancelled(read);
        assertFalse(pair.channel().isOpen());
        assertEquals(-1, pair.peer().read(ByteBuffer.allocate(1)));
    }

    @Test
    void cancelling_after_completion_changes_nothing() throws Exception {
        Pair pair = pair(anyGroup());
        pair.send((byte) 1);
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        assertEquals(1, Futures.value(read));
        assertFalse(read.cancel(false));
        assertFalse(read.cancel(true));
        assertFalse(read.isCancelled());
        assertEquals(1, Futures.value(read));
        assertTrue(pair.channel().isOpen());

        Future<Integer> empty = pair.channel().read(ByteBuffer.allocate(0));
        assertEquals(0, Futures.value(empty));
        assertFalse(empty.cancel(true));
        assertTrue(pair.channel().isOpen());
    }

    @Test
    void cancelling_after_failure_changes_nothing() throws Exception {
        Pair pair = pair(anyGroup());
        pair.channel().close();
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        assertFalse(read.cancel(true));
        assertFalse(read.isCancelled());
        assertThrows(ExecutionException.class, read::get);
    }

    @Test
    void who_waits_for_a_cancelled_operation_is_told() throws Exception {
        Pair pair = pair(anyGroup());
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        CompletableFuture<Throwable> waiter = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                read.get();
                waiter.complete(null);
            } catch (Throwable t) {
                waiter.complete(t);
            }
        });
        Eventually.until("waiting", () -> waiting.getState() == Thread.State.WAITING);
        assertTrue(read.cancel(false));
        assertEquals(CancellationException.class, Futures.value(waiter).getClass());
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_racing_with_data_is_either_cancelled_or_delivered(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        byte[] data = {1, 2, 3, 4};
        for (int round = 0; round < 100; round++) {
            Pair pair = pair(group);
            // First a read that nobody disturbs, so that each round also counts what came before.
            pair.send((byte) round);
            assertEquals(1, Futures.value(pair.channel().read(ByteBuffer.allocate(1))));
            ByteBuffer buffer = ByteBuffer.allocate(8);
            Future<Integer> read = pair.channel().read(buffer);
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    pair.send(data);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            long until = System.nanoTime() + ThreadLocalRandom.current().nextLong(150_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            boolean cancelled = read.cancel(false);
            assertTrue(read.isDone());
            assertEquals(cancelled, read.isCancelled());
            if (cancelled) {
                assertThrows(CancellationException.class, read::get);
                assertThrows(IllegalStateException.class, () -> pair.channel().read(ByteBuffer.allocate(1)));
            } else {
                assertEquals(4, Futures.value(read));
                assertArrayEquals(data, received(buffer));
                pair.send((byte) 5);
                assertEquals(1, Futures.value(pair.channel().read(buffer)), "reading goes on");
                assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, received(buffer));
            }
            sender.join();
            pair.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_cancelled_accept_allows_no_other(GroupKind kind) throws Exception {
        AsynchronousServerSocketChannel server = server(group(kind));
        Future<AsynchronousSocketChannel> accept = server.accept();
        assertTrue(accept.cancel(false));
        assertCancelled(accept);
        assertTrue(server.isOpen());
        assertThrows(RuntimeException.class, server::accept);
        assertThrows(RuntimeException.class, () -> server.accept(null, new Outcome<AsynchronousSocketChannel>()));
    }

    @Test
    void an_accept_cancelled_with_interruption_closes_the_server() throws Exception {
        AsynchronousServerSocketChannel server = server(anyGroup());
        Future<AsynchronousSocketChannel> accept = server.accept();
        assertTrue(accept.cancel(true));
        assertCancelled(accept);
        assertFalse(server.isOpen());
    }

    /** The client of a cancelled accept may find its connection closed, but it must not be left to nobody. */
    @Test
    void an_accept_cancelled_while_a_client_comes_leaves_no_connection_behind() throws Exception {
        TestGroup group = anyGroup();
        for (int round = 0; round < 50; round++) {
            AsynchronousServerSocketChannel server = server(group);
            Future<AsynchronousSocketChannel> accept = server.accept();
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                if (accept.cancel(false)) {
                    server.close();
                } else {
                    Futures.value(accept).close();
                }
                int end;
                try {
                    end = client.read(ByteBuffer.allocate(1));
                } catch (IOException reset) {
                    end = -1;
                }
                assertEquals(-1, end);
            }
            server.close();
        }
    }
}
