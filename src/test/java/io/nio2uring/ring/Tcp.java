package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.nio2uring.abi.SockaddrIn;
import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.BlockingCalls;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.SocketCalls;

/** A listening socket on the loopback address, and if wanted a connection to it; of plain system calls. */
final class Tcp implements AutoCloseable {
    private static final ValueLayout.OfInt BIG_ENDIAN_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort BIG_ENDIAN_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LOOPBACK = 0x7f000001;

    final Arena arena = Arena.ofShared();
    /** Where {@link #listener} listens. */
    final MemorySegment address = arena.allocate(SockaddrIn.SIZE_BYTES, 8);
    final int listener;
    int client = -1;
    int server = -1;

    private Tcp(int port) {
        address.set(ValueLayout.JAVA_SHORT, SockaddrIn.SIN_FAMILY_OFFSET, (short) SocketConstant.AF_INET);
        address.set(BIG_ENDIAN_INT, SockaddrIn.SIN_ADDR_OFFSET, LOOPBACK);
        address.set(BIG_ENDIAN_SHORT, SockaddrIn.SIN_PORT_OFFSET, (short) port);
        listener = socket();
        ok(SocketCalls.bind(listener, address, SockaddrIn.SIZE_BYTES));
        ok(SocketCalls.listen(listener, 128));
        ok(SocketCalls.getsockname(listener, address, SockaddrIn.SIZE_BYTES));
    }

    static Tcp listening() {
        return listening(0);
    }

    /** On that port; on one that the system chooses for 0, which may be some connection's the moment that it is free. */
    static Tcp listening(int port) {
        return new Tcp(port);
    }

    static Tcp connected() {
        Tcp tcp = new Tcp(0);
        tcp.client = tcp.connect();
        tcp.server = ok(BlockingCalls.accept4(tcp.listener, SocketConstant.SOCK_CLOEXEC));
        return tcp;
    }

    /** A further connection's client end. */
    int connect() {
        int fd = socket();
        ok(BlockingCalls.connect(fd, address, SockaddrIn.SIZE_BYTES));
        return fd;
    }

    static int socket() {
        return ok(SocketCalls.socket(SocketConstant.AF_INET, SocketConstant.SOCK_STREAM | SocketConstant.SOCK_CLOEXEC,
                0));
    }

    static int ok(int result) {
        assertTrue(result >= 0, () -> Errno.message("system call", -result));
        return result;
    }

    void clientSends(String text) {
        send(client, text);
    }

    static void send(int fd, String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(text);
            long length = bytes.byteSize() - 1;
            assertTrue(BlockingCalls.send(fd, bytes.address(), length, SocketConstant.MSG_NOSIGNAL) == length);
        }
    }

    String clientReceives() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(1_000);
            return text(bytes, ok((int) BlockingCalls.recv(client, bytes.address(), bytes.byteSize(), 0)));
        }
    }

    static String text(MemorySegment bytes, int length) {
        return new String(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        if (client >= 0) {
            FileCalls.close(client);
            FileCalls.close(server);
        }
        FileCalls.close(listener);
        arena.close();
    }
}
