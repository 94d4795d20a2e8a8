package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A handler that throws costs at most its own thread. */
class HandlerFailureTest extends Conformance {
    static Stream<Arguments> kindsAndThrowables() {
        List<Supplier<Throwable>> throwables = List.of(
                () -> new IllegalStateException("thrown by a handler"),
                () -> new AssertionError("thrown by a handler"),
                () -> new StackOverflowError("thrown by a handler"),
                () -> new OutOfMemoryError("thrown by a handler"));
        return Stream.of(GroupKind.values())
                .flatMap(kind -> throwables.stream().map(each -> Arguments.of(kind, each.get())));
    }

    /** Throws whatever it is: other languages than Java have no checked exceptions, and their handlers throw any. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static <V> CompletionHandler<V, Object> throwing(Throwable thrown) {
        return new CompletionHandler<>() {
            @Override
            public void completed(V result, Object attachment) {
                HandlerFailureTest.<RuntimeException>sneak(thrown);
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                HandlerFailureTest.<RuntimeException>sneak(thrown);
            }
        };
    }

    private TestGroup watchedGroup(GroupKind kind) throws IOException {
        return closing(TestGroup.of(kind).seeingUncaught());
    }

    @ParameterizedTest
    @MethodSource("kindsAndThrowables")
    void the_uncaught_handler_sees_it_once_and_the_group_goes_on(GroupKind kind, Throwable thrown) throws Exception {
        TestGroup group = watchedGroup(kind);
        Pair failing = pair(group);
        Pair other = pair(group);
        Outcome<Integer> waiting = new Outcome<>();
        ByteBuffer buffer = ByteBuffer.allocate(4);
        other.channel().read(buffer, null, waiting);
        for (int i = 1; i <= 20; i++) {
            failing.channel().read(ByteBuffer.allocate(1), null, throwing(thrown));
            failing.send((byte) i);
            int count = i;
            Eventually.until("the uncaught handler saw it", () -> group.uncaught().size() >= count);
        }
        other.send((byte) 7);
        assertEquals(1, waiting.value());
        group.assertOwns(waiting.thread());
        assertEquals(7, buffer.get(0));
        assertTrue(failing.channel().isOpen());
        failing.assertReads();
        assertEquals(20, group.uncaught().size());
        group.uncaught().forEach(seen -> assertSame(thrown, seen));
    }

    @ParameterizedTest
    @EnumSource
    void handlers_that_throw_at_once_on_every_channel_lose_nothing_of_the_others(GroupKind kind) throws Exception {
        TestGroup group = watchedGroup(kind);
        List<Pair> throwing = new ArrayList<>();
        List<Pair> reading = new ArrayList<>();
        List<Outcome<Integer>> outcomes = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Pair thrower = pair(group);
            thrower.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                throw new IllegalStateException("thrown by a handler");
            }));
            throwing.add(thrower);
            Pair reader = pair(group);
            Outcome<Integer> read = new Outcome<>();
            reader.channel().read(ByteBuffer.allocate(4), null, read);
            reading.add(reader);
            outcomes.add(read);
        }
        for (int i = 0; i < 16; i++) {
            throwing.get(i).send((byte) 1);
            reading.get(i).send((byte) 1, (byte) 2);
        }
        for (Outcome<Integer> outcome : outcomes) {
            assertEquals(2, outcome.value());
        }
        Eventually.until("all were seen", () -> group.uncaught().size() == 16);
    }

    @ParameterizedTest
    @EnumSource
    void a_throwing_accept_handler_leaves_the_server_listening(GroupKind kind) throws Exception {
        TestGroup group = watchedGroup(kind);
        AsynchronousServerSocketChannel server = server(group);
        server.accept(null, new Then<AsynchronousSocketChannel>(channel -> {
            closing(channel);
            throw new IllegalStateException("thrown by a handler");
        }));
        closing(SocketChannel.open(server.getLocalAddress()));
        Eventually.until("the uncaught handler saw it", () -> group.uncaught().size() == 1);
        Future<AsynchronousSocketChannel> next = server.accept();
        closing(SocketChannel.open(server.getLocalAddress()));
        closing(Futures.value(next));
        assertEquals(1, group.uncaught().size());
    }

    @ParameterizedTest
    @EnumSource
    void a_throwing_handler_of_an_operation_that_completed_at_once_is_no_different(GroupKind kind) throws Exception {
        TestGroup group = watchedGroup(kind);
        Pair pair = pair(group);
        for (int i = 1; i <= 10; i++) {
            pair.channel().write(ByteBuffer.wrap(new byte[] {(byte) i}), null, new Then<>(result -> {
                throw new IllegalStateException("thrown by a handler");
            }));
            int count = i;
            Eventually.until("the uncaught handler saw it", () -> group.uncaught().size() == count);
        }
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, pair.take(10));
    }

    @ParameterizedTest
    @EnumSource
    void what_a_throwing_handler_started_before_goes_on(GroupKind kind) throws Exception {
        TestGroup group = watchedGroup(kind);
        Pair pair = pair(group);
        Outcome<Integer> next = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
            pair.channel().read(ByteBuffer.allocate(1), null, next);
            throw new IllegalStateException("thrown by a handler");
        }));
        pair.send((byte) 1);
        // The thread that started the second read is gone by now, or will be.
        Eventually.until("the uncaught handler saw it", () -> group.uncaught().size() == 1);
        pair.send((byte) 2);
        assertEquals(1, next.value());
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_is_told_a_failure_may_throw_as_well(GroupKind kind) throws Exception {
        TestGroup group = watchedGroup(kind);
        Pair pending = pair(group);
        Pair other = pair(group);
        Error thrown = new AssertionError("thrown by a handler");
        pending.channel().read(ByteBuffer.allocate(1), null, throwing(thrown));
        pending.channel().close();
        Eventually.until("the uncaught handler saw the first", () -> group.uncaught().size() == 1);
        pending.channel().write(ByteBuffer.allocate(1), null, throwing(thrown));
        Eventually.until("the uncaught handler saw the second", () -> group.uncaught().size() == 2);
        other.assertReads();
        group.uncaught().forEach(seen -> assertSame(thrown, seen));
        assertEquals(2, group.uncaught().size());
    }

    /** The JDK's does not replace a thread of a fixed group that died of one. */
    @ParameterizedTest
    @EnumSource
    void a_checked_exception_is_seen_once_like_any_other(GroupKind kind) throws Exception {
        boolean isLosingThreads = Provider.isTheJdks() && kind.name().startsWith("FIXED");
        TestGroup group = TestGroup.of(kind).seeingUncaught();
        if (!isLosingThreads) {
            closing(group);
        }
        Pair failing = pair(group);
        for (int i = 1; i <= (isLosingThreads ? 1 : 20); i++) {
            Throwable thrown = i % 2 == 0 ? new Throwable("neither exception nor error") : new IOException("checked");
            failing.channel().read(ByteBuffer.allocate(1), null, throwing(thrown));
            failing.send((byte) i);
            int count = i;
            Eventually.until("the uncaught handler saw it", () -> group.uncaught().size() >= count);
            assertTrue(group.uncaught().contains(thrown));
            assertEquals(count, group.uncaught().size());
        }
        if (!isLosingThreads) {
            failing.assertReads();
        }
    }

