package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlOperationsTest {
    private static List<Cqe> takeSorted(IoUring ring, int count) throws IOException {
        return Reaping.take(ring, count).stream().sorted(Comparator.comparingLong(Cqe::userData)).toList();
    }

    @Test
    void a_nop_completes_with_0_and_its_user_data() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            assertTrue(ring.prepNop(0xfedcba9876543210L));
            assertEquals(Cqe.of(0xfedcba9876543210L, 0), Reaping.takeOne(ring));
        }
    }

    @Test
    void a_timeout_completes_with_etime_after_its_time() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            long start = System.nanoTime();
            assertTrue(ring.prepTimeout(30_000_000L, 7));
            assertEquals(Cqe.of(7, -Errno.ETIME), Reaping.takeOne(ring));
            assertTrue(System.nanoTime() - start >= 30_000_000L);
        }
    }

    @Test
    void timeouts_in_one_queue_each_keep_their_own_time() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            ring.prepTimeout(60_000_000L, 1);
            ring.prepTimeout(1_000_000_000_000L, 2);
            ring.prepTimeout(10_000_000L, 3);
            List<Cqe> taken = Reaping.take(ring, 2);
            assertEquals(List.of(Cqe.of(3, -Errno.ETIME), Cqe.of(1, -Errno.ETIME)), taken);
        }
    }

    @Test
    void waiting_goes_on_as_ever_while_network_cards_are_polled() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            ring.registerNapi(50);
            assertTrue(ring.prepTimeout(1_000_000L, 7));
            assertEquals(Cqe.of(7, -Errno.ETIME), Reaping.takeOne(ring));
            ring.registerNapi(0);
            assertThrows(IllegalArgumentException.class, () -> ring.registerNapi(-1));
        }
    }

    @Test
    void a_cancelled_operation_and_its_cancel_both_complete() throws IOException {
        try (IoUring ring = new IoUring(2)) {
            ring.prepTimeout(1_000_000_000_000L, 1);
            ring.submit();
            ring.prepCancel(1, 2);
            assertEquals(List.of(Cqe.of(1, -Errno.ECANCELED), Cqe.of(2, 0)), takeSorted(ring, 2));
        }
    }

    @Test
    void cancel_of_an_unknown_target_reports_enoent() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            ring.prepCancel(4711, 2);
            assertEquals(Cqe.of(2, -Errno.ENOENT), Reaping.takeOne(ring));
            ring.prepCancelFd(0, 0, 3);
            assertEquals(Cqe.of(3, -Errno.ENOENT), Reaping.takeOne(ring));
        }
    }

    @Test
    void cancelling_by_file_ends_all_operations_on_it_and_no_others() throws IOException {
        try (IoUring ring = new IoUring(4); Tcp tcp = Tcp.connected()) {
            MemorySegment buffer = tcp.arena.allocate(16);
            ring.prepRecv(tcp.server, buffer, 0, 1);
            ring.prepRecv(tcp.server, buffer, 0, 2);
            ring.prepRecv(tcp.client, buffer, 0, 3);
            ring.submit();
            ring.prepCancelFd(tcp.server, IoUring.CANCEL_ALL, 4);
            assertEquals(List.of(Cqe.of(1, -Errno.ECANCELED), Cqe.of(2, -Errno.ECANCELED), Cqe.of(4, 2)),
                    takeSorted(ring, 3));
            Tcp.send(tcp.server, "x");
            assertEquals(Cqe.of(3, 1), Reaping.takeOne(ring));
        }
    }

    @Test
    void a_poll_reports_once_or_until_it_is_cancelled() throws IOException {
        int event = Tcp.ok(FileCalls.eventfd(0, FileCalls.EFD_NONBLOCK | FileCalls.EFD_CLOEXEC));
        try (IoUring ring = new IoUring(2)) {
            ring.prepPollAdd(event, SocketConstant.POLLIN, false, 1);
            ring.submit();
            FileCalls.signalEventfd(event);
            assertEquals(Cqe.of(1, SocketConstant.POLLIN), Reaping.takeOne(ring));

            ring.prepPollAdd(event, SocketConstant.POLLIN, true, 2);
            Cqe first = Reaping.takeOne(ring);
            assertTrue(first.hasMore(), first.toString());
            FileCalls.signalEventfd(event);
            Cqe second = Reaping.takeOne(ring);
            assertEquals(SocketConstant.POLLIN, second.result());
            assertTrue(second.hasMore(), second.toString());
            ring.prepCancel(2, 3);
            assertEquals(List.of(Cqe.of(2, -Errno.ECANCELED), Cqe.of(3, 0)), takeSorted(ring, 2));
        } finally {
            FileCalls.close(event);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 42, -5})
    void a_message_completes_on_both_rings(int result) throws IOException {
        try (IoUring sender = new IoUring(1); IoUring receiver = new IoUring(1)) {
            sender.prepMsgRing(receiver.fd(), result, 0x1234567890L, 9);
            assertEquals(Cqe.of(9, 0), Reaping.takeOne(sender));
            // Marked as the end of no operation of the receiver.
            assertEquals(new Cqe(0x1234567890L, result, true, -1, false, false), Reaping.takeOne(receiver));
        }
    }

    @Test
    void a_message_wakes_a_ring_that_waits() throws Exception {
        try (IoUring sender = new IoUring(1); IoUring receiver = new IoUring(1)) {
            Cqe[] received = new Cqe[1];
            Thread waiting = new Thread(() -> {
                try {
                    received[0] = Reaping.takeOne(receiver);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            waiting.start();
            sender.prepMsgRing(receiver.fd(), 1, 2, 3);
            assertEquals(Cqe.of(3, 0), Reaping.takeOne(sender));
            waiting.join();
            assertEquals(1, received[0].result());
            assertEquals(2, received[0].userData());
        }
    }

    @Test
    void a_message_to_what_is_no_ring_is_refused() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            ring.prepMsgRing(-1, 1, 2, 3);
            assertEquals(Cqe.of(3, -Errno.EBADF), Reaping.takeOne(ring));
        }
    }
}
