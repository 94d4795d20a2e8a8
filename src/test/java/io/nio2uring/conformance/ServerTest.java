package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerTest extends Conformance {
    @ParameterizedTest
    @EnumSource
    void an_accept_completes_with_the_connection(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel server = server(group);
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        Object attachment = new Object();
        server.accept(attachment, accept);
        accept.assertPending();
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            AsynchronousSocketChannel accepted = closing(accept.value());
            assertSame(attachment, accept.attachment());
            group.assertOwns(accept.thread());
            assertTrue(accepted.isOpen());
            assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
            assertEquals(client.getRemoteAddress(), accepted.getLocalAddress());
            client.write(ByteBuffer.wrap(new byte[] {1}));
            assertEquals(1, Futures.value(accepted.read(ByteBuffer.allocate(8))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_connection_that_came_before_the_accept_is_found(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel server = server(group);
        List<SocketAddress> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(closing(SocketChannel.open(server.getLocalAddress())).getLocalAddress());
        }
        for (int i = 0; i < 20; i++) {
            if (i % 2 == 0) {
                assertEquals(
                        clients.get(i), closing(Futures.value(server.accept())).getRemoteAddress());
            } else {
                Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
                server.accept(null, accept);
                assertEquals(clients.get(i), closing(accept.value()).getRemoteAddress());
                group.assertOwns(accept.thread());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_server_that_accepts_again_in_its_handler_gets_everyone(GroupKind kind) throws Exception {
        AsynchronousServerSocketChannel server = server(group(kind));
        ConcurrentLinkedQueue<AsynchronousSocketChannel> accepted = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        server.accept(null, new CompletionHandler<AsynchronousSocketChannel, Object>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, Object attachment) {
                server.accept(null, this);
                accepted.add(closing(channel));
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                failures.add(failure);
            }
        });
        Set<SocketAddress> clients = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            clients.add(closing(SocketChannel.open(server.getLocalAddress())).getLocalAddress());
        }
        Eventually.until("everyone accepted", () -> accepted.size() == 100);
        for (AsynchronousSocketChannel channel : accepted) {
            assertTrue(clients.remove(channel.getRemoteAddress()));
        }
        server.close();
        Eventually.until("the last accept has failed", () -> !failures.isEmpty());
        assertEquals(AsynchronousCloseException.class, failures.remove().getClass());
        assertTrue(failures.isEmpty(), failures::toString);
    }

    @Test
    void a_second_accept_is_refused_directly_while_one_is_pending() throws Exception {
        AsynchronousServerSocketChannel server = server(anyGroup());
        Future<AsynchronousSocketChannel> pending = server.accept();
        assertThrows(AcceptPendingException.class, server::accept);
        assertThrows(
                AcceptPendingException.class, () -> server.accept(null, new Outcome<AsynchronousSocketChannel>()));
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            assertTrue(client.isConnected());
            Futures.value(pending).close();
        }
    }

    @Test
    void an_unbound_server_refuses_directly() throws Exception {
        AsynchronousServerSocketChannel server = closing(anyGroup().server());
        assertNull(server.getLocalAddress());
        assertThrows(NotYetBoundException.class, server::accept);
        assertThrows(
                NotYetBoundException.class, () -> server.accept(null, new Outcome<AsynchronousSocketChannel>()));
        assertThrows(NullPointerException.class, () -> server.accept(null, null));
    }

    @ParameterizedTest
    @EnumSource
    void closing_fails_a_pending_accept(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel first = server(group);
        Outcome<AsynchronousSocketChannel> handler = new Outcome<>();
        first.accept(null, handler);
        first.close();
        handler.failure(AsynchronousCloseException.class);
        group.assertOwns(handler.thread());

        AsynchronousServerSocketChannel second = server(group);
        Future<AsynchronousSocketChannel> future = second.accept();
        second.close();
        second.close();
        Futures.failure(AsynchronousCloseException.class, future);
    }

    @ParameterizedTest
    @EnumSource
    void a_closed_server_fails_through_handler_and_future_or_directly(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousServerSocketChannel server = server(group);
        server.close();
        assertFalse(server.isOpen());
        Futures.failure(ClosedChannelException.class, server.accept());
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        server.accept(null, accept);
        accept.failure(ClosedChannelException.class);
        group.assertOwns(accept.thread());
        assertThrowsExactly(ClosedChannelException.class, server::getLocalAddress);
        assertThrowsExactly(ClosedChannelException.class, () -> server.bind(null));
    }

    @Test
    void the_address_is_free_as_soon_as_close_returns() throws Exception {
        TestGroup group = anyGroup();
        AsynchronousServerSocketChannel server = serverToBindAgain(group);
        SocketAddress address = server.getLocalAddress();
        for (int round = 0; round < 50; round++) {
            Future<AsynchronousSocketChannel> accept = server.accept();
            if (round % 2 == 0) {
                try (SocketChannel client = SocketChannel.open(address)) {
                    assertTrue(client.isConnected());
                    Futures.value(accept).close();
                }
                accept = server.accept();
            }
            server.close();
            Futures.failure(AsynchronousCloseException.class, accept);
            assertThrows(ConnectException.class, () -> SocketChannel.open(address).close());
            server = closing(group.server()).bind(address);
        }
    }

    @Test
    void the_address_is_free_although_accepted_connections_live_on() throws Exception {
        TestGroup group = anyGroup();
        AsynchronousServerSocketChannel server = serverToBindAgain(group);
        SocketAddress address = server.getLocalAddress();
        Future<AsynchronousSocketChannel> accepting = server.accept();
        try (SocketChannel client = SocketChannel.open(address)) {
            AsynchronousSocketChannel accepted = closing(Futures.value(accepting));
            server.close();
            closing(group.server()).bind(address);
            client.write(ByteBuffer.wrap(new byte[] {1}));
            assertEquals(1, Futures.value(accepted.read(ByteBuffer.allocate(8))));
        }
    }

    @Test
    void binding_twice_or_to_a_taken_address_is_refused() throws Exception {
        TestGroup group = anyGroup();
        AsynchronousServerSocketChannel server = server(group);
        SocketAddress address = server.getLocalAddress();
        assertThrows(AlreadyBoundException.class, () -> server.bind(null));
        AsynchronousServerSocketChannel other = closing(group.server());
        assertThrows(BindException.class, () -> other.bind(address));
        assertTrue(other.isOpen());
        assertSame(other, other.bind(loopback(0)), "a failed bind can be tried again");
    }

    @Test
    void bad_addresses_are_refused_directly() throws Exception {
        AsynchronousServerSocketChannel server = closing(anyGroup().server());
        assertThrowsExactly(
                UnresolvedAddressException.class,
                () -> server.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 0)));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> server.bind(new StrangeAddress()));
        assertTrue(server.isOpen());
    }

    @Test
    void a_backlog_of_any_size_is_taken() throws Exception {
        TestGroup group = anyGroup();
        for (int backlog : new int[] {Integer.MIN_VALUE, -1, 0, 1, 10, Integer.MAX_VALUE}) {
            AsynchronousServerSocketChannel server = closing(group.server()).bind(loopback(0), backlog);
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                    AsynchronousSocketChannel accepted = Futures.value(server.accept())) {
                assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
            }
        }
    }

    @Test
    void a_client_that_has_gone_again_does_not_end_the_accepting() throws Exception {
        AsynchronousServerSocketChannel server = server(anyGroup());
        SocketChannel.open(server.getLocalAddress()).close();
        try (AsynchronousSocketChannel gone = Futures.value(server.accept())) {
            assertEquals(-1, Futures.value(gone.read(ByteBuffer.allocate(1))));
        }
        Future<AsynchronousSocketChannel> next = server.accept();
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                AsynchronousSocketChannel accepted = Futures.value(next)) {
            assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
        }
    }

    private static final class StrangeAddress extends SocketAddress {
        private static final long serialVersionUID = 1;
    }
}
