package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.CompletableFuture;

import io.nio2uring.channel.OpenGroup.Pair;
import io.nio2uring.loop.LoopStatistics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler that waits for the future of an operation of its own loop, as Tomcat's do for each response. */
class FutureInHandlerTest {
    private static final int ROUNDS = 200;
    /** The monitor may take the lead from a handler that the machine has let wait. Each wait used to cost two. */
    private static final int TOLERATED = ROUNDS / 2;

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "cached"})
    void what_ends_at_once_does_not_cost_the_lead(String kind) throws Exception {
        try (OpenGroup group = kind.equals("fixed") ? OpenGroup.fixed(1) : OpenGroup.cached()) {
            Pair pair = group.pair();
            echo(pair.channel());
            exchange(pair, 0);
            long before = handOvers(group);
            for (int i = 1; i <= ROUNDS; i++) {
                exchange(pair, i);
            }
            long more = handOvers(group) - before;
            assertTrue(more < TOLERATED, () -> more + " hand-overs in " + ROUNDS + " handlers");
        }
    }

    /** As with the JDK's provider, as long as the socket has room. */
    @ParameterizedTest
    @ValueSource(strings = {"fixed", "cached"})
    void writes_in_a_row_need_not_be_waited_for(String kind) throws Exception {
        try (OpenGroup group = kind.equals("fixed") ? OpenGroup.fixed(1) : OpenGroup.cached()) {
            Pair pair = group.pair();
            for (int round = 0; round < ROUNDS; round++) {
                byte[] message = {(byte) round, 1, 2};
                CompletableFuture<Void> written = new CompletableFuture<>();
                pair.channel().read(ByteBuffer.allocate(1), null, Then.then(_ -> {
                    try {
                        pair.channel().write(ByteBuffer.wrap(message, 0, 1));
                        pair.channel().write(ByteBuffer.wrap(message, 1, 1));
                        pair.channel().write(ByteBuffer.wrap(message, 2, 1));
                        written.complete(null);
                    } catch (Throwable e) {
                        written.completeExceptionally(e);
                    }
                }));
                pair.peer().getOutputStream().write(1);
                // The bytes may be there before the last of the writes has returned, and the next handler on another thread.
                Waits.get(written, "the writes of round " + round);
                assertArrayEquals(message, pair.peer().getInputStream().readNBytes(3));
            }
        }
    }

    /** The first byte by a handler; in it the second, which is there already, and the answer, by futures. */
    private static void echo(AsynchronousSocketChannel channel) {
        ByteBuffer first = ByteBuffer.allocate(1);
        channel.read(first, null, Then.then(_ -> {
            ByteBuffer second = ByteBuffer.allocate(1);
            channel.read(second).get();
            channel.write(ByteBuffer.wrap(new byte[] {first.get(0), second.get(0)})).get();
            echo(channel);
        }));
    }

    private static void exchange(Pair pair, int number) throws IOException {
        byte[] message = {(byte) number, (byte) (number * 7)};
        pair.peer().getOutputStream().write(message);
        assertArrayEquals(message, pair.peer().getInputStream().readNBytes(2));
    }

    private static long handOvers(OpenGroup group) {
        return group.group.statistics().stream().mapToLong(LoopStatistics::handOvers).sum();
    }
}
