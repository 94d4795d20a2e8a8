package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
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
class OperationCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CONNECTIONS = 64;
    private static final int BURSTS = 50;
    private static final int MESSAGES = CONNECTIONS * BURSTS;
    /** More than enough for the compilers to be done with the code; the first round without allocation ends the wait. */
    private static final int MOST_ROUNDS = 100;
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
            assertTrue(all <= MESSAGES / 10, () -> "for " + MESSAGES + " messages: " + seen);
            if (cost.handOvers() == 0) {
                long enters = seen.getOrDefault("io_uring_enter", 0L);
                assertTrue(enters >= cost.enters(), () -> cost + ", but the kernel saw " + seen);
                assertTrue(enters <= cost.enters() + 2 * ENTERS_OF_A_HAND_OVER,
                        () -> cost + ", but the kernel saw " + seen);
            }
        }
    }

    @Test
    void handlersAllocateNothing() throws IOException {
        try (CountedEcho echo = CountedEcho.byHandlers(CONNECTIONS)) {
            int operations = 2 * MESSAGES;
            long bytes = least(operations / 2, () -> burstsCost(echo).bytes());
            // Less than a byte for each: none of them allocates. The few are for the sleeps and the wake-ups.
            assertTrue(bytes < operations / 2, () -> bytes + " bytes for " + operations + " operations");
        }
    }

    @Test
    void aFutureIsAllThatIsAllocatedForIt() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CountedEcho.MESSAGE_BYTES);
        try (CountedEcho echo = CountedEcho.unused()) {
            int rounds = MESSAGES;
            int operations = 2 * rounds;
            long bytes = least(operations * futureBytes(), () -> {
                Cost before = echo.cost();
                long ofTheCaller = 0;
                for (int i = 0; i < rounds; i++) {
                    ofTheCaller += echoByFutures(echo, buffer);
                }
                return ofTheCaller + echo.cost().since(before).bytes();
            });
            assertEquals(futureBytes(), bytes / operations,
                    () -> bytes + " bytes for " + operations + " operations with a future");
        }
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

    /** Size of a future in this virtual machine. */
    private static long futureBytes() {
        OperationFuture<?>[] futures = new OperationFuture<?>[1000];
        long start = allocated();
        for (int i = 0; i < futures.length; i++) {
            futures[i] = new OperationFuture<>(null);
        }
        long bytes = allocated() - start;
        return bytes / futures.length;
    }

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    private interface Counting {
        long count() throws IOException;
    }

    /**
     * Repeats something until it costs little enough. In the beginning the compilers have not yet removed what they
     * can; what is allocated in each operation, no round is without.
     */
    private static long least(long enough, Counting counting) throws IOException {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && least > enough; round++) {
            least = Math.min(least, counting.count());
        }
        return least;
    }
}
