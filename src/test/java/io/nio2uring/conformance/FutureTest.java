package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FutureTest extends Conformance {
    @ParameterizedTest
    @EnumSource
    void get_waits_for_the_result_and_gives_it_again(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        assertFalse(read.isDone());
        Thread sender = Thread.startVirtualThread(() -> {
            try {
                pair.send((byte) 1, (byte) 2);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(2, read.get());
        assertEquals(2, read.get());
        assertEquals(2, read.get(0, TimeUnit.SECONDS));
        assertTrue(read.isDone());
        assertFalse(read.isCancelled());
        sender.join();
    }

    @Test
    void a_timed_get_that_gives_up_leaves_the_operation_pending() throws Exception {
        Pair pair = pair(anyGroup());
        ByteBuffer buffer = ByteBuffer.allocate(8);
        Future<Integer> read = pair.channel().read(buffer);
        assertThrows(TimeoutException.class, () -> read.get(20, TimeUnit.MILLISECONDS));
        assertThrows(TimeoutException.class, () -> read.get(0, TimeUnit.MILLISECONDS));
        assertThrows(TimeoutException.class, () -> read.get(-1, TimeUnit.DAYS));
        assertThrows(TimeoutException.class, () -> read.get(Long.MIN_VALUE, TimeUnit.NANOSECONDS));
        assertFalse(read.isDone());
        pair.send((byte) 9);
        assertEquals(1, Futures.value(read));
        assertArrayEquals(new byte[] {9}, received(buffer));
    }

    @Test
    void a_very_long_timed_get_does_not_overflow() throws Exception {
        Pair pair = pair(anyGroup());
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        Future<Integer> waiter = Futures.inVirtualThread(() -> read.get(Long.MAX_VALUE, TimeUnit.DAYS));
        pair.send((byte) 9);
        assertEquals(1, Futures.value(waiter));
    }

    @Test
    void an_interrupted_get_leaves_the_operation_pending() throws Exception {
        Pair pair = pair(anyGroup());
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, read::get);
        assertFalse(Thread.interrupted());
        assertTrue(pair.channel().isOpen());
        pair.send((byte) 9);
        assertEquals(1, Futures.value(read));
    }

    @Test
    void many_threads_get_the_same_result() throws Exception {
        Pair pair = pair(anyGroup());
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        List<CompletableFuture<Integer>> waiters = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiters.add(Futures.inVirtualThread(read::get));
        }
        pair.send((byte) 9);
        for (CompletableFuture<Integer> waiter : waiters) {
            assertEquals(1, Futures.value(waiter));
        }
    }

    @Test
    void a_get_that_gives_up_among_others_leaves_them_waiting() throws Exception {
        Pair pair = pair(anyGroup());
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(8));
        List<CompletableFuture<Integer>> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiters.add(Futures.inVirtualThread(read::get));
            assertThrows(TimeoutException.class, () -> read.get(20, TimeUnit.MILLISECONDS));
        }
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> read.get(1, TimeUnit.DAYS));
        pair.send((byte) 9);
        for (CompletableFuture<Integer> waiter : waiters) {
            assertEquals(1, Futures.value(waiter));
        }
    }

    /** More waiting threads than the virtual threads' scheduler has carriers: they must be parked, not pinned. */
    @ParameterizedTest
    @EnumSource
    void get_parks_a_virtual_thread(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        List<Pair> pairs = new ArrayList<>();
        List<CompletableFuture<Integer>> waiters = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Pair pair = pair(group);
            pairs.add(pair);
            waiters.add(Futures.inVirtualThread(pair.channel().read(ByteBuffer.allocate(8))::get));
        }
        CompletableFuture<Void> free = new CompletableFuture<>();
        Thread.startVirtualThread(() -> free.complete(null));
        Futures.value(free);
        for (int i = 0; i < pairs.size(); i++) {
            pairs.get(i).send(new byte[i % 8 + 1]);
        }
        for (int i = 0; i < waiters.size(); i++) {
            assertEquals(i % 8 + 1, Futures.value(waiters.get(i)));
        }
    }

    /** Runs the action in a handler of the group and gives what it threw, or null. */
    private Throwable inHandler(TestGroup group, Then.Action<AsynchronousSocketChannel> action) throws Exception {
        Pair trigger = pair(group);
        CompletableFuture<AtomicReference<Throwable>> done = new CompletableFuture<>();
        trigger.channel()
                .read(
                        ByteBuffer.allocate(1),
                        null,
                        new Then<>(result -> {
                            AtomicReference<Throwable> thrown = new AtomicReference<>();
                            try {
                                action.take(trigger.channel());
                            } catch (Throwable t) {
                                thrown.set(t);
                            }
                            done.complete(thrown);
                        }));
        trigger.send((byte) 1);
        return Futures.value(done).get();
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_can_get_the_future_of_a_write_that_needs_no_waiting(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        assertEquals(
                null,
                inHandler(group,
                        channel -> assertEquals(3, Futures.value(pair.channel().write(ByteBuffer.allocate(3))))));
        pair.take(3);
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_can_get_the_future_of_a_read_whose_data_is_there(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        pair.send((byte) 1, (byte) 2, (byte) 3);
        assertEquals(1, Futures.value(pair.channel().read(ByteBuffer.allocate(1))));
        assertEquals(
                null,
                inHandler(group,
                        channel -> assertEquals(2, Futures.value(pair.channel().read(ByteBuffer.allocate(9))))));
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_can_get_the_future_of_an_accept_whose_client_is_there(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel server = server(group);
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            assertEquals(null, inHandler(group, channel -> {
                try (AsynchronousSocketChannel accepted = Futures.value(server.accept())) {
                    assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
                }
            }));
        }
    }

    /** With another thread to complete it, a handler may also wait for data that is yet to come. */
    @ParameterizedTest
    @EnumSource(names = "FIXED_OF_ONE", mode = EnumSource.Mode.EXCLUDE)
    void a_handler_can_wait_for_a_future_of_its_own_group(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        assertEquals(null, inHandler(group, channel -> {
            Future<Integer> read = pair.channel().read(ByteBuffer.allocate(9));
            assertFalse(read.isDone());
            pair.send((byte) 1, (byte) 2);
            assertEquals(2, Futures.value(read));
        }));
    }
}
