package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.nio2uring.abi.Iovec;
import io.nio2uring.abi.Msghdr;
import io.nio2uring.abi.SockaddrIn;
import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.BlockingCalls;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.SocketCalls;
import io.nio2uring.traffic.Ports;
import org.junit.jupiter.api.Test;

class SocketOperationsTest {
    @Test
    void a_connection_is_accepted_non_blocking_and_connected_through_the_ring() throws IOException {
        try (IoUring ring = new IoUring(2); Tcp tcp = Tcp.listening()) {
            tcp.client = Tcp.socket();
            ring.prepAccept(tcp.listener, 1);
            ring.prepConnect(tcp.client, tcp.address, 2);
            for (Cqe cqe : Reaping.take(ring, 2)) {
                if (cqe.userData() == 1) {
                    tcp.server = Tcp.ok(cqe.result());
                } else {
                    assertEquals(Cqe.of(2, 0), cqe);
                }
            }
            assertTrue((BlockingCalls.fcntl(tcp.server, BlockingCalls.F_GETFL, 0) & BlockingCalls.O_NONBLOCK) != 0);
            assertEquals(BlockingCalls.FD_CLOEXEC, BlockingCalls.fcntl(tcp.server, BlockingCalls.F_GETFD, 0));
        }
    }

    @Test
    void an_accept_tells_the_peers_address_where_asked_to() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.listening()) {
            MemorySegment address = tcp.arena.allocate(SockaddrIn.SIZE_BYTES, 8);
            MemorySegment length = tcp.arena.allocateFrom(ValueLayout.JAVA_INT, SockaddrIn.SIZE_BYTES);
            ring.prepAccept(tcp.listener, address, length, 0, 1);
            ring.submit();
            tcp.client = tcp.connect();
            tcp.server = Tcp.ok(Reaping.takeOne(ring).result());
            MemorySegment expected = tcp.arena.allocate(SockaddrIn.SIZE_BYTES, 8);
            Tcp.ok(SocketCalls.getsockname(tcp.client, expected, SockaddrIn.SIZE_BYTES));
            assertEquals(SockaddrIn.SIZE_BYTES, length.get(ValueLayout.JAVA_INT, 0));
            assertEquals(-1, expected.mismatch(address));
            assertEquals(0, BlockingCalls.fcntl(tcp.server, BlockingCalls.F_GETFL, 0) & BlockingCalls.O_NONBLOCK);
        }
    }

    @Test
    void a_multishot_accept_takes_one_connection_after_another() throws IOException {
        try (IoUring ring = new IoUring(2); Tcp tcp = Tcp.listening()) {
            ring.prepMultishotAccept(tcp.listener, 1);
            ring.submit();
            List<Integer> fds = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                fds.add(tcp.connect());
                Cqe cqe = Reaping.takeOne(ring);
                assertTrue(cqe.hasMore(), cqe.toString());
                fds.add(Tcp.ok(cqe.result()));
            }
            ring.prepCancel(1, 2);
            List<Cqe> last = new ArrayList<>(Reaping.take(ring, 2));
            last.sort(Comparator.comparingLong(Cqe::userData));
            assertEquals(List.of(Cqe.of(1, -Errno.ECANCELED), Cqe.of(2, 0)), last);
            fds.forEach(FileCalls::close);
        }
    }

    @Test
    void a_refused_connection_completes_with_its_errno() throws IOException {
        int port = Ports.free(InetAddress.ofLiteral("127.0.0.1"));
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.listening(port)) {
            SocketCalls.shutdown(tcp.listener, SocketConstant.SHUT_RDWR);
            int socket = Tcp.socket();
            ring.prepConnect(socket, tcp.address, 1);
            assertEquals(Cqe.of(1, -Errno.ECONNREFUSED), Reaping.takeOne(ring));
            FileCalls.close(socket);
        }
    }

    @Test
    void bytes_are_sent_and_received_until_the_end_of_the_stream() throws IOException {
        try (IoUring ring = new IoUring(2); Tcp tcp = Tcp.connected()) {
            MemorySegment memory = tcp.arena.allocate(16);
            ring.prepRecv(tcp.server, memory, 0, 1);
            ring.prepSend(tcp.client, tcp.arena.allocateFrom("hello").asSlice(0, 5), 0, 2);
            List<Cqe> taken = new ArrayList<>(Reaping.take(ring, 2));
            taken.sort(Comparator.comparingLong(Cqe::userData));
            assertEquals(List.of(Cqe.of(1, 5), Cqe.of(2, 5)), taken);
            assertEquals("hello", Tcp.text(memory, 5));
            ring.prepRecv(tcp.server, memory.address(), 16, 0, 3);
            ring.submit();
            ring.prepShutdown(tcp.client, SocketConstant.SHUT_WR, 4);
            taken = new ArrayList<>(Reaping.take(ring, 2));
            taken.sort(Comparator.comparingLong(Cqe::userData));
            assertEquals(List.of(Cqe.of(3, 0), Cqe.of(4, 0)), taken);
        }
    }

    @Test
    void sending_on_a_connection_that_is_shut_down_is_an_error_and_no_signal() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            SocketCalls.shutdown(tcp.client, SocketConstant.SHUT_WR);
            ring.prepSend(tcp.client, tcp.arena.allocate(1), 0, 1);
            assertEquals(Cqe.of(1, -Errno.EPIPE), Reaping.takeOne(ring));
        }
    }

    @Test
    void a_zero_copy_send_completes_twice_and_gives_its_memory_back_with_the_second() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            ring.prepSendZeroCopy(tcp.server, tcp.arena.allocateFrom("zero").asSlice(0, 4), 0, 1);
            List<Cqe> taken = new ArrayList<>(Reaping.take(ring, 1));
            assertEquals("zero", tcp.clientReceives());
            if (taken.size() == 1) {
                taken.addAll(Reaping.take(ring, 1));
            }
            assertEquals(4, taken.getFirst().result());
            assertTrue(taken.getFirst().hasMore());
            assertTrue(taken.getLast().isNotification());
            assertEquals(false, taken.getLast().hasMore());
            assertEquals(1, taken.getLast().userData());
        }
    }

    @Test
    void messages_are_gathered_and_scattered() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            MemorySegment text = tcp.arena.allocateFrom("abcdef");
            ring.prepSendmsg(tcp.client, message(tcp, text.asSlice(0, 2), text.asSlice(4, 2)), 0, 1);
            assertEquals(Cqe.of(1, 4), Reaping.takeOne(ring));
            MemorySegment first = tcp.arena.allocate(3);
            MemorySegment second = tcp.arena.allocate(3);
            ring.prepRecvmsg(tcp.server, message(tcp, first, second), 0, 2);
            assertEquals(Cqe.of(2, 4), Reaping.takeOne(ring));
            assertEquals("abe", Tcp.text(first, 3));
            assertEquals("f", Tcp.text(second, 1));
        }
    }

    private static MemorySegment message(Tcp tcp, MemorySegment... parts) {
        MemorySegment iovecs = tcp.arena.allocate((long) parts.length * Iovec.SIZE_BYTES, 8);
        for (int i = 0; i < parts.length; i++) {
            iovecs.set(ValueLayout.JAVA_LONG, (long) i * Iovec.SIZE_BYTES, parts[i].address());
            iovecs.set(ValueLayout.JAVA_LONG, (long) i * Iovec.SIZE_BYTES + Iovec.IOV_LEN_OFFSET,
                    parts[i].byteSize());
        }
        MemorySegment message = tcp.arena.allocate(Msghdr.SIZE_BYTES, 8);
        message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOV_OFFSET, iovecs.address());
        message.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOVLEN_OFFSET, parts.length);
        return message;
    }
}
