package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An interrupt concerns the thread that is interrupted: no channel is closed by it, and no outcome is another one. */
class InterruptTest extends Conformance {
    /** Makes a call with the interrupt status set, which the call must leave as it is. */
    private static <T> T interrupted(Callable<T> call) throws Exception {
        Thread.currentThread().interrupt();
        try {
            T result = call.call();
            assertTrue(Thread.currentThread().isInterrupted(), "the call has eaten the interrupt");
            return result;
        } finally {
            Thread.interrupted();
        }
    }

    /** The same for a call without result. */
    private static void interruptedly(Then.Action<Void> call) throws Exception {
        interrupted(() -> {
            call.take(null);
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupted_thread_starts_operations_with_handlers_like_any_other(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel server = server(group);
        AsynchronousSocketChannel channel = socket(group);
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        interruptedly(none -> server.accept(null, accept));
        accept.assertPending();
        Outcome<Void> connect = new Outcome<>();
        SocketAddress address = server.getLocalAddress();
        interruptedly(none -> channel.connect(address, null, connect));
        assertNull(connect.value());
        AsynchronousSocketChannel accepted = closing(accept.value());

        Outcome<Integer> read = new Outcome<>();
        Outcome<Integer> write = new Outcome<>();
        Outcome<Integer> empty = new Outcome<>();
        Outcome<Long> scatter = new Outcome<>();
        Outcome<Long> gather = new Outcome<>();
        interruptedly(none -> channel.read(ByteBuffer.allocate(1), null, read));
        interruptedly(none -> channel.write(ByteBuffer.allocate(3), null, write));
        interruptedly(none -> accepted.write(ByteBuffer.allocate(0), null, empty));
        empty.value();
        ByteBuffer[] buffers = {ByteBuffer.allocate(2), ByteBuffer.allocateDirect(2)};
        interruptedly(none -> accepted.write(buffers, 0, 2, 1, TimeUnit.DAYS, null, gather));
        assertEquals(3, write.value());
        assertEquals(4L, gather.value());
        assertEquals(1, read.value());
        buffers[0].clear();
        interruptedly(none -> channel.read(buffers, 0, 2, 1, TimeUnit.DAYS, null, scatter));
        assertEquals(2L, scatter.value());
        for (Outcome<?> outcome : List.of(accept, connect, read, write, empty, scatter, gather)) {
            group.assertOwns(outcome.thread());
        }
        assertTrue(channel.isOpen() && accepted.isOpen() && server.isOpen());
    }

    private void useFuturesInterrupted(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel server = server(group);
        AsynchronousSocketChannel channel = socket(group);
        Future<AsynchronousSocketChannel> accept = interrupted(server::accept);
        SocketAddress address = server.getLocalAddress();
        Future<Void> connect = interrupted(() -> channel.connect(address));
        assertNull(Futures.value(connect));
        AsynchronousSocketChannel accepted = closing(Futures.value(accept));
        Future<Integer> read = interrupted(() -> channel.read(ByteBuffer.allocate(8)));
        assertFalse(read.isDone());
        assertEquals(3, Futures.value(interrupted(() -> accepted.write(ByteBuffer.allocate(3)))));
        assertEquals(3, Futures.value(read));
        assertTrue(channel.isOpen() && accepted.isOpen() && server.isOpen());
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupted_thread_starts_operations_with_futures_like_any_other(GroupKind kind) throws Exception {
        useFuturesInterrupted(kind);
    }

    @ParameterizedTest
    @EnumSource
    void so_does_an_interrupted_virtual_thread(GroupKind kind) throws Exception {
        Futures.value(Futures.inVirtualThread(() -> {
            useFuturesInterrupted(kind);
            return null;
        }));
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupted_thread_cancels_and_closes_like_any_other(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair first = pair(group);
        Future<Integer> cancelled = first.channel().read(ByteBuffer.allocate(1));
        assertTrue(interrupted(() -> cancelled.cancel(false)));
        assertTrue(first.channel().isOpen());
        Outcome<Integer> write = new Outcome<>();
        interruptedly(none -> first.channel().write(ByteBuffer.allocate(1), null, write));
        assertEquals(1, write.value());

        Pair second = pair(group);
        Outcome<Integer> read = new Outcome<>();
        second.channel().read(ByteBuffer.allocate(1), null, read);
        interruptedly(none -> second.channel().close());
        assertFalse(second.channel().isOpen());
        read.failure(AsynchronousCloseException.class);
        assertEquals(-1, second.peer().read(ByteBuffer.allocate(1)));

        AsynchronousServerSocketChannel server = serverToBindAgain(group);
        SocketAddress address = server.getLocalAddress();
        Future<AsynchronousSocketChannel> accept = server.accept();
        interruptedly(none -> server.close());
        closing(group.server()).bind(address);
        Futures.failure(AsynchronousCloseException.class, accept);
    }

    /** Interrupts a thread that waits for the future, which does not care. */
    private static void interruptWaiting(Future<?> future) throws Exception {
        CompletableFuture<Boolean> got = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                future.get();
                got.completeExceptionally(new AssertionError("there is nothing to get"));
            } catch (InterruptedException e) {
                got.complete(Thread.currentThread().isInterrupted());
            } catch (Throwable t) {
                got.completeExceptionally(t);
            }
        });
        Eventually.until("the thread waits", () -> waiting.getState() == Thread.State.WAITING);
        waiting.interrupt();
        assertFalse(Futures.value(got), "the interrupt has been told, and is over");
        assertFalse(future.isDone());
    }

    @ParameterizedTest
    @EnumSource
    void who_is_interrupted_while_waiting_leaves_the_operation_pending(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(1));
        AsynchronousServerSocketChannel server = server(group);
        Future<AsynchronousSocketChannel> accept = server.accept();
        interruptWaiting(read);
        interruptWaiting(accept);
        pair.send((byte) 1);
        assertEquals(1, Futures.value(read));
        Futures.value(socket(group).connect(server.getLocalAddress()));
        closing(Futures.value(accept));
    }

    @Test
    void who_is_interrupted_while_waiting_for_a_connect_leaves_it_pending() throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        AsynchronousSocketChannel channel = socket(anyGroup());
        Future<Void> connect = channel.connect(blackhole.address());
        interruptWaiting(connect);
        assertTrue(channel.isOpen());
        assertTrue(connect.cancel(true));
    }

