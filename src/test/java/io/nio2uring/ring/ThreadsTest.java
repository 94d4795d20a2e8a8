package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;

class ThreadsTest {
    @Test
    void two_threads_at_once_are_both_named() throws Exception {
        try (IoUring ring = new IoUring(4)) {
            AssertionError[] error = new AssertionError[1];
            ring.prepNop(1);
            ring.submit();
            ring.forEachCompletion(completion -> {
                // A use within a use: after it this thread is still inside.
                assertTrue(ring.prepNop(2));
                Thread intruder = new Thread(
                        () -> error[0] = assertThrows(AssertionError.class, () -> ring.prepNop(3)), "the intruder");
                intruder.start();
                try {
                    intruder.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertNotNull(error[0], "the intruder was let in");
            assertTrue(error[0].getMessage().contains("the intruder"), error[0].getMessage());
            assertTrue(error[0].getMessage().contains(Thread.currentThread().getName()), error[0].getMessage());
            assertEquals(1, ring.pendingSubmissions());
        }
    }

    @Test
    void a_buffer_recycled_by_another_thread_meanwhile_is_found_too() throws Exception {
        try (IoUring ring = new IoUring(1)) {
            ProvidedBufferRing buffers = ring.registerBufRing(1, 1, 1);
            ring.prepNop(1);
            ring.submit();
            AssertionError[] error = new AssertionError[1];
            ring.forEachCompletion(completion -> {
                Thread intruder = new Thread(
                        () -> error[0] = assertThrows(AssertionError.class, () -> buffers.recycle(0)), "the recycler");
                intruder.start();
                try {
                    intruder.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertTrue(error[0].getMessage().contains("the recycler"), error[0].getMessage());
            assertTrue(error[0].getMessage().contains(Thread.currentThread().getName()), error[0].getMessage());
        }
    }

    @Test
    void a_ring_may_be_handed_from_thread_to_thread() throws Exception {
        try (IoUring ring = new IoUring(2); Tcp tcp = Tcp.connected()) {
            ring.prepRecv(tcp.server, tcp.arena.allocate(16), 0, 1);
            ring.submit();
            Cqe[] taken = new Cqe[1];
            Thread next = new Thread(() -> {
                try {
                    ring.prepSend(tcp.client, tcp.arena.allocateFrom("hello"), 0, 2);
                    for (Cqe cqe : Reaping.take(ring, 2)) {
                        if (cqe.userData() == 1) {
                            taken[0] = cqe;
                        }
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            next.start();
            next.join();
            assertEquals(Cqe.of(1, 6), taken[0]);
            ring.prepNop(3);
            assertEquals(Cqe.of(3, 0), Reaping.takeOne(ring));
        }
    }

    @Test
    void a_registered_ring_descriptor_serves_its_thread_and_no_other() throws Exception {
        try (IoUring ring = new IoUring(2)) {
            assertTrue(ring.registerRingFd());
            assertTrue(ring.registerRingFd(), "a second time is harmless");
            ring.prepNop(1);
            assertEquals(Cqe.of(1, 0), Reaping.takeOne(ring));
            // In another thread the same index would mean nothing, or another ring.
            try (IoUring others = new IoUring(2)) {
                Cqe[] taken = new Cqe[2];
                Thread next = new Thread(() -> {
                    try {
                        assertTrue(others.registerRingFd());
                        ring.prepNop(2);
                        taken[0] = Reaping.takeOne(ring);
                        others.prepNop(3);
                        taken[1] = Reaping.takeOne(others);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                next.start();
                next.join();
                assertEquals(Cqe.of(2, 0), taken[0]);
                assertEquals(Cqe.of(3, 0), taken[1]);
                // The other thread has ended, and with it its registration.
                others.prepNop(4);
                assertEquals(Cqe.of(4, 0), Reaping.takeOne(others));
            }
            ring.prepNop(5);
            assertEquals(Cqe.of(5, 0), Reaping.takeOne(ring));
        }
    }

    @Test
    void registrations_of_closed_rings_are_given_back() throws IOException {
        // A thread has 16 places.
        for (int i = 0; i < 40; i++) {
            try (IoUring ring = new IoUring(1)) {
                assertTrue(ring.registerRingFd());
            }
        }
    }

    /** A thread can have 16. */
    @Test
    void a_ring_that_goes_to_and_fro_is_registered_once_for_each_thread() throws Exception {
        try (IoUring ring = new IoUring(1); ExecutorService others = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < 20; i++) {
                assertTrue(ring.registerRingFd());
                assertTrue(others.submit(ring::registerRingFd).get());
                assertEquals(i, others.submit(() -> {
                    ring.prepNop(ring.submittedEntries());
                    ring.submitAndWait(1);
                    return Reaping.takeOne(ring).userData();
                }).get());
            }
        }
    }

    @Test
    void a_virtual_thread_has_no_descriptor_to_register_for_and_can_use_the_ring() throws Exception {
        try (IoUring ring = new IoUring(1)) {
            boolean[] registered = {true};
            Cqe[] taken = new Cqe[1];
            Thread virtual = Thread.ofVirtual().start(() -> {
                registered[0] = ring.registerRingFd();
                ring.prepNop(1);
                try {
                    taken[0] = Reaping.takeOne(ring);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            virtual.join();
            assertFalse(registered[0]);
            assertEquals(Cqe.of(1, 0), taken[0]);
        }
    }
}
