package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

import io.nio2uring.abi.SockaddrIn;
import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.BlockingCalls;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.FreedMemory;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.SocketCalls;
import io.nio2uring.traffic.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingTest {
    private static IoUring openRing(boolean sqpoll, int entries) throws IOException {
        return sqpoll ? IoUring.newSqpoll(entries, 50) : new IoUring(entries);
    }

    /** Everything that can wait for ever; returns a descriptor to be closed afterwards. */
    private static int fillWithWaitingOperations(IoUring ring, Tcp tcp, ProvidedBufferRing buffers)
            throws IOException {
        MemorySegment memory = tcp.arena.allocate(64);
        submit(ring, ring.prepAccept(tcp.listener, 1));
        submit(ring, ring.prepMultishotAccept(tcp.listener, 2));
        submit(ring, ring.prepRecv(tcp.server, memory, 0, 3));
        submit(ring, ring.prepRecvMultishot(tcp.server, buffers.group(), 4));
        submit(ring, ring.prepRecvSelect(tcp.server, buffers.group(), 0, 0, 5));
        submit(ring, ring.prepPollAdd(tcp.server, SocketConstant.POLLIN, true, 6));
        submit(ring, ring.prepTimeout(Long.MAX_VALUE, 7));
        // A read of a pipe whose writer never writes.
        int[] pipe = new int[2];
        Tcp.ok(BlockingCalls.pipe(pipe));
        submit(ring, ring.prepRead(pipe[0], memory, -1, 8));
        FileCalls.close(pipe[0]);
        return pipe[1];
    }

    private static void submit(IoUring ring, boolean queued) throws IOException {
        assertTrue(queued);
        while (ring.pendingSubmissions() > 0) {
            ring.submit();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closing_ends_everything_in_flight_before_it_returns(boolean sqpoll) throws IOException {
        long before = NativeMemory.allocatedBytes();
        for (int round = 0; round < 20; round++) {
            try (FreedMemory freed = FreedMemory.keep(); Tcp tcp = Tcp.connected()) {
                IoUring ring = openRing(sqpoll, 1);
                ProvidedBufferRing buffers = ring.registerBufRing(4, 64, 1);
                int writer = fillWithWaitingOperations(ring, tcp, buffers);
                ring.close();
                FileCalls.close(writer);
                // Nobody takes this any more: a receive in flight would.
                tcp.clientSends("left alone");
                MemorySegment memory = tcp.arena.allocate(64);
                assertEquals(10, BlockingCalls.recv(tcp.server, memory.address(), 64, 0));
                assertEquals("left alone", Tcp.text(memory, 10));
                assertTrue(freed.count() > 0);
                freed.verify();
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    @Test
    void a_listening_sockets_address_is_free_when_its_ring_is_closed() throws IOException {
        for (int round = 0; round < 50; round++) {
            Tcp tcp = Tcp.listening(Ports.free(InetAddress.ofLiteral("127.0.0.1")));
            IoUring ring = new IoUring(1);
            ring.prepAccept(tcp.listener, 1);
            ring.submit();
            ring.close();
            FileCalls.close(tcp.listener);
            int next = Tcp.socket();
            assertEquals(0, SocketCalls.bind(next, tcp.address, SockaddrIn.SIZE_BYTES));
            assertEquals(0, SocketCalls.listen(next, 1));
            FileCalls.close(next);
            tcp.arena.close();
        }
    }

    /** Whether one was submitted before or not, and whether there is room for another or not. */
    @ParameterizedTest
    @CsvSource({"false, 4, true", "true, 4, true", "false, 1, true", "true, 1, true", "true, 4, false",
        "true, 1, false"})
    void entries_that_were_not_submitted_are_dropped(boolean sqpoll, int entries, boolean used) throws IOException {
        try (Tcp tcp = Tcp.connected()) {
            IoUring ring = openRing(sqpoll, entries);
            if (used) {
                submit(ring, ring.prepNop(1));
                assertEquals(1, Reaping.takeOne(ring).userData());
            }
            assertTrue(ring.prepSend(tcp.server, tcp.arena.allocateFrom("never sent"), 0, 2));
            ring.close();
            MemorySegment memory = tcp.arena.allocate(64);
            assertEquals(-Errno.EAGAIN,
                    BlockingCalls.recv(tcp.client, memory.address(), 64, SocketConstant.MSG_DONTWAIT));
        }
    }

    /** The kernel counts what it could not tell; those operations may have ended, or not. */
    @Test
    void completions_that_were_lost_are_not_waited_for() throws IOException {
        IoUring ring = new IoUring(4);
        MemorySegment bytes = ring.registerBufRing(4, 64, 1).bytes(0, 64);
        ring.prepNop(1);
        LostCompletions.lose(ring, 1);
        assertTrue(ring.memory.completions.hasLost(), "which an earlier wait has reported");
        ring.close();
        assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, 0), "the buffer is left to whoever may still fill it");
    }

    @Test
    void completions_that_were_not_taken_do_not_hinder_closing() throws IOException {
        IoUring ring = IoUring.open(RingParameters.of(2).withCompletionEntries(2));
        for (int i = 0; i < 20; i++) {
            while (!ring.prepNop(i)) {
                ring.submit();
            }
        }
        ring.submit();
        ring.close();
        assertThrows(IllegalStateException.class, ring::submit);
    }

    @Test
    void a_ring_that_received_messages_still_waits_for_its_own_operations() throws IOException {
        try (Tcp tcp = Tcp.connected(); IoUring sender = new IoUring(1)) {
            IoUring ring = new IoUring(1);
            MemorySegment memory = tcp.arena.allocate(64);
            for (int i = 0; i < 5; i++) {
                sender.prepMsgRing(ring.fd(), 0, 1, 2);
                assertEquals(Cqe.of(2, 0), Reaping.takeOne(sender));
            }
            assertEquals(5, Reaping.take(ring, 5).size());
            ring.prepRecv(tcp.server, memory, 0, 3);
            ring.submit();
            ring.close();
            tcp.clientSends("x");
            assertEquals(1, BlockingCalls.recv(tcp.server, memory.address(), 64, 0));
        }
    }

    @Test
    void operations_of_another_thread_are_ended_too() throws Exception {
        try (Tcp tcp = Tcp.connected()) {
            IoUring ring = new IoUring(2);
            MemorySegment memory = tcp.arena.allocate(64);
            CountDownLatch submitted = new CountDownLatch(1);
            CountDownLatch closed = new CountDownLatch(1);
            Thread submitter = new Thread(() -> {
                try {
                    ring.prepRecv(tcp.server, memory, 0, 1);
                    ring.submit();
                    submitted.countDown();
                    closed.await();
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            submitter.start();
            submitted.await();
            ring.close();
            closed.countDown();
            submitter.join();
            tcp.clientSends("y");
            assertEquals(1, BlockingCalls.recv(tcp.server, memory.address(), 64, 0));
        }
    }

    @Test
    void operations_of_a_thread_that_has_ended_are_ended_too() throws Exception {
        try (Tcp tcp = Tcp.connected()) {
            IoUring ring = new IoUring(2);
            MemorySegment memory = tcp.arena.allocate(64);
            Thread submitter = new Thread(() -> {
                try {
                    ring.prepRecv(tcp.server, memory, 0, 1);
                    ring.submit();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            submitter.start();
            submitter.join();
            ring.close();
            tcp.clientSends("z");
            assertEquals(1, BlockingCalls.recv(tcp.server, memory.address(), 64, 0));
        }
    }

    @Test
    void a_single_issuer_ring_whose_issuer_has_ended_closes() throws Exception {
        try (Tcp tcp = Tcp.connected()) {
            IoUring[] ring = new IoUring[1];
            MemorySegment memory = tcp.arena.allocate(64);
            Thread issuer = new Thread(() -> {
                try {
                    ring[0] = IoUring.open(RingParameters.of(2).withSetupFlags(RingParameters.SINGLE_ISSUER));
                    ring[0].registerBufRing(1, 16, 1);
                    ring[0].prepRecv(tcp.server, memory, 0, 1);
                    ring[0].submit();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            issuer.start();
            issuer.join();
            ring[0].close();
            assertThrows(IllegalStateException.class, () -> ring[0].submit());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_single_issuer_ring_is_closed_by_its_issuer_alone(boolean used) throws Exception {
        IoUring ring = IoUring.open(RingParameters.of(2).withSetupFlags(RingParameters.SINGLE_ISSUER));
        if (used) {
            ring.prepNop(1);
            ring.submit();
        }
        CompletableFuture<Void> closed = CompletableFuture.runAsync(ring::close);
        assertInstanceOf(IllegalStateException.class, assertThrows(ExecutionException.class, closed::get).getCause());
        ring.prepNop(2);
        ring.close();
    }

    @Test
    void buffers_cannot_be_read_after_their_ring_is_closed() throws IOException {
        IoUring ring = new IoUring(1);
        ProvidedBufferRing buffers = ring.registerBufRing(1, 16, 1);
        MemorySegment bytes = buffers.bytes(0, 16);
        assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, 0));
        ring.close();
        assertThrows(IllegalStateException.class, () -> bytes.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, () -> buffers.bytes(0, 1));
        assertThrows(IllegalStateException.class, () -> buffers.recycle(0));
        buffers.close();
    }

    @Test
    void a_ring_of_one_opens_works_and_closes_thousands_of_times() throws IOException {
        long before = NativeMemory.allocatedBytes();
        for (int i = 0; i < 3_000; i++) {
            try (IoUring ring = new IoUring(1)) {
                ring.prepNop(i);
                ring.submitAndWait(1);
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }
}
