package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import com.sun.management.ThreadMXBean;
import io.nio2uring.channel.CountedEcho.Cost;
import org.junit.jupiter.api.Test;

/**
 * What an operation costs: system calls and allocated bytes. Counted and never timed, so a machine that is slow, or busy
 * with something else, makes no difference.
 */
class OperationCostIT {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CONNECTIONS = 64;
    private static final int BURSTS = 50;
    private static final int MESSAGES = CONNECTIONS * BURSTS;
    /** Size of a future, which is the user's to have. */
    private static final int FUTURE_BYTES = 32;
    /** The virtual machine makes something of its own at times: when it links a call, when the loop changes hands. */
    private static final int ROUNDS = 5;
    /** What a loop that changes hands may need in addition: to arm its wake-up anew, and to look around. */
    private static final int ENTERS_OF_A_HAND_OVER = 10;

    @Test
    void oneSystemCallServesManyMessagesOf64Connections() throws IOException {
        try (CountedEcho echo = CountedEcho.byHandlers(CONNECTIONS)) {
            Cost cost = burstsCost(echo);
            assertTrue(cost.enters() <= MESSAGES / 10 + cost.handOvers() * ENTERS_OF_A_HAND_OVER,
                    () -> "for " + MESSAGES + " messages in " + BURSTS + " bursts: " + cost);
        }
    }

    private static Cost burstsCost(CountedEcho echo) throws IOException {
        echo.burst();
        Cost before = echo.cost();
        for (int i = 0; i < BURSTS; i++) {
            echo.burst();
        }
        return echo.cost().since(before);
    }

    @Test
    void aLoneMessageTakesTwoSystemCalls() throws IOException {
        try (CountedEcho echo = CountedEcho.byHandlers(1)) {
            echo.pingPong(10);
            Cost before = echo.cost();
            echo.pingPong(MESSAGES);
            Cost cost = echo.cost().since(before);
            // One submits the read and waits, one submits the write; and a few for the looks at the costs.
            assertTrue(cost.enters() <= 2 * MESSAGES + (1 + cost.handOvers()) * ENTERS_OF_A_HAND_OVER,
                    () -> "for " + MESSAGES + " messages one by one: " + cost);
        }
    }

    /** What the loop says of itself is what the kernel sees, and there are no other calls. */
    @Test
    void theKernelSeesNoOtherSystemCalls() throws IOException, InterruptedException {
        try (CountedEcho echo = CountedEcho.byHandlers(CONNECTIONS)) {
            echo.burst();
            Map<String, Long> seen;
            Cost cost;
            try (TracedThread traced = TracedThread.of(echo.worker())) {
                cost = burstsCost(echo);
                seen = traced.end();
            }
            // Threads of the virtual machine wait for each other by futex, and so does the test for the loop.
            long all = seen.entrySet().stream().filter(each -> !each.getKey().equals("futex"))
                    .mapToLong(Map.Entry::getValue).sum();
            assertTrue(all <= MESSAGES / 10 + cost.handOvers() * ENTERS_OF_A_HAND_OVER,
                    () -> "for " + MESSAGES + " messages: " + seen + ", " + cost);
            // The thread that is traced is not alone where the loop has changed hands.
            long enters = seen.getOrDefault("io_uring_enter", 0L);
            assertTrue(cost.handOvers() > 0 || enters >= cost.enters(), () -> cost + ", but the kernel saw " + seen);
            assertTrue(enters <= cost.enters() + (2 + cost.handOvers()) * ENTERS_OF_A_HAND_OVER,
                    () -> cost + ", but the kernel saw " + seen);
        }
    }

    /** Also where no compiler has come yet to remove what is made in vain. */
    @Test
    void operationsWithHandlersAllocateNothing() throws IOException {
        try (CountedEcho echo = CountedEcho.byHandlers(CONNECTIONS)) {
            assertAllocated(0, () -> burstsCost(echo).bytes());
        }
    }

    @Test
    void operationsWithFuturesAllocateTheFutureAlone() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CountedEcho.MESSAGE_BYTES);
        try (CountedEcho echo = CountedEcho.unused()) {
            assertAllocated(FUTURE_BYTES, () -> {
                Cost before = echo.cost();
                long ofTheCaller = 0;
                for (int i = 0; i < MESSAGES; i++) {
                    ofTheCaller += echoByFutures(echo, buffer);
                }
                return ofTheCaller + echo.cost().since(before).bytes();
            });
        }
    }

    private interface Round {
        /** Bytes allocated for a read and a write of each message. */
        long run() throws IOException;
    }

    /** In one of a few rounds an operation allocates less than a byte more than it may. */
    private static void assertAllocated(int bytesPerOperation, Round round) throws IOException {
        long[] bytes = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            bytes[i] = round.run();
            if (bytes[i] < 2 * MESSAGES * (bytesPerOperation + 1)) {
                return;
            }
        }
        fail("bytes for " + 2 * MESSAGES + " operations, in so many rounds: " + Arrays.toString(bytes));
    }

    /** Returns how much the calling thread allocated for the two operations. */
    private static long echoByFutures(CountedEcho echo, ByteBuffer buffer) throws IOException {
        buffer.clear();
        long start = allocated();
        Future<Integer> read = echo.channel().read(buffer);
        long bytes = allocated() - start;
        echo.send();
        start = allocated();
        await(read);
        buffer.flip();
        await(echo.channel().write(buffer));
        bytes += allocated() - start;
        echo.receive();
        return bytes;
    }

    private static void await(Future<Integer> future) {
        try {
            assertEquals(CountedEcho.MESSAGE_BYTES, (int) future.get());
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
