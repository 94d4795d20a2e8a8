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
class OperationCostIT {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CONNECTIONS = 64;
    private static final int BURSTS = 50;
    private static final int MESSAGES = CONNECTIONS * BURSTS;
    /**
     * Bytes for an operation when no compiler has removed anything (73 in the interpreter): the segment by which a direct
     * buffer's address is found, mostly. How much of it the compilers remove differs from run to run.
     */
    private static final int HANDLER_BYTES = 80;
    /** The same with a future, of which 32 are the future, and 80 for each system call, at most two (147 with one). */
    private static final int FUTURE_BYTES = 240;
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
    void handlersAllocateNoMoreThanTheCompilersCanRemove() throws IOException {
        try (CountedEcho echo = CountedEcho.byHandlers(CONNECTIONS)) {
            long bytes = burstsCost(echo).bytes();
            assertTrue(bytes <= 2 * MESSAGES * HANDLER_BYTES,
                    () -> bytes + " bytes for " + 2 * MESSAGES + " operations");
        }
    }

    @Test
    void futuresAllocateNoMoreThanTheCompilersCanRemove() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CountedEcho.MESSAGE_BYTES);
        try (CountedEcho echo = CountedEcho.unused()) {
            Cost before = echo.cost();
            long ofTheCaller = 0;
            for (int i = 0; i < MESSAGES; i++) {
                ofTheCaller += echoByFutures(echo, buffer);
            }
            long bytes = ofTheCaller + echo.cost().since(before).bytes();
            assertTrue(bytes <= 2 * MESSAGES * FUTURE_BYTES,
                    () -> bytes + " bytes for " + 2 * MESSAGES + " operations");
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

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
