package io.nio2uring.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import io.nio2uring.abi.Params;
import io.nio2uring.abi.SockaddrIn;
import io.nio2uring.abi.SocketConstant;
import org.junit.jupiter.api.Test;

class SystemCallsTest {
    private static final ValueLayout.OfInt BIG_ENDIAN_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LOOPBACK = 0x7f000001;

    @Test
    void an_error_comes_back_as_negated_errno() {
        assertEquals(-1, FileCalls.close(-1));
        assertEquals(-Errno.EBADF, SocketCalls.listen(-1, 1));
        assertEquals(-Errno.EBADF, SocketCalls.shutdown(-1, SocketConstant.SHUT_RDWR));
        assertEquals(-Errno.EAFNOSUPPORT, SocketCalls.socket(999, SocketConstant.SOCK_STREAM, 0));
        assertEquals(-Errno.EBADF, BlockingCalls.fcntl(-1, BlockingCalls.F_GETFL, 0));
        assertEquals(-Errno.EBADF, RingCalls.ioUringRegister(Integer.MAX_VALUE, 0, 0L, 0));
        assertEquals(RingCalls.REFUSED, RingCalls.ioUringEnter(-1, 0, 0, 0, 0L, 0L));
        assertEquals(-Errno.EBADF, RingCalls.ioUringEnterAgain(-1, 0, 0));
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(-Errno.EINVAL, RingCalls.ioUringSetup(0, arena.allocate(Params.SIZE_BYTES, 8)));
        }
    }

    @Test
    void a_connection_over_loopback_carries_bytes_and_addresses() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockaddrIn.SIZE_BYTES, 8);
            address.set(ValueLayout.JAVA_SHORT, SockaddrIn.SIN_FAMILY_OFFSET, (short) SocketConstant.AF_INET);
            address.set(BIG_ENDIAN_INT, SockaddrIn.SIN_ADDR_OFFSET, LOOPBACK);
            int listener = ok(SocketCalls.socket(SocketConstant.AF_INET, SocketConstant.SOCK_STREAM, 0));
            ok(SocketCalls.bind(listener, address, SockaddrIn.SIZE_BYTES));
            ok(SocketCalls.listen(listener, 1));
            assertEquals(SockaddrIn.SIZE_BYTES, SocketCalls.getsockname(listener, address, SockaddrIn.SIZE_BYTES));
            int client = ok(SocketCalls.socket(SocketConstant.AF_INET, SocketConstant.SOCK_STREAM, 0));
            ok(BlockingCalls.connect(client, address, SockaddrIn.SIZE_BYTES));
            int server =
                    ok(BlockingCalls.accept4(listener, SocketConstant.SOCK_NONBLOCK | SocketConstant.SOCK_CLOEXEC));

            MemorySegment peer = arena.allocate(SockaddrIn.SIZE_BYTES, 8);
            assertEquals(SockaddrIn.SIZE_BYTES, BlockingCalls.getpeername(client, peer, SockaddrIn.SIZE_BYTES));
            assertEquals(-1L, peer.mismatch(address), "the client's peer is the listener's address");

            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 1, (byte) 2, (byte) 3);
            assertEquals(3, BlockingCalls.send(client, bytes.address(), 3, SocketConstant.MSG_NOSIGNAL));
            MemorySegment received = arena.allocate(8);
            assertEquals(3, BlockingCalls.recv(server, received.address(), 8, 0));
            assertEquals(3, received.get(ValueLayout.JAVA_BYTE, 2));
            assertEquals(-Errno.EAGAIN, BlockingCalls.recv(server, received.address(), 8, 0),
                    "the socket does not block");
            ok(SocketCalls.shutdown(client, SocketConstant.SHUT_WR));
            assertEquals(0, BlockingCalls.read(server, received.address(), 8));

            ok(FileCalls.close(client));
            ok(FileCalls.close(server));
            ok(FileCalls.close(listener));
        }
    }

    @Test
    void an_integer_option_reads_back_as_it_was_set() {
        int socket = ok(SocketCalls.socket(SocketConstant.AF_INET, SocketConstant.SOCK_STREAM, 0));
        int[] value = {-7};
        ok(SocketCalls.setIntOption(socket, SocketConstant.IPPROTO_TCP, SocketConstant.TCP_KEEPIDLE, 77));
        ok(SocketCalls.getIntOption(socket, SocketConstant.IPPROTO_TCP, SocketConstant.TCP_KEEPIDLE, value));
        assertEquals(77, value[0]);
        value[0] = -7;
        assertEquals(-Errno.ENOPROTOOPT, SocketCalls.getIntOption(socket, SocketConstant.IPPROTO_TCP, 9_999, value));
        assertEquals(-7, value[0], "an error leaves the value alone");
        ok(FileCalls.close(socket));
    }

    @Test
    void an_eventfd_counts_its_signals() {
        int event = ok(FileCalls.eventfd(0, FileCalls.EFD_CLOEXEC | FileCalls.EFD_NONBLOCK));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            assertEquals(-Errno.EAGAIN, BlockingCalls.read(event, count.address(), 8));
            FileCalls.signalEventfd(event);
            FileCalls.signalEventfd(event);
            assertEquals(8, BlockingCalls.read(event, count.address(), 8));
            assertEquals(2L, count.get(ValueLayout.JAVA_LONG, 0));
        }
        ok(FileCalls.close(event));
    }

    @Test
    void a_virtual_thread_can_signal_an_eventfd() throws InterruptedException {
        int event = ok(FileCalls.eventfd(0, FileCalls.EFD_CLOEXEC));
        Thread signaller = Thread.ofVirtual().start(() -> FileCalls.signalEventfd(event));
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(8, BlockingCalls.read(event, arena.allocate(8, 8).address(), 8));
        }
        signaller.join();
        ok(FileCalls.close(event));
    }

    @Test
    void allocated_memory_is_zeroed_and_counted_until_freed() {
        long before = NativeMemory.allocatedBytes();
        MemorySegment memory = NativeMemory.calloc(1_000);
        assertEquals(before + 1_000, NativeMemory.allocatedBytes());
        assertEquals(1_000, memory.byteSize());
        for (long i = 0; i < 1_000; i++) {
            assertEquals(0, memory.get(ValueLayout.JAVA_BYTE, i));
        }
        NativeMemory.free(memory);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pages = NativeMemory.mapAnonymous(10_000, arena);
            assertEquals(0, pages.address() % 4_096);
            pages.set(ValueLayout.JAVA_BYTE, 9_999, (byte) 1);
            assertEquals(before + 10_000, NativeMemory.allocatedBytes());
        }
        assertEquals(before, NativeMemory.allocatedBytes());
        assertThrows(IllegalArgumentException.class, () -> NativeMemory.calloc(0));
        assertThrows(OutOfMemoryError.class, () -> NativeMemory.calloc(Long.MAX_VALUE));
    }

    @Test
    void pipes_and_socket_pairs_come_in_twos() {
        int[] ends = new int[2];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(1);
            ok(BlockingCalls.pipe(ends));
            assertEquals(1, BlockingCalls.write(ends[1], one.address(), 1));
            assertEquals(1, BlockingCalls.read(ends[0], one.address(), 1));
            ok(FileCalls.close(ends[0]));
            ok(FileCalls.close(ends[1]));
            ok(BlockingCalls.socketpair(SocketConstant.AF_UNIX, SocketConstant.SOCK_STREAM, 0, ends));
            assertEquals(1, BlockingCalls.write(ends[0], one.address(), 1));
            assertEquals(1, BlockingCalls.read(ends[1], one.address(), 1));
            ok(FileCalls.close(ends[0]));
            ok(FileCalls.close(ends[1]));
        }
    }

    @Test
    void errors_have_names_and_texts() {
        assertEquals("ECONNREFUSED", Errno.name(Errno.ECONNREFUSED));
        assertEquals("Connection refused", Errno.text(Errno.ECONNREFUSED));
        assertEquals("EPERM", Errno.name(1));
        assertEquals("EHWPOISON", Errno.name(133));
        assertEquals("errno 41", Errno.name(41));
        assertEquals("errno 4711", Errno.name(4711));
        assertEquals("errno 0", Errno.name(0));
        assertEquals("open: ENOENT (No such file or directory)", Errno.message("open", Errno.ENOENT));
    }

    @Test
    void every_constant_of_an_error_has_its_own_name() throws IllegalAccessException {
        for (var field : Errno.class.getFields()) {
            assertEquals(field.getName(), Errno.name(field.getInt(null)));
        }
    }

    @Test
    void raw_memory_is_read_as_it_was_written() {
        MemorySegment memory = NativeMemory.calloc(64);
        long address = memory.address();
        RawMemory.putLong(address, 0x0807060504030201L);
        assertEquals(1, RawMemory.getByte(address));
        assertEquals(0x0201, RawMemory.getShort(address));
        assertEquals(0x04030201, RawMemory.getInt(address));
        assertEquals(0x08070605, RawMemory.getInt(address + 4));
        RawMemory.putByte(address + 7, (byte) -1);
        RawMemory.putShort(address + 4, (short) -2);
        RawMemory.putInt(address, -3);
        assertEquals(0xff07fffefffffffdL, RawMemory.getLong(address));
        RawMemory.copy(address, address + 32, 8);
        assertEquals(RawMemory.getLong(address), RawMemory.getLong(address + 32));
        byte[] array = {9, 8, 7, 6};
        RawMemory.copyFrom(array, 1, address, 3);
        byte[] back = new byte[4];
        RawMemory.copyTo(address, back, 0, 3);
        assertEquals(8, back[0]);
        assertEquals(6, back[2]);
        RawMemory.copyFrom(MemorySegment.ofArray(array), 0, address, 4);
        RawMemory.copyTo(address, MemorySegment.ofArray(back), 0, 4);
        assertEquals(9, back[0]);
        RawMemory.clear(address, 64);
        assertEquals(0, RawMemory.getLong(address + 32));
        NativeMemory.free(memory);
    }

    @Test
    void the_limit_of_open_files_is_a_number_of_files() {
        assertTrue(FileCalls.openFilesLimit() >= 3, () -> "limit: " + FileCalls.openFilesLimit());
    }

    private static int ok(int result) {
        assertTrue(result >= 0, () -> Errno.message("call", -result));
        return result;
    }
}
