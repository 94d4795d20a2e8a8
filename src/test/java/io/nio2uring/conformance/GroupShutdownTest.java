package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GroupShutdownTest extends Conformance {
    private static void assertTerminates(TestGroup group) throws InterruptedException {
        assertTrue(group.group().awaitTermination(10, TimeUnit.SECONDS), "terminated");
        assertTrue(group.group().isTerminated());
        assertTrue(group.group().isShutdown());
        if (group.executor() != null) {
            assertTrue(group.executor().isShutdown(), "the group owns its executor");
            assertTrue(group.executor().isTerminated());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_group_without_channels_terminates_when_it_is_shut_down(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        assertFalse(group.group().isShutdown());
        assertFalse(group.group().isTerminated());
        assertFalse(group.group().awaitTermination(1, TimeUnit.MILLISECONDS));
        group.group().shutdown();
        assertTrue(group.group().isShutdown());
        assertTerminates(group);
        group.group().shutdown();
        group.group().shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_group_that_is_shut_down_lives_until_its_last_channel_is_closed(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        AsynchronousServerSocketChannel server = server(group);
        group.group().shutdown();
        assertTrue(group.group().isShutdown());
        assertFalse(group.group().isTerminated());
        assertFalse(group.group().awaitTermination(10, TimeUnit.MILLISECONDS));
        if (group.executor() != null) {
            assertFalse(group.executor().isShutdown());
        }

        assertTrue(pair.channel().isOpen());
        Outcome<Integer> read = new Outcome<>();
        pair.channel().read(ByteBuffer.allocate(4), null, read);
        pair.send((byte) 1);
        assertEquals(1, read.value());
        group.assertOwns(read.thread());
        assertEquals(3, Futures.value(pair.channel().write(ByteBuffer.allocate(3))));

        pair.channel().close();
        assertFalse(group.group().isTerminated());
        server.close();
        assertTerminates(group);
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void no_channel_can_be_opened_after_shutdown(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousSocketChannel keepsAlive = socket(group);
        group.group().shutdown();
        assertThrows(ShutdownChannelGroupException.class, group::socket);
        assertThrows(ShutdownChannelGroupException.class, group::server);
        keepsAlive.close();
        assertTerminates(group);
        assertThrows(ShutdownChannelGroupException.class, group::socket);
        assertThrows(ShutdownChannelGroupException.class, group::server);
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void no_connection_is_accepted_after_shutdown(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel server = server(group);
        Outcome<AsynchronousSocketChannel> pending = new Outcome<>();
        server.accept(null, pending);
        group.group().shutdown();
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            Throwable failure = pending.failure(IOException.class);
            assertEquals(ShutdownChannelGroupException.class, failure.getCause().getClass());
            assertEquals(-1, endOf(client));
        }
        assertTrue(server.isOpen());
        Future<AsynchronousSocketChannel> next = server.accept();
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            IOException failure = Futures.failure(IOException.class, next);
            assertEquals(ShutdownChannelGroupException.class, failure.getCause().getClass());
            assertEquals(-1, endOf(client));
        }
    }

    private static int endOf(SocketChannel client) {
        try {
            return client.read(ByteBuffer.allocate(1));
        } catch (IOException reset) {
            return -1;
        }
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void shutdown_now_closes_every_channel_and_fails_what_is_pending(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair first = pair(group);
        Pair second = pair(group);
        AsynchronousServerSocketChannel server = server(group);
        AsynchronousSocketChannel idle = socket(group);
        Outcome<Integer> read = new Outcome<>();
        first.channel().read(ByteBuffer.allocate(4), null, read);
        Future<Integer> future = second.channel().read(ByteBuffer.allocate(4));
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        server.accept(null, accept);

        group.group().shutdownNow();
        assertFalse(first.channel().isOpen());
        assertFalse(second.channel().isOpen());
        assertFalse(server.isOpen());
        assertFalse(idle.isOpen());
        read.failure(AsynchronousCloseException.class);
        accept.failure(AsynchronousCloseException.class);
        Futures.failure(AsynchronousCloseException.class, future);
        group.assertOwns(read.thread());
        assertTerminates(group);
        assertEquals(-1, first.peer().read(ByteBuffer.allocate(1)));
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void shutdown_now_closes_hundreds_of_channels(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousSocketChannel[] channels = new AsynchronousSocketChannel[300];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = socket(group);
        }
        group.group().shutdownNow();
        for (AsynchronousSocketChannel channel : channels) {
            assertFalse(channel.isOpen());
        }
        assertTerminates(group);
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_group_does_not_terminate_while_a_handler_runs(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Outcome<Boolean> interrupted = new Outcome<>();
        pair.channel()
                .read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                    inside.countDown();
                    leave.await();
                    interrupted.completed(Thread.currentThread().isInterrupted(), null);
                }));
        pair.send((byte) 1);
        assertTrue(inside.await(10, TimeUnit.SECONDS));
        group.group().shutdownNow();
        assertFalse(pair.channel().isOpen());
        assertFalse(group.group().awaitTermination(20, TimeUnit.MILLISECONDS));
        assertFalse(group.group().isTerminated());
        leave.countDown();
        assertFalse(interrupted.value(), "running handlers are not interrupted");
        assertTerminates(group);
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_handler_can_close_its_channel_and_shut_down_its_group(GroupKind kind) throws Exception {
        for (boolean now : new boolean[] {true, false}) {
            TestGroup group = group(kind);
            Pair pair = pair(group);
            Outcome<Boolean> done = new Outcome<>();
            pair.channel()
                    .read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                        pair.channel().close();
                        if (now) {
                            group.group().shutdownNow();
                        } else {
                            group.group().shutdown();
                        }
                        done.completed(pair.channel().isOpen(), null);
                    }));
            pair.send((byte) 1);
            assertFalse(done.value());
            assertTerminates(group);
            assertEquals(-1, pair.peer().read(ByteBuffer.allocate(1)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void a_handler_that_shuts_down_its_group_now_need_not_close_its_channel(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        Outcome<Integer> pending = new Outcome<>();
        Pair other = pair(group);
        other.channel().read(ByteBuffer.allocate(1), null, pending);
        pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> group.group().shutdownNow()));
        pair.send((byte) 1);
        pending.failure(AsynchronousCloseException.class);
        assertTerminates(group);
        assertFalse(pair.channel().isOpen());
    }

    @Test
    void waiting_for_the_termination_can_be_interrupted() throws Exception {
        AsynchronousChannelGroup group = anyGroup().group();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> group.awaitTermination(1, TimeUnit.DAYS));
    }

    /** What has a handler, and cannot call it any more, says so directly; futures need no thread of the group. */
    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void operations_of_a_terminated_group_are_refused(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousSocketChannel channel = pair(group).channel();
        AsynchronousServerSocketChannel server = server(group);
        group.group().shutdownNow();
        assertTerminates(group);
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThrows(ShutdownChannelGroupException.class, () -> channel.read(buffer, null, new Outcome<Integer>()));
        assertThrows(ShutdownChannelGroupException.class, () -> channel.write(buffer, null, new Outcome<Integer>()));
        assertThrows(ShutdownChannelGroupException.class,
                () -> channel.connect(loopback(1), null, new Outcome<Void>()));
        assertThrows(ShutdownChannelGroupException.class,
                () -> server.accept(null, new Outcome<AsynchronousSocketChannel>()));
        Futures.failure(ClosedChannelException.class, channel.read(buffer));
        Futures.failure(ClosedChannelException.class, channel.write(buffer));
        Futures.failure(ClosedChannelException.class, server.accept());
    }

    @Test
    void shutting_down_races_with_opening_and_no_channel_is_left_open() throws Exception {
        for (int round = 0; round < 50; round++) {
            TestGroup group = group(GroupKind.FIXED_OF_ONE);
            AsynchronousSocketChannel[] last = new AsynchronousSocketChannel[1];
            Queue<AsynchronousSocketChannel> open = new ArrayDeque<>();
            CountDownLatch started = new CountDownLatch(1);
            Future<Object> refused = Futures.inVirtualThread(() -> {
                try {
                    while (true) {
                        last[0] = group.socket();
                        open.add(last[0]);
                        if (open.size() > 1_000) {
                            // However late the shutdown comes, descriptors do not run out.
                            open.remove().close();
                        }
                        started.countDown();
                    }
                } finally {
                    started.countDown();
                }
            });
            started.await();
            group.group().shutdownNow();
            Futures.failure(ShutdownChannelGroupException.class, refused);
            last[0].close();
            assertTerminates(group);
        }
    }

    /**
     * With threads of its own a group calls every handler before it has terminated. With an executor the JDK's may find
     * it shut down between the end of a read and the call of its handler; no handler is called twice there either.
     */
    @ParameterizedTest
    @EnumSource(names = "DEFAULT", mode = EnumSource.Mode.EXCLUDE)
    void shutdown_now_racing_with_data_calls_no_handler_twice_and_loses_none_of_its_own(GroupKind kind)
            throws Exception {
        for (int round = 0; round < 10; round++) {
            TestGroup group = group(kind);
            Pair[] pairs = new Pair[8];
            @SuppressWarnings({"unchecked", "rawtypes"})
            Outcome<Integer>[] reads = new Outcome[pairs.length];
            for (int i = 0; i < pairs.length; i++) {
                pairs[i] = pair(group);
                reads[i] = new Outcome<>();
                pairs[i].channel().read(ByteBuffer.allocate(4), null, reads[i]);
            }
            Future<Object> closed = Futures.inVirtualThread(() -> {
                group.group().shutdownNow();
                return null;
            });
            for (Pair pair : pairs) {
                try {
                    pair.send((byte) 1);
                } catch (IOException closedAlready) {
                    assertFalse(pair.channel().isOpen());
                }
            }
            Futures.value(closed);
            assertTerminates(group);
            for (Outcome<Integer> read : reads) {
                assertTrue(group.executor() != null || read.hasArrived(), "called before the group has terminated");
                if (read.hasArrived() && read.failureOrNull() != null) {
                    read.failure(AsynchronousCloseException.class);
                }
            }
        }
    }
}
