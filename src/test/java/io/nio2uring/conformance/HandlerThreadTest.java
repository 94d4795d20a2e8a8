package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which thread runs a handler, and in which state it finds it. */
class HandlerThreadTest extends Conformance {
    @ParameterizedTest
    @EnumSource
    void handlers_run_on_threads_of_the_group_however_soon_the_operation_completes(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        for (int i = 0; i < 50; i++) {
            pair.send((byte) i);
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(1), null, read);
            Outcome<Integer> write = new Outcome<>();
            pair.channel().write(ByteBuffer.allocate(1), null, write);
            Outcome<Integer> empty = new Outcome<>();
            read.value();
            pair.channel().read(ByteBuffer.allocate(0), null, empty);
            write.value();
            empty.value();
            group.assertOwns(read.thread());
            group.assertOwns(write.thread());
            group.assertOwns(empty.thread());
        }
    }

    @Test
    void a_handler_runs_on_its_own_channels_group_also_when_another_groups_thread_started_it() throws Exception {
        TestGroup first = group(GroupKind.FIXED_OF_ONE);
        TestGroup second = group(GroupKind.FIXED_OF_ONE);
        Pair trigger = pair(first);
        Pair target = pair(second);
        target.send((byte) 1);
        Outcome<Integer> read = new Outcome<>();
        Outcome<Integer> write = new Outcome<>();
        Outcome<Integer> empty = new Outcome<>();
        trigger.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
            target.channel().write(ByteBuffer.allocate(1), null, write);
            target.channel().read(ByteBuffer.allocate(0), null, empty);
            target.channel().read(ByteBuffer.allocate(1), null, read);
        }));
        trigger.send((byte) 1);
        for (Outcome<Integer> outcome : List.of(read, write, empty)) {
            outcome.value();
            second.assertOwns(outcome.thread());
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_accept_never_runs_its_handler_before_it_returns(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel server = server(group);
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(closing(SocketChannel.open(server.getLocalAddress())));
        }
        ThreadLocal<Boolean> accepting = ThreadLocal.withInitial(() -> false);
        AtomicInteger direct = new AtomicInteger();
        AtomicInteger count = new AtomicInteger();
        CompletionHandler<AsynchronousSocketChannel, Object> handler = new CompletionHandler<>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, Object attachment) {
                closing(channel);
                if (accepting.get()) {
                    direct.incrementAndGet();
                }
                if (count.incrementAndGet() < clients.size()) {
                    accepting.set(true);
                    server.accept(null, this);
                    accepting.set(false);
                }
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                throw new IllegalStateException(failure);
            }
        };
        server.accept(null, handler);
        Eventually.until("all accepted", () -> count.get() == clients.size());
        assertEquals(0, direct.get());
    }

    @Test
    void an_interrupt_that_a_handler_leaves_behind_is_not_seen_by_the_next_one() throws Exception {
        Pair pair = pair(group(GroupKind.FIXED_OF_ONE));
        for (int i = 0; i < 20; i++) {
            Outcome<Boolean> interrupted = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                interrupted.completed(Thread.currentThread().isInterrupted(), null);
                Thread.currentThread().interrupt();
            }));
            pair.send((byte) i);
            assertFalse(interrupted.value());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FIXED_OF_ONE", "FIXED_OF_THREE", "CACHED", "CUSTOM"})
    void interrupting_the_threads_of_a_group_does_not_stop_it(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        for (int i = 0; i < 20; i++) {
            Outcome<Integer> read = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(1), null, read);
            group.threads().forEach(Thread::interrupt);
            pair.send((byte) i);
            assertEquals(1, read.value());
        }
        assertTrue(pair.channel().isOpen());
    }

    /** A handler holds no lock that another thread needs, on its own channel or on another one. */
    @ParameterizedTest
    @EnumSource
    void while_a_handler_runs_everything_can_be_done_from_elsewhere(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair busy = pair(group);
        Pair other = pair(group);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        closing((AutoCloseable) leave::countDown);
        busy.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
            inside.countDown();
            leave.await();
        }));
        busy.send((byte) 1);
        assertTrue(inside.await(10, TimeUnit.SECONDS));

        // None of these needs a thread of the group: data is there, or only the call itself is looked at.
        assertEquals(1, Futures.value(busy.channel().write(ByteBuffer.allocate(1))));
        assertEquals(1, Futures.value(other.channel().write(ByteBuffer.allocate(1))));
        Outcome<Integer> read = new Outcome<>();
        busy.channel().read(ByteBuffer.allocate(1), null, read);
        AsynchronousSocketChannel opened = socket(group);
        Outcome<Integer> idle = new Outcome<>();
        other.channel().read(ByteBuffer.allocate(1), null, idle);
        assertTrue(busy.channel().toString().contains("connected"));
        opened.close();
        other.channel().close();
        busy.channel().shutdownOutput();
        busy.channel().close();
        assertFalse(busy.channel().isOpen());
        leave.countDown();
        assertTrue(read.failureOrNull() != null);
        assertTrue(idle.failureOrNull() != null);
    }

    @ParameterizedTest
    @EnumSource(names = {"FIXED_OF_ONE", "FIXED_OF_THREE", "CACHED", "CUSTOM"})
    void handlers_see_the_context_class_loader_that_the_factory_gave_its_threads(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        Pair pair = pair(group);
        ClassLoader callers = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0]));
        try {
            for (int i = 0; i < 10; i++) {
                Outcome<ClassLoader> loader = new Outcome<>();
                pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(
                        result -> loader.completed(Thread.currentThread().getContextClassLoader(), null)));
                pair.send((byte) i);
                assertSame(TestGroup.LOADER, loader.value());
            }
        } finally {
            Thread.currentThread().setContextClassLoader(callers);
        }
    }

    @Test
    void a_thread_local_of_a_fixed_group_stays_with_its_thread() throws Exception {
        Pair pair = pair(group(GroupKind.FIXED_OF_ONE));
        ThreadLocal<Integer> calls = ThreadLocal.withInitial(() -> 0);
        for (int i = 1; i <= 5; i++) {
            Outcome<Integer> seen = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                calls.set(calls.get() + 1);
                seen.completed(calls.get(), null);
            }));
            pair.send((byte) i);
            assertEquals(i, seen.value());
        }
    }
}
