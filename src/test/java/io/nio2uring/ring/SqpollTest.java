package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.nio2uring.abi.SqRingFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqpollTest {
    /** Long enough for the kernel thread not to sleep during a test. */
    private static final int AWAKE_MILLIS = 30_000;

    private static void await(IoUring ring, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Reaping.DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, ring::toString);
            Thread.onSpinWait();
        }
    }

    private static void awaitReady(IoUring ring, int count) {
        await(ring, () -> ring.readyCompletions() >= count);
    }

    private static void awaitSleep(IoUring ring) {
        await(ring, () -> (ring.submissions.flags() & SqRingFlag.NEED_WAKEUP) != 0);
    }

    /** The kernel thread frees the slots of entries after these have completed. */
    private static void awaitAllTaken(IoUring ring) {
        await(ring, () -> ring.pendingSubmissions() == 0);
    }

    @Test
    void an_awake_kernel_thread_needs_no_system_call() throws IOException {
        try (IoUring ring = IoUring.newSqpoll(8, AWAKE_MILLIS)) {
            // The thread may not have started yet, and until then asks to be woken.
            ring.prepNop(0);
            ring.submitAndWait(0);
            awaitReady(ring, 1);
            ring.forEachCompletion(completion -> {});
            long calls = ring.enterCalls();
            for (int i = 1; i <= 100; i++) {
                assertTrue(ring.prepNop(i));
                assertEquals(1, ring.submitAndWait(0));
                awaitReady(ring, 1);
                // There is nothing to wait for any more.
                assertEquals(0, ring.submitAndWait(1));
                int expected = i;
                assertEquals(1, ring.forEachCompletion(
                        completion -> assertEquals(expected, completion.userData())));
                awaitAllTaken(ring);
            }
            assertEquals(calls, ring.enterCalls());
            assertEquals(101, ring.submittedEntries());
        }
    }

    @Test
    void a_sleeping_kernel_thread_is_woken_by_one_call() throws IOException {
        try (IoUring ring = IoUring.newSqpoll(8, 1)) {
            long before = ring.enterCalls();
            for (int i = 0; i < 20; i++) {
                awaitSleep(ring);
                long calls = ring.enterCalls();
                assertTrue(ring.prepNop(i));
                ring.submitAndWait(0);
                // None where the thread, which looks once more before it sleeps, has found the entry by itself.
                assertTrue(ring.enterCalls() <= calls + 1);
                awaitReady(ring, 1);
                assertEquals(1, ring.forEachCompletion(completion -> {}));
            }
            assertTrue(ring.enterCalls() > before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 400})
    void the_kernel_thread_sleeps_not_before_its_idle_time_is_over(int idleMillis) throws IOException {
        try (IoUring ring = IoUring.newSqpoll(8, idleMillis)) {
            awaitSleep(ring);
            for (int i = 0; i < 3; i++) {
                // Taken before the kernel can take the entry: afterwards this thread may lose its processor first.
                long idleSince = System.nanoTime();
                ring.prepNop(i);
                ring.submit();
                awaitReady(ring, 1);
                ring.forEachCompletion(completion -> {});
                awaitSleep(ring);
                long idleFor = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - idleSince);
                // The kernel counts from when it took the entry, in ticks of up to 10 milliseconds.
                assertTrue(idleFor >= idleMillis - 30, "slept after " + idleFor + " ms");
            }
        }
    }

    @Test
    void the_kernel_thread_runs_on_the_processor_asked_for() throws IOException {
        for (int cpu = 0; cpu < Runtime.getRuntime().availableProcessors(); cpu++) {
            Set<Path> before = kernelThreads();
            try (IoUring ring = IoUring.newSqpoll(8, AWAKE_MILLIS, cpu)) {
                ring.prepNop(1);
                assertEquals(Cqe.of(1, 0), Reaping.takeOne(ring));
                Set<Path> added = new HashSet<>();
                // The threads of rings that were closed end some time later, and have the list leave out another one then.
                await(ring, () -> {
                    added.clear();
                    added.addAll(kernelThreads());
                    added.removeAll(before);
                    return added.size() == 1;
                });
                String status = Files.readString(added.iterator().next().resolve("status"));
                assertTrue(status.contains("Cpus_allowed_list:\t" + cpu + "\n"), status);
            }
        }
    }

    /** Those of all rings of this process, as the kernel shows them. */
    private static Set<Path> kernelThreads() {
        Set<Path> found = new HashSet<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                try {
                    if (Files.readString(task.resolve("comm")).startsWith("iou-sqp-")) {
                        found.add(task);
                    }
                } catch (IOException e) {
                    // Some thread has ended.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void small_rings_lose_nothing_while_the_thread_sleeps_and_wakes(int entries) throws IOException {
        try (IoUring ring = IoUring.newSqpoll(entries, 1, 0)) {
            long next = 0;
            long[] expected = {0};
            while (expected[0] < 2_000) {
                if (next < 2_000 && ring.prepNop(next)) {
                    next++;
                }
                // Rarely: lets the thread go to sleep, at ever other moments.
                ring.submitAndWait(next % 100 == 0 ? 1 : 0, 3_000_000L);
                ring.forEachCompletion(completion -> assertEquals(expected[0]++, completion.userData()));
            }
            awaitAllTaken(ring);
        }
    }

    @Test
    void a_receive_through_the_kernel_thread_completes_when_data_arrives() throws IOException {
        try (IoUring ring = IoUring.newSqpoll(2, 1); Tcp tcp = Tcp.connected()) {
            var memory = tcp.arena.allocate(16);
            for (int i = 0; i < 5; i++) {
                ring.prepRecv(tcp.server, memory, 0, i);
                ring.submit();
                awaitSleep(ring);
                tcp.clientSends("hello");
                assertEquals(Cqe.of(i, 5), Reaping.takeOne(ring));
            }
        }
    }

    @Test
    void timeouts_keep_their_time_in_the_kernel_threads_ring() throws IOException {
        try (IoUring ring = IoUring.newSqpoll(2, 10)) {
            for (int i = 0; i < 10; i++) {
                while (!ring.prepTimeout(1_000_000L, i)) {
                    ring.submit();
                }
            }
            assertEquals(10, Reaping.take(ring, 10).size());
        }
    }
}
