package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one thing that goes beyond the JDK, which refuses such addresses. */
class UnixDomainTest extends Conformance {
    @TempDir
    Path directory;

    private UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(directory.resolve("socket"));
    }

    @Test
    void a_client_connects_to_a_path() throws Exception {
        AsynchronousSocketChannel client = socket(anyGroup());
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address())) {
            if (Provider.isTheJdks()) {
                assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.connect(address()));
                assertTrue(client.isOpen());
                return;
            }
            Futures.value(client.connect(address()));
            assertEquals(address(), client.getRemoteAddress());
            try (SocketChannel peer = server.accept()) {
                Pair pair = new Pair(client, peer);
                assertEquals(2, Futures.value(client.write(ByteBuffer.wrap(new byte[] {1, 2}))));
                assertArrayEquals(new byte[] {1, 2}, pair.take(2));
                pair.send((byte) 3);
                assertEquals(1, Futures.value(client.read(ByteBuffer.allocate(8))));
            }
            assertEquals(-1, Futures.value(client.read(ByteBuffer.allocate(8))));
        }
    }

    @Test
    void a_server_listens_on_a_path() throws Exception {
        AsynchronousServerSocketChannel server = closing(anyGroup().server());
        if (Provider.isTheJdks()) {
            assertThrowsExactly(UnsupportedAddressTypeException.class, () -> server.bind(address()));
            assertTrue(server.isOpen());
            return;
        }
        server.bind(address());
        assertEquals(address(), server.getLocalAddress());
        assertTrue(Files.exists(address().getPath()));
        Future<AsynchronousSocketChannel> accepting = server.accept();
        try (SocketChannel peer = SocketChannel.open(address());
                AsynchronousSocketChannel accepted = Futures.value(accepting)) {
            Pair pair = new Pair(accepted, peer);
            assertEquals(address(), accepted.getLocalAddress());
            assertEquals(1, Futures.value(accepted.write(ByteBuffer.wrap(new byte[] {7}))));
            assertArrayEquals(new byte[] {7}, pair.take(1));
        }
    }

    @Test
    void a_socket_binds_to_a_path() throws Exception {
        AsynchronousSocketChannel client = socket(anyGroup());
        if (Provider.isTheJdks()) {
            assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.bind(address()));
            return;
        }
        client.bind(address());
        assertEquals(address(), client.getLocalAddress());
    }

    @Test
    void a_socket_that_is_bound_to_a_path_keeps_it_when_it_connects() throws Exception {
        AsynchronousSocketChannel client = socket(anyGroup());
        if (Provider.isTheJdks()) {
            assertThrowsExactly(UnsupportedAddressTypeException.class, () -> client.bind(address()));
            return;
        }
        UnixDomainSocketAddress other = UnixDomainSocketAddress.of(directory.resolve("server"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(other)) {
            client.bind(address());
            Futures.value(client.connect(other));
            try (SocketChannel peer = server.accept()) {
                assertEquals(address(), peer.getRemoteAddress());
            }
        }
    }

    @Test
    void a_socket_that_is_bound_in_one_family_does_not_connect_in_the_other() throws Exception {
        AsynchronousServerSocketChannel server = server(anyGroup());
        AsynchronousSocketChannel internet = socket(anyGroup());
        internet.bind(loopback(0));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> internet.connect(address()));
        Futures.value(internet.connect(server.getLocalAddress()));
        AsynchronousSocketChannel unix = socket(anyGroup());
        if (Provider.isTheJdks()) {
            assertThrowsExactly(UnsupportedAddressTypeException.class, () -> unix.bind(address()));
            return;
        }
        unix.bind(address());
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> unix.connect(server.getLocalAddress()));
        assertTrue(unix.isOpen());
    }
}
