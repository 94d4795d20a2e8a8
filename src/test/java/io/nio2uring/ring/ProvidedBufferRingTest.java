package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.nio2uring.sys.Errno;
import org.junit.jupiter.api.Test;

class ProvidedBufferRingTest {
    private static final int GROUP = 7;

    @Test
    void a_multishot_receive_fills_buffer_after_buffer() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            ProvidedBufferRing buffers = ring.registerBufRing(4, 32, GROUP);
            ring.prepRecvMultishot(tcp.server, GROUP, 1);
            ring.submit();
            for (int i = 0; i < 20; i++) {
                tcp.clientSends("message " + i);
                Cqe cqe = Reaping.takeOne(ring);
                assertTrue(cqe.hasMore(), cqe.toString());
                assertEquals("message " + i, Tcp.text(buffers.bytes(cqe.bufferId(), cqe.result()), cqe.result()));
                assertEquals(buffers.bytes(cqe.bufferId(), 1).address(), buffers.address(cqe.bufferId()));
                buffers.recycle(cqe.bufferId());
            }
        }
    }

    @Test
    void a_group_that_is_used_up_ends_the_receive_with_enobufs_and_it_goes_on_when_armed_again()
            throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            ProvidedBufferRing buffers = ring.registerBufRing(2, 4, GROUP);
            tcp.clientSends("aaaabbbbcccc");
            ring.prepRecvMultishot(tcp.server, GROUP, 1);
            List<Cqe> taken = Reaping.take(ring, 3);
            assertEquals(Cqe.of(1, -Errno.ENOBUFS), taken.get(2));
            assertEquals("aaaa", Tcp.text(buffers.bytes(taken.get(0).bufferId(), 4), 4));
            assertEquals("bbbb", Tcp.text(buffers.bytes(taken.get(1).bufferId(), 4), 4));
            // In the other order than they were taken.
            buffers.recycle(taken.get(1).bufferId());
            buffers.recycle(taken.get(0).bufferId());
            ring.prepRecvMultishot(tcp.server, GROUP, 2);
            Cqe next = Reaping.takeOne(ring);
            assertEquals("cccc", Tcp.text(buffers.bytes(next.bufferId(), 4), 4));
            assertEquals(taken.get(1).bufferId(), next.bufferId());
        }
    }

    @Test
    void one_receive_takes_one_buffer_when_data_is_there() throws IOException {
        try (IoUring ring = new IoUring(2); Tcp tcp = Tcp.connected()) {
            ProvidedBufferRing buffers = ring.registerBufRing(1, 16, GROUP);
            ring.prepRecvSelect(tcp.server, GROUP, 0, 0, 1);
            ring.submit();
            // A second one waits at the same time: the buffer is not taken before there is data.
            ring.prepRecvSelect(tcp.client, GROUP, 3, 0, 2);
            ring.submit();
            Tcp.send(tcp.server, "short");
            Cqe cqe = Reaping.takeOne(ring);
            assertEquals(2, cqe.userData());
            assertEquals(3, cqe.result());
            assertEquals("sho", Tcp.text(buffers.bytes(cqe.bufferId(), 3), 3));
            tcp.clientSends("none left");
            assertEquals(Cqe.of(1, -Errno.ENOBUFS), Reaping.takeOne(ring));
        }
    }

    @Test
    void more_recycles_than_the_tail_can_count() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            int entries = 8;
            ProvidedBufferRing buffers = ring.registerBufRing(entries, 8, GROUP);
            Random random = new Random(1);
            List<Integer> held = new ArrayList<>();
            int recycled = 0;
            ring.prepRecvMultishot(tcp.server, GROUP, 1);
            ring.submit();
            for (int i = 0; recycled < 70_000; i++) {
                String text = String.format("%08d", i);
                tcp.clientSends(text);
                Cqe cqe = Reaping.takeOne(ring);
                assertTrue(cqe.hasMore(), cqe.toString());
                assertFalse(held.contains(cqe.bufferId()), "the kernel was given this buffer once only");
                assertEquals(text, Tcp.text(buffers.bytes(cqe.bufferId(), 8), cqe.result()));
                held.add(cqe.bufferId());
                if (held.size() == entries - 1) {
                    Collections.shuffle(held, random);
                    held.forEach(buffers::recycle);
                    recycled += held.size();
                    held.clear();
                }
            }
        }
    }

    @Test
    void the_largest_group_can_be_used_to_the_last_buffer() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            int entries = ProvidedBufferRing.MAX_ENTRIES;
            ProvidedBufferRing buffers = ring.registerBufRing(entries, 1, GROUP);
            assertEquals(entries, buffers.entries());
            boolean[] seen = new boolean[entries];
            String text = "x".repeat(1_024);
            int used = 0;
            while (used < entries) {
                tcp.clientSends(text);
                for (int received = 0; received < text.length();) {
                    ring.prepRecvMultishot(tcp.server, GROUP, 1);
                    for (boolean more = true; more && received < text.length();) {
                        for (Cqe cqe : Reaping.take(ring, 1)) {
                            more = cqe.hasMore();
                            assertEquals(1, cqe.result());
                            assertFalse(seen[cqe.bufferId()]);
                            seen[cqe.bufferId()] = true;
                            received++;
                            used++;
                        }
                    }
                    ring.prepCancel(1, 2);
                    for (Cqe cqe : Reaping.take(ring, 1)) {
                        assertTrue(cqe.result() <= 0, cqe.toString());
                    }
                }
            }
            assertEquals(entries, used);
        }
    }

    @Test
    void a_buffer_is_consumed_piece_by_piece_when_asked_for() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            ProvidedBufferRing buffers = ring.registerIncrementalBufRing(2, 8, GROUP);
            ring.prepRecvMultishot(tcp.server, GROUP, 1);
            ring.submit();
            tcp.clientSends("abc");
            Cqe first = Reaping.takeOne(ring);
            assertTrue(first.bufferHasMore(), first.toString());
            tcp.clientSends("defgh");
            Cqe second = Reaping.takeOne(ring);
            assertEquals(first.bufferId(), second.bufferId());
            assertFalse(second.bufferHasMore(), second.toString());
            assertEquals("abcdefgh", Tcp.text(buffers.bytes(first.bufferId(), 0, 8), 8));
            assertEquals("defgh", Tcp.text(buffers.bytes(first.bufferId(), 3, 5), 5));
            buffers.recycle(first.bufferId());
        }
    }

    @Test
    void a_closed_group_gives_no_more_buffers_and_its_number_can_be_used_again() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            ProvidedBufferRing buffers = ring.registerBufRing(1, 8, GROUP);
            assertTrue(assertThrows(IOException.class, () -> ring.registerBufRing(1, 8, GROUP)).getMessage()
                    .contains("EEXIST"));
            ring.prepRecvMultishot(tcp.server, GROUP, 1);
            ring.submit();
            buffers.close();
            buffers.close();
            assertThrows(IllegalStateException.class, () -> buffers.recycle(0));
            tcp.clientSends("x");
            assertEquals(Cqe.of(1, -Errno.ENOBUFS), Reaping.takeOne(ring));
            ProvidedBufferRing next = ring.registerBufRing(1, 8, GROUP);
            ring.prepRecvMultishot(tcp.server, GROUP, 2);
            Cqe cqe = Reaping.takeOne(ring);
            assertEquals("x", Tcp.text(next.bytes(cqe.bufferId(), 1), cqe.result()));
        }
    }

    @Test
    void sizes_and_numbers_out_of_range_are_refused() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            for (int entries : new int[] {0, -1, 3, 65_536}) {
                assertThrows(IllegalArgumentException.class, () -> ring.registerBufRing(entries, 8, GROUP));
            }
            assertThrows(IllegalArgumentException.class, () -> ring.registerBufRing(1, 0, GROUP));
            for (int group : new int[] {-1, 65_536, 65_536 + GROUP}) {
                assertThrows(IllegalArgumentException.class, () -> ring.registerBufRing(1, 8, group));
                assertThrows(IllegalArgumentException.class, () -> ring.prepRecvSelect(0, group, 8, 0, 1));
                assertThrows(IllegalArgumentException.class, () -> ring.prepRecvMultishot(0, group, 1));
            }
            assertThrows(IllegalArgumentException.class, () -> ring.prepRecvSelect(0, GROUP, -104, 0, 1));
            assertEquals(0, ring.pendingSubmissions());
            ProvidedBufferRing buffers = ring.registerBufRing(2, 8, 65_535);
            assertEquals(65_535, buffers.group());
            assertEquals(8, buffers.bufferSizeBytes());
            assertThrows(IndexOutOfBoundsException.class, () -> buffers.bytes(2, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> buffers.bytes(0, 9));
            assertThrows(IndexOutOfBoundsException.class, () -> buffers.recycle(-1));
        }
    }
}
