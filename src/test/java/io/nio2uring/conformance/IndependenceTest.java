package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No handler stalls another channel, as long as the group has one more thread. */
class IndependenceTest extends Conformance {
    private interface Opener {
        TestGroup open() throws Exception;
    }

    private static Arguments blocking(String name, int handlers, Opener opener) {
        return Arguments.of(Named.of(name, opener), handlers);
    }

    /** Groups, and how many of their handlers may block for ever. */
    static Stream<Arguments> groups() {
        return Stream.of(
                blocking("fixed of 2", 1, () -> TestGroup.fixed(2)),
                blocking("fixed of 4", 3, () -> TestGroup.fixed(4)),
                blocking("executor of 2", 1, () -> TestGroup.over(2)),
                blocking("executor of 4", 3, () -> TestGroup.over(4)),
                blocking("cached, 0 at first", 12, () -> TestGroup.cached(0)),
                blocking("cached, 1 at first", 12, () -> TestGroup.cached(1)),
                blocking("cached, 4 at first", 12, () -> TestGroup.cached(4)),
                blocking("default", 12, () -> TestGroup.of(GroupKind.DEFAULT)),
                blocking("virtual threads", 12, () -> TestGroup.of(GroupKind.VIRTUAL)));
    }

    /** Blocks this many handlers, each through a connection of its own, until the test ends. */
    private void block(TestGroup group, int handlers) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(handlers);
        for (int i = 0; i < handlers; i++) {
            Pair pair = pair(group);
            pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                blocked.countDown();
                release.await();
            }));
            pair.send((byte) 1);
        }
        closing((AutoCloseable) release::countDown);
        assertTrue(blocked.await(10, TimeUnit.SECONDS), () -> "handlers that still wait: " + blocked.getCount());
    }

    @ParameterizedTest
    @MethodSource("groups")
    void other_channels_are_served_while_handlers_block(Opener opener, int handlers) throws Exception {
        TestGroup group = closing(opener.open());
        Pair before = pair(group);
        Outcome<Integer> early = new Outcome<>();
        before.channel().read(ByteBuffer.allocate(1), null, early);
        block(group, handlers);

        before.send((byte) 1);
        assertEquals(1, early.value(), "a read that was pending before");
        Pair after = pair(group);
        for (int i = 0; i < 100; i++) {
            Outcome<Integer> read = new Outcome<>();
            ByteBuffer buffer = ByteBuffer.allocate(1);
            after.channel().read(buffer, null, read);
            after.send((byte) i);
            assertEquals(1, read.value());
            Outcome<Integer> write = new Outcome<>();
            after.channel().write(buffer.flip(), null, write);
            assertEquals(1, write.value());
            assertArrayEquals(new byte[] {(byte) i}, after.take(1));
            Future<Integer> waiting = after.channel().read(ByteBuffer.allocate(1));
            after.send((byte) i);
            assertEquals(1, Futures.value(waiting));
        }
    }

    /** As soon as others have been served meanwhile, it is not where it was. */
    @ParameterizedTest
    @MethodSource("groups")
    void a_handler_that_has_blocked_calls_others_directly_like_any_other(Opener opener, int handlers)
            throws Exception {
        TestGroup group = closing(opener.open());
        for (int i = 0; i < 3; i++) {
            Pair blocking = pair(group);
            Pair other = pair(group);
            CountDownLatch release = new CountDownLatch(1);
            closing((AutoCloseable) release::countDown);
            Outcome<Integer> inner = new Outcome<>();
            Outcome<Boolean> direct = new Outcome<>();
            blocking.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                release.await();
                blocking.channel().write(ByteBuffer.allocate(0), null, inner);
                direct.completed(inner.hasArrived(), null);
            }));
            blocking.send((byte) 1);
            other.assertReads();
            other.assertReads();
            release.countDown();
            assertTrue(direct.value(), "called directly");
            assertEquals(direct.thread(), inner.thread());
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void accepts_connects_timeouts_and_closes_are_served_while_handlers_block(Opener opener, int handlers)
            throws Exception {
        TestGroup group = closing(opener.open());
        block(group, handlers);
        AsynchronousServerSocketChannel server = server(group);
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        server.accept(null, accept);
        AsynchronousSocketChannel client = socket(group);
        Outcome<Void> connect = new Outcome<>();
        client.connect(server.getLocalAddress(), null, connect);
        connect.value();
        AsynchronousSocketChannel accepted = closing(accept.value());
        Outcome<Integer> timed = new Outcome<>();
        accepted.read(ByteBuffer.allocate(1), 20, TimeUnit.MILLISECONDS, null, timed);
        timed.failure(InterruptedByTimeoutException.class);
        Outcome<Integer> closed = new Outcome<>();
        client.read(ByteBuffer.allocate(1), null, closed);
        client.close();
        assertTrue(closed.failureOrNull() != null);
    }

    /** Sends back what comes, through handlers, until its channel is closed. */
    private record Echo(AsynchronousSocketChannel channel, ByteBuffer buffer, AtomicLong rounds)
            implements CompletionHandler<Integer, Boolean> {
        void read() {
            channel.read(buffer.clear(), true, this);
        }

        @Override
        public void completed(Integer count, Boolean wasRead) {
            if (!wasRead) {
                read();
            } else if (count == 1) {
                rounds.incrementAndGet();
                channel.write(buffer.flip(), false, this);
            }
        }

        @Override
        public void failed(Throwable failure, Boolean wasRead) {
            // The channel has been closed, at the end of the test.
        }
    }

    /** Two channels that keep each other busy; gives how often a byte has gone from one to the other. */
    private LongSupplier keepBusy(TestGroup group) throws Exception {
        AtomicLong rounds = new AtomicLong();
        List<AsynchronousSocketChannel> ends = bothEnds(group);
        for (AsynchronousSocketChannel end : ends) {
            assertEquals(1, Futures.value(end.write(ByteBuffer.allocate(1))));
        }
        for (AsynchronousSocketChannel end : ends) {
            new Echo(end, ByteBuffer.allocateDirect(1), rounds).read();
        }
        return rounds::get;
    }

    /** With one thread left, two channels that are never idle do not keep it from others. */
    @ParameterizedTest
    @MethodSource("groups")
    void busy_channels_do_not_starve_others_while_handlers_block(Opener opener, int handlers) throws Exception {
        TestGroup group = closing(opener.open());
        block(group, handlers);
        LongSupplier rounds = keepBusy(group);
        for (Pair pair : List.of(pair(group), pair(group), pair(group))) {
            for (int i = 0; i < 10; i++) {
                long before = rounds.getAsLong();
                pair.assertReads();
                Eventually.until("the busy ones go on", () -> rounds.getAsLong() > before);
            }
        }
    }

    /** A pool that also does other work gets to it, however busy the channels are. */
    @Test
    void busy_channels_leave_a_shared_thread_to_its_other_tasks() throws Exception {
        TestGroup group = closing(TestGroup.over(1));
        LongSupplier rounds = keepBusy(group);
        for (int i = 0; i < 10; i++) {
            long before = rounds.getAsLong();
            Futures.value(group.executor().submit(() -> {}));
            Eventually.until("the channels go on", () -> rounds.getAsLong() > before);
        }
    }

    static Stream<Arguments> unboundedGroups() {
        List<Named<Opener>> groups = List.of(
                Named.of("cached", () -> TestGroup.cached(1)),
                Named.of("virtual threads", () -> TestGroup.of(GroupKind.VIRTUAL)),
                Named.of("default", () -> TestGroup.of(GroupKind.DEFAULT)));
        return groups.stream().flatMap(group -> Stream.of(Arguments.of(group, 64), Arguments.of(group, 256)));
    }

    /** Every handler waits for the last one, and each gets its turn through a connection of its own. */
    @ParameterizedTest
    @MethodSource("unboundedGroups")
    void handlers_of_an_unbounded_pool_may_all_wait_for_the_last(Opener opener, int handlers) throws Exception {
        TestGroup group = closing(opener.open());
        CountDownLatch all = new CountDownLatch(handlers);
        List<Outcome<Integer>> outcomes = new ArrayList<>();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < handlers; i++) {
            Pair pair = pair(group);
            Outcome<Integer> outcome = new Outcome<>();
            pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                all.countDown();
                all.await();
                outcome.completed(result, null);
            }));
            pairs.add(pair);
            outcomes.add(outcome);
        }
        for (Pair pair : pairs) {
            pair.send((byte) 1);
        }
        for (Outcome<Integer> outcome : outcomes) {
            assertEquals(1, outcome.value());
        }
    }

    /** A handler may also wait for what another handler of its group does. */
    @ParameterizedTest
    @MethodSource("groups")
    void a_handler_may_wait_for_another_one(Opener opener, int handlers) throws Exception {
        TestGroup group = closing(opener.open());
        Pair first = pair(group);
        Pair second = pair(group);
        CountDownLatch done = new CountDownLatch(1);
        Outcome<Integer> end = new Outcome<>();
        first.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
            second.channel().read(ByteBuffer.allocate(1), null, new Then<>(inner -> done.countDown()));
            second.send((byte) 1);
            done.await();
            end.completed(handlers, null);
        }));
        first.send((byte) 1);
        assertEquals(handlers, end.value());
    }

    /** What came in one batch with a slow handler does not wait behind it. */
    @ParameterizedTest
    @MethodSource("groups")
    void completions_of_one_batch_do_not_wait_for_each_other(Opener opener, int handlers) throws Exception {
        TestGroup group = closing(opener.open());
        CountDownLatch release = new CountDownLatch(1);
        closing((AutoCloseable) release::countDown);
        int all = 20 + handlers;
        List<Pair> pairs = new ArrayList<>();
        CountDownLatch served = new CountDownLatch(all);
        for (int i = 0; i < all; i++) {
            Pair pair = pair(group);
            boolean slow = i < handlers;
            pair.channel().read(ByteBuffer.allocate(1), null, new Then<>(result -> {
                served.countDown();
                if (slow) {
                    release.await();
                }
            }));
            pairs.add(pair);
        }
        for (Pair pair : pairs) {
            pair.send((byte) 1);
        }
        assertTrue(served.await(10, TimeUnit.SECONDS), () -> "left waiting: " + served.getCount());
        Future<Integer> read = pairs.getFirst().channel().read(ByteBuffer.allocate(1));
        pairs.getFirst().send((byte) 2);
        assertEquals(1, Futures.value(read));
    }
}
