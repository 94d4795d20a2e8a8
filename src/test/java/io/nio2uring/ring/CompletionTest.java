package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class CompletionTest {
    @Test
    void a_completion_whose_consumer_throws_is_consumed_and_the_next_ones_are_not() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            ring.prepNop(1);
            ring.prepNop(2);
            ring.prepNop(3);
            ring.submit();
            IllegalStateException e = assertThrows(IllegalStateException.class,
                    () -> ring.forEachCompletion(completion -> {
                        if (completion.userData() == 2) {
                            throw new IllegalStateException("from the consumer");
                        }
                    }));
            assertEquals("from the consumer", e.getMessage());
            assertEquals(2, ring.reapedCompletions());
            assertEquals(1, ring.readyCompletions());
            assertEquals(List.of(Cqe.of(3, 0)), Reaping.takeReady(ring));
        }
    }

    @Test
    void a_throwing_consumer_gives_its_place_back_to_the_kernel() throws IOException {
        // The queue has two places: if the head were not published, the third would overflow.
        try (IoUring ring = IoUring.open(RingParameters.of(1).withCompletionEntries(1))) {
            for (int i = 0; i < 100; i++) {
                ring.prepNop(i);
                assertEquals(1, ring.submitAndWait(1));
                assertThrows(IllegalStateException.class, () -> ring.forEachCompletion(completion -> {
                    throw new IllegalStateException();
                }));
                assertEquals(0, ring.readyCompletions());
            }
            assertEquals(100, ring.enterCalls());
        }
    }

    @Test
    void a_consumer_may_prepare_and_submit() throws IOException {
        try (IoUring ring = new IoUring(2)) {
            ring.prepNop(1);
            ring.submit();
            List<Long> seen = new ArrayList<>();
            int count = ring.forEachCompletion(completion -> {
                seen.add(completion.userData());
                assertTrue(ring.prepNop(completion.userData() + 1));
                try {
                    ring.submit();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(1, count, "what arrives during the iteration stays for the next one");
            assertEquals(List.of(1L), seen);
            assertEquals(1, ring.readyCompletions());
        }
    }

    @Test
    void a_consumer_may_not_iterate() throws IOException {
        try (IoUring ring = new IoUring(2)) {
            ring.prepNop(1);
            ring.prepNop(2);
            ring.submit();
            assertThrows(IllegalStateException.class,
                    () -> ring.forEachCompletion(outer -> ring.forEachCompletion(inner -> {})));
            assertEquals(List.of(Cqe.of(2, 0)), Reaping.takeReady(ring));
        }
    }

    @Test
    void a_consumer_may_close_the_ring() throws IOException {
        IoUring ring = new IoUring(2);
        ring.prepNop(1);
        ring.prepNop(2);
        ring.submit();
        List<Long> seen = new ArrayList<>();
        int count = ring.forEachCompletion(completion -> {
            seen.add(completion.userData());
            ring.close();
        });
        assertEquals(1, count);
        assertEquals(List.of(1L), seen);
        assertThrows(IllegalStateException.class, ring::submit);
    }

    @Test
    void flags_are_read_as_the_kernel_sets_them() {
        Completion completion = new Completion();
        completion.set(-1L, -105, 0);
        assertEquals(-1L, completion.userData());
        assertEquals(-105, completion.result());
        assertEquals(-1, completion.bufferId());
        assertFalse(completion.hasMore() || completion.socketNonEmpty() || completion.isNotification()
                || completion.bufferHasMore());
        completion.set(0, 0, 0xffff << 16 | 1);
        assertEquals(65_535, completion.bufferId());
        completion.set(0, 0, 2);
        assertTrue(completion.hasMore());
        completion.set(0, 0, 4);
        assertTrue(completion.socketNonEmpty());
        completion.set(0, 0, 8);
        assertTrue(completion.isNotification());
        completion.set(0, 0, 16);
        assertTrue(completion.bufferHasMore());
        assertEquals(16, completion.flags());
        assertEquals("Completion[userData=0, result=0, flags=10]", completion.toString());
    }
}