    @Test
    void an_interrupted_thread_does_not_wait_at_all_and_not_even_for_no_time() throws Exception {
        Pair pair = pair(anyGroup());
        Future<Integer> read = pair.channel().read(ByteBuffer.allocate(1));
        for (long days : new long[] {0, 1, Long.MAX_VALUE}) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> read.get(days, TimeUnit.DAYS));
            assertFalse(Thread.interrupted());
        }
        pair.send((byte) 1);
        assertEquals(1, Futures.value(read));
    }

    @Test
    void an_interrupted_thread_gets_a_result_that_is_there() throws Exception {
        Pair pair = pair(anyGroup());
        Future<Integer> write = pair.channel().write(ByteBuffer.allocate(3));
        Futures.value(write);
        assertEquals(3, interrupted(() -> write.get()).intValue());
        assertEquals(3, interrupted(() -> write.get(0, TimeUnit.SECONDS)).intValue());
        assertEquals(0, interrupted(() -> pair.channel().read(ByteBuffer.allocate(0)).get()).intValue());
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_was_interrupted_starts_operations_like_any_other(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel server = server(group);
        SocketAddress address = server.getLocalAddress();
        AsynchronousSocketChannel client = socket(group);
        Pair pair = pair(group);
        Outcome<Integer> read = new Outcome<>();
        Outcome<Integer> write = new Outcome<>();
        Outcome<Void> connect = new Outcome<>();
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
            Thread.currentThread().interrupt();
            pair.channel().read(ByteBuffer.allocate(2), null, read);
            Thread.currentThread().interrupt();
            server.accept(null, accept);
            Thread.currentThread().interrupt();
            pair.channel().write(ByteBuffer.allocate(2), null, write);
            Thread.currentThread().interrupt();
            client.connect(address, null, connect);
        }));
        pair.send((byte) 1);
        assertEquals(2, write.value());
        connect.value();
        closing(accept.value());
        pair.send((byte) 1);
        assertEquals(1, read.value());
        assertTrue(pair.channel().isOpen() && client.isOpen() && server.isOpen());
        for (Outcome<?> outcome : List.of(read, write, connect, accept)) {
            group.assertOwns(outcome.thread());
        }
    }

    /** It is called from within another one, which had not been interrupted. */
    @ParameterizedTest
    @EnumSource
    void a_handler_called_directly_leaves_no_interrupt_to_the_one_that_it_was_called_from(GroupKind kind)
            throws Exception {
        Pair pair = pair(group(kind));
        Outcome<Boolean> after = new Outcome<>();
        Outcome<Thread> inner = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
            pair.channel().write(ByteBuffer.allocate(0), null, new Then<>(none -> {
                Thread.currentThread().interrupt();
                inner.completed(Thread.currentThread(), null);
            }));
            assertTrue(inner.hasArrived(), "called directly");
            after.completed(Thread.currentThread().isInterrupted(), null);
        }));
        pair.send((byte) 1);
        assertFalse(after.value());
        assertEquals(after.thread(), inner.value());
    }
}