    /** The caller may catch it; if it does not, the exception goes on as its own. */
    @ParameterizedTest
    @EnumSource
    void what_a_directly_called_handler_throws_comes_out_of_the_call(GroupKind kind) throws Exception {
        TestGroup group = watchedGroup(kind);
        Pair pair = pair(group);
        RuntimeException thrown = new IllegalStateException("thrown by an inner handler");
        Outcome<Throwable> caught = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
            try {
                pair.channel().write(ByteBuffer.allocate(0), null, throwing(thrown));
                caught.failed(new AssertionError("the inner handler was not called directly"), null);
            } catch (IllegalStateException e) {
                caught.completed(e, null);
            }
            pair.channel().read(ByteBuffer.allocate(0), null, throwing(thrown));
        }));
        pair.send((byte) 1);
        assertSame(thrown, caught.value());
        Eventually.until("the uncaught handler saw it", () -> group.uncaught().size() == 1);
        pair.assertReads();
        assertSame(thrown, group.uncaught().element());
        assertEquals(1, group.uncaught().size());
    }

    @ParameterizedTest
    @EnumSource
    void an_operation_outlives_the_thread_that_started_it(GroupKind kind) throws Exception {
        Pair pair = pair(group(kind));
        Outcome<Integer> read = new Outcome<>();
        Thread starter = Thread.ofPlatform().start(() -> pair.channel().read(ByteBuffer.allocate(4), null, read));
        starter.join();
        read.assertPending();
        pair.send((byte) 1);
        assertEquals(1, read.value());
    }
}
