package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionTest {
    private static final int POLLIN = 1;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void a_full_queue_refuses_and_queues_nothing(int entries) throws IOException {
        try (IoUring ring = new IoUring(entries)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < entries; i++) {
                    assertTrue(ring.prepNop(i));
                }
                assertEquals(entries, ring.pendingSubmissions());
                assertFalse(ring.prepNop(99));
                assertFalse(ring.prepTimeout(1, 99));
                assertEquals(entries, ring.pendingSubmissions());
                assertEquals(entries, ring.submitAndWait(entries));
                assertEquals(0, ring.pendingSubmissions());
                List<Long> seen = new ArrayList<>();
                assertEquals(entries, ring.forEachCompletion(completion -> seen.add(completion.userData())));
                for (int i = 0; i < entries; i++) {
                    assertEquals(i, seen.get(i));
                }
            }
        }
    }

    @Test
    void nothing_to_do_makes_no_system_call() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            assertEquals(0, ring.submitAndWait(0));
            assertEquals(0, ring.submit());
            assertEquals(0, ring.enterCalls());
        }
    }

    @Test
    void completions_that_are_there_are_not_waited_for() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            ring.prepNop(1);
            ring.submit();
            assertEquals(1, ring.readyCompletions());
            assertEquals(1, ring.enterCalls());
            assertEquals(0, ring.submitAndWait(1));
            assertEquals(1, ring.enterCalls());
            assertEquals(1, ring.forEachCompletion(completion -> {}));
            assertEquals(0, ring.readyCompletions());
        }
    }

    @Test
    void counters_count_calls_entries_and_completions() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            ring.prepNop(1);
            ring.prepNop(2);
            ring.prepNop(3);
            assertEquals(3, ring.submitAndWait(3));
            assertEquals(3, ring.forEachCompletion(completion -> {}));
            assertEquals(1, ring.enterCalls());
            assertEquals(3, ring.submittedEntries());
            assertEquals(3, ring.reapedCompletions());
        }
    }

    @Test
    void a_wait_ends_when_its_time_is_over() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            long start = System.nanoTime();
            assertEquals(0, ring.submitAndWait(1, 30_000_000L));
            assertTrue(System.nanoTime() - start >= 30_000_000L);
            assertEquals(0, ring.submitAndWait(1, 0L));
            assertEquals(0, ring.forEachCompletion(completion -> {}));
        }
    }

    @Test
    void a_wait_without_limit_ends_with_its_completion() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            ring.prepTimeout(20_000_000L, 1);
            assertEquals(1, ring.submitAndWait(1, Long.MAX_VALUE));
            assertEquals(List.of(Cqe.of(1, -Errno.ETIME)), Reaping.takeReady(ring));
        }
    }

    @Test
    void a_wait_for_a_burst_is_content_with_one_completion_once_its_time_is_over() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            long start = System.nanoTime();
            ring.prepNop(1);
            assertEquals(1, ring.submitAndWait(2, 600_000_000_000L, 30_000));
            assertTrue(System.nanoTime() - start >= 30_000_000L);
            assertEquals(List.of(Cqe.of(1, 0)), Reaping.takeReady(ring));
        }
    }

    @Test
    void a_wait_for_a_burst_outlasts_its_time_until_there_is_a_completion() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            ring.prepTimeout(30_000_000L, 1);
            assertEquals(1, ring.submitAndWait(2, -1L, 1));
            assertEquals(List.of(Cqe.of(1, -Errno.ETIME)), Reaping.takeReady(ring));
        }
    }

    /** Another thread's operation is completed by that thread. The kernel's own wait for bursts used to sleep over it. */
    @Test
    void a_wait_for_a_burst_is_ended_by_what_another_thread_began() throws Exception {
        int event = FileCalls.eventfd(0, FileCalls.EFD_CLOEXEC | FileCalls.EFD_NONBLOCK);
        CountDownLatch submitted = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (IoUring ring = new IoUring(4)) {
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    ring.prepPollAdd(event, POLLIN, false, 1);
                    ring.submit();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    submitted.countDown();
                }
                while (over.getCount() > 0) {
                    // Wakes for what the kernel has it do, and goes on waiting.
                    LockSupport.park(over);
                }
            });
            submitted.await();
            // Long after the time for more than one.
            Thread signaller = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(50_000_000L);
                FileCalls.signalEventfd(event);
            });
            assertEquals(0, ring.submitAndWait(2, 30_000_000_000L, 1));
            assertEquals(List.of(Cqe.of(1, POLLIN)), Reaping.takeReady(ring));
            signaller.join();
            over.countDown();
            LockSupport.unpark(other);
            other.join();
        } finally {
            FileCalls.close(event);
        }
    }

    @Test
    void a_wait_for_a_burst_ends_with_it() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            ring.prepNop(1);
            ring.prepTimeout(1_000_000L, 2);
            // Were the burst's time what ends this, it would be noticed: it is over an hour from now.
            assertEquals(2, ring.submitAndWait(2, Long.MAX_VALUE, Integer.MAX_VALUE));
            assertEquals(List.of(Cqe.of(1, 0), Cqe.of(2, -Errno.ETIME)), Reaping.takeReady(ring));
        }
    }

    @Test
    void a_wait_for_a_burst_has_the_limit_of_any_wait() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            assertEquals(0, ring.submitAndWait(2, 1_000_000L, 10));
            assertEquals(0, ring.readyCompletions());
        }
    }

    @Test
    void an_invalid_entry_completes_with_its_error_and_those_after_it_are_not_lost() throws IOException {
        // With and without SUBMIT_ALL: without it the kernel stops after the invalid one and the rest stays queued.
        for (int flags : new int[] {0, RingParameters.SUBMIT_ALL}) {
            try (IoUring ring = IoUring.open(RingParameters.of(4).withSetupFlags(flags))) {
                ring.prepNop(1);
                ring.prepShutdown(-1, 77, 2);
                ring.prepFsync(-1, true, 3);
                // An opcode that no kernel has.
                assertTrue(ring.prepare(250, 0, 0, -1, 0, 0, 0, 0, 4, 0));
                int taken = ring.submitAndWait(0);
                assertEquals(4, taken + ring.pendingSubmissions());
                List<Cqe> completions = new ArrayList<>(Reaping.take(ring, 4));
                completions.sort(Comparator.comparingLong(Cqe::userData));
                assertEquals(List.of(Cqe.of(1, 0), Cqe.of(2, -Errno.EBADF), Cqe.of(3, -Errno.EBADF),
                        Cqe.of(4, -Errno.EINVAL)), completions);
            }
        }
    }

    @Test
    void completions_beyond_the_queue_are_kept_and_fetched() throws IOException {
        try (IoUring ring = IoUring.open(RingParameters.of(2).withCompletionEntries(2))) {
            int submitted = 0;
            for (int i = 0; i < 10; i++) {
                while (!ring.prepNop(i)) {
                    submitted += ring.submit();
                }
            }
            while (ring.pendingSubmissions() > 0) {
                submitted += ring.submit();
            }
            assertEquals(10, submitted);
            assertEquals(2, ring.readyCompletions());
            List<Cqe> all = Reaping.take(ring, 10);
            for (int i = 0; i < 10; i++) {
                assertEquals(Cqe.of(i, 0), all.get(i));
            }
        }
    }

    @Test
    void a_negative_count_or_time_to_wait_is_refused() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            assertThrows(IllegalArgumentException.class, () -> ring.submitAndWait(-1));
            assertThrows(IllegalArgumentException.class, () -> ring.submitAndWait(1, -1L, -1));
            assertThrows(IllegalArgumentException.class, () -> ring.prepTimeout(-1L, 1));
        }
    }

    @Test
    void a_ring_with_deferred_work_completes_it_when_asked() throws IOException {
        for (int flag : new int[] {0, RingParameters.TASKRUN_FLAG}) {
            RingParameters parameters = RingParameters.of(4)
                    .withSetupFlags(RingParameters.SINGLE_ISSUER | RingParameters.DEFER_TASKRUN | flag);
            try (IoUring ring = IoUring.open(parameters); Tcp tcp = Tcp.connected()) {
                var buffer = tcp.arena.allocate(16);
                ring.prepRecv(tcp.server, buffer, 0, 1);
                ring.submit();
                tcp.clientSends("hello");
                assertEquals(Cqe.of(1, 5), Reaping.takeOne(ring));
                ring.prepRecv(tcp.server, buffer, 0, 2);
                ring.submit();
                tcp.clientSends("again");
                // Without waiting, too.
                List<Cqe> taken = List.of();
                for (long start = System.nanoTime(); taken.isEmpty();) {
                    assertTrue(System.nanoTime() - start < Reaping.DEADLINE_NANOS);
                    taken = Reaping.takeReady(ring);
                }
                assertEquals(List.of(Cqe.of(2, 5)), taken);
                long calls = ring.enterCalls();
                ring.submitAndWait(0);
                assertEquals(flag == 0 ? calls + 1 : calls, ring.enterCalls());
            }
        }
    }

    @Test
    void a_cooperative_ring_enters_only_when_the_kernel_asks() throws IOException {
        RingParameters parameters = RingParameters.of(4)
                .withSetupFlags(RingParameters.COOP_TASKRUN | RingParameters.TASKRUN_FLAG);
        try (IoUring ring = IoUring.open(parameters); Tcp tcp = Tcp.connected()) {
            ring.prepRecv(tcp.server, tcp.arena.allocate(16), 0, 1);
            ring.submit();
            long calls = ring.enterCalls();
            ring.submitAndWait(0);
            assertEquals(calls, ring.enterCalls());
            tcp.clientSends("hello");
            assertEquals(Cqe.of(1, 5), Reaping.takeOne(ring));
        }
    }

    @Test
    void another_threads_single_issuer_ring_is_refused_with_its_errno() throws Exception {
        try (IoUring ring = IoUring.open(RingParameters.of(4).withSetupFlags(RingParameters.SINGLE_ISSUER))) {
            ring.prepNop(1);
            Throwable[] thrown = new Throwable[2];
            Thread other = new Thread(() -> {
                thrown[0] = assertThrows(IOException.class, ring::submit);
            }, "not the issuer");
            other.start();
            other.join();
            assertEquals("io_uring_enter: EEXIST (File exists)", thrown[0].getMessage());
            assertEquals(1, ring.pendingSubmissions());
            assertEquals(Cqe.of(1, 0), Reaping.takeOne(ring));
            other = new Thread(() -> {
                thrown[1] = assertThrows(IllegalStateException.class, ring::close);
            }, "not the issuer");
            other.start();
            other.join();
            assertTrue(thrown[1].getMessage().contains(Thread.currentThread().getName()), thrown[1].getMessage());
            ring.prepNop(2);
            assertEquals(Cqe.of(2, 0), Reaping.takeOne(ring));
        }
    }
}
