package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
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
                () -> new OutOfMemoryError("thrown by a handler"));
        return Stream.of(GroupKind.values())
                .filter(kind -> kind != GroupKind.DEFAULT)
                .flatMap(kind -> throwables.stream().map(each -> Arguments.of(kind, each.get())));
    }

    private static void sneak(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    @ParameterizedTest
    @MethodSource("kindsAndThrowables")
    void the_uncaught_handler_sees_it_once_and_the_group_goes_on(GroupKind kind, Throwable thrown) throws Exception {
        TestGroup group = group(kind);
        Pair failing = pair(group);
        Pair other = pair(group);
        Outcome<Integer> waiting = new Outcome<>();
        ByteBuffer buffer = ByteBuffer.allocate(4);
        other.channel().read(buffer, null, waiting);
        for (int i = 1; i <= 20; i++) {
            failing.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> sneak(thrown)));
            failing.send((byte) i);
            int count = i;
            Eventually.until("the uncaught handler saw it", () -> group.uncaught().size() >= count);
        }
        other.send((byte) 7);
        assertEquals(1, waiting.value());
        group.assertOwns(waiting.thread());
        assertEquals(7, buffer.get(0));
        assertTrue(failing.channel().isOpen());
        Outcome<Integer> next = new Outcome<>();
        failing.channel().read(ByteBuffer.allocate(1), null, next);
        failing.send((byte) 1);
        assertEquals(1, next.value());
        assertEquals(20, group.uncaught().size());
        group.uncaught().forEach(seen -> assertSame(thrown, seen));
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void handlers_that_throw_at_once_on_every_channel_lose_nothing_of_the_others(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
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
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_throwing_accept_handler_leaves_the_server_listening(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
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
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_throwing_handler_of_an_operation_that_completed_at_once_is_no_different(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
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
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void what_a_throwing_handler_started_before_goes_on(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
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
