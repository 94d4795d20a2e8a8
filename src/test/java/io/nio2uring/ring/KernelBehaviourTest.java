package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.BlockingCalls;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.SocketCalls;
import io.nio2uring.traffic.Waiting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the layers above rely on and no manual says; observed on Linux 6.18. */
class KernelBehaviourTest {
    /** How long to look for a completion that must not come. */
    private static final long QUIET_NANOS = 50_000_000L;

    private static void setBlocking(int fd, boolean blocking) {
        Tcp.ok(BlockingCalls.fcntl(fd, BlockingCalls.F_SETFL, blocking ? 0 : BlockingCalls.O_NONBLOCK));
    }

    private static void assertQuiet(IoUring ring) throws IOException {
        ring.submitAndWait(1, QUIET_NANOS);
        assertEquals(List.of(), Reaping.takeReady(ring));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_receive_waits_for_data_whether_the_socket_blocks_or_not(boolean blocking) throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            setBlocking(tcp.server, blocking);
            ring.prepRecv(tcp.server, tcp.arena.allocate(16), 0, 1);
            assertQuiet(ring);
            tcp.clientSends("x");
            assertEquals(Cqe.of(1, 1), Reaping.takeOne(ring));
        }
    }

    @Test
    void a_receive_that_must_not_wait_says_so_by_its_flag_and_completes_with_eagain() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            ring.prepRecv(tcp.server, tcp.arena.allocate(16), SocketConstant.MSG_DONTWAIT, 1);
            assertEquals(Cqe.of(1, -Errno.EAGAIN), Reaping.takeOne(ring));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, true", "0, false", "0x100, true", "0x100, false", "0x300, true", "0x300, false"})
    void operations_of_an_ended_thread_are_cancelled_when_their_event_comes_and_lose_nothing(String flags,
            boolean blocking) throws Exception {
        RingParameters parameters = RingParameters.of(4).withSetupFlags(Integer.decode(flags));
        try (IoUring ring = IoUring.open(parameters); Tcp tcp = Tcp.connected()) {
            setBlocking(tcp.listener, blocking);
            setBlocking(tcp.server, blocking);
            MemorySegment memory = tcp.arena.allocate(16);
            AtomicReference<Path> task = new AtomicReference<>();
            Thread submitter = new Thread(() -> {
                ring.prepAccept(tcp.listener, 1);
                ring.prepRecv(tcp.server, memory, 0, 2);
                try {
                    ring.submit();
                    task.set(Path.of("/proc/thread-self").toRealPath());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            submitter.start();
            submitter.join();
            // The virtual machine lets us go on a little before the kernel's task has ended.
            Waiting.until("the end of the task", () -> !Files.exists(task.get()));
            // Not by the thread's end itself.
            assertQuiet(ring);
            int another = tcp.connect();
            tcp.clientSends("kept");
            assertEquals(List.of(Cqe.of(1, -Errno.ECANCELED), Cqe.of(2, -Errno.ECANCELED)),
                    Reaping.take(ring, 2).stream().sorted(Comparator.comparingLong(Cqe::userData)).toList());
            ring.prepRecv(tcp.server, memory, 0, 3);
            assertEquals(Cqe.of(3, 4), Reaping.takeOne(ring));
            assertEquals("kept", Tcp.text(memory, 4));
            ring.prepAccept(tcp.listener, 4);
            FileCalls.close(Tcp.ok(Reaping.takeOne(ring).result()));
            FileCalls.close(another);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void shutting_down_a_listening_socket_ends_its_accept_with_einval(boolean blocking, boolean multishot)
            throws IOException {
        for (int how : new int[] {SocketConstant.SHUT_RD, SocketConstant.SHUT_RDWR}) {
            try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.listening()) {
                setBlocking(tcp.listener, blocking);
                assertTrue(multishot ? ring.prepMultishotAccept(tcp.listener, 1) : ring.prepAccept(tcp.listener, 1));
                ring.submit();
                assertEquals(0, SocketCalls.shutdown(tcp.listener, how));
                assertEquals(Cqe.of(1, -Errno.EINVAL), Reaping.takeOne(ring));
            }
        }
    }

    @Test
    void shutting_down_only_the_writing_of_a_listening_socket_does_nothing() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.listening()) {
            ring.prepAccept(tcp.listener, 1);
            ring.submit();
            assertEquals(0, SocketCalls.shutdown(tcp.listener, SocketConstant.SHUT_WR));
            assertQuiet(ring);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_end_of_the_stream_is_a_result_of_0_although_the_socket_is_said_to_have_more(boolean multishot)
            throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            MemorySegment memory = tcp.arena.allocate(16);
            ring.registerBufRing(4, 16, 1);
            SocketCalls.shutdown(tcp.client, SocketConstant.SHUT_WR);
            for (int i = 0; i < 3; i++) {
                assertTrue(
                        multishot ? ring.prepRecvMultishot(tcp.server, 1, i) : ring.prepRecv(tcp.server, memory, 0, i));
                ring.submitAndWait(1, Reaping.DEADLINE_NANOS);
                long userData = i;
                assertEquals(1, ring.forEachCompletion(completion -> {
                    assertEquals(userData, completion.userData());
                    assertEquals(0, completion.result());
                    assertEquals(-1, completion.bufferId());
                    assertTrue(completion.socketNonEmpty() && !completion.hasMore(), completion::toString);
                }));
            }
        }
    }

    @Test
    void closing_a_descriptor_does_not_end_the_operation_on_it() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            MemorySegment memory = tcp.arena.allocate(16);
            ring.prepRecv(tcp.server, memory, 0, 1);
            ring.submit();
            FileCalls.close(tcp.server);
            assertQuiet(ring);
            // Not even the peer notices.
            tcp.clientSends("x");
            assertEquals(Cqe.of(1, 1), Reaping.takeOne(ring));
            tcp.server = -1;
        }
    }
}
