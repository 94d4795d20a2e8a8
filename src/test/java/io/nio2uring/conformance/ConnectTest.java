package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectTest extends Conformance {
    /** An address that refuses connections: its port is taken, but nobody listens. */
    private SocketAddress refusing() throws IOException {
        return closing(SocketChannel.open()).bind(loopback(0)).getLocalAddress();
    }

    @ParameterizedTest
    @EnumSource
    void a_connect_with_a_handler_completes_with_null_and_the_attachment(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        ServerSocketChannel server = plainServer();
        AsynchronousSocketChannel channel = socket(group);
        Outcome<Void> connected = new Outcome<>();
        Object attachment = new Object();
        channel.connect(server.getLocalAddress(), attachment, connected);
        assertNull(connected.value());
        assertSame(attachment, connected.attachment());
        group.assertOwns(connected.thread());
        assertEquals(server.getLocalAddress(), channel.getRemoteAddress());
    }

    @ParameterizedTest
    @EnumSource
    void a_connect_with_a_future_completes_with_null(GroupKind kind) throws Exception {
        ServerSocketChannel server = plainServer();
        AsynchronousSocketChannel channel = socket(group(kind));
        Future<Void> connected = channel.connect(server.getLocalAddress());
        assertNull(Futures.value(connected));
        assertTrue(connected.isDone());
        assertFalse(connected.isCancelled());
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_connect_fails_with_a_connect_exception_and_closes_the_channel(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousSocketChannel first = socket(group);
        Outcome<Void> refused = new Outcome<>();
        first.connect(refusing(), null, refused);
        assertTrue(refused.failure(ConnectException.class).getMessage().contains("Connection refused"));
        assertFalse(first.isOpen());

        AsynchronousSocketChannel second = socket(group);
        Futures.failure(ConnectException.class, second.connect(refusing()));
        assertFalse(second.isOpen());
        Futures.failure(ClosedChannelException.class, second.read(ByteBuffer.allocate(1)));
        Futures.failure(ClosedChannelException.class, second.connect(refusing()));
    }

    @Test
    void connecting_twice_is_refused_directly() throws Exception {
        Pair pair = pair(anyGroup());
        SocketAddress remote = pair.channel().getRemoteAddress();
        assertThrows(AlreadyConnectedException.class, () -> pair.channel().connect(remote));
        assertThrows(
                AlreadyConnectedException.class, () -> pair.channel().connect(remote, null, new Outcome<Void>()));
        assertTrue(pair.channel().isOpen());
    }

    @Test
    void connecting_an_accepted_channel_is_refused_directly() throws Exception {
        AsynchronousSocketChannel accepted = bothEnds(anyGroup()).getLast();
        SocketAddress remote = accepted.getRemoteAddress();
        assertThrows(AlreadyConnectedException.class, () -> accepted.connect(remote));
    }

    @Test
    void connecting_while_a_connect_is_pending_is_refused_directly() throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        AsynchronousSocketChannel channel = socket(anyGroup());
        Future<Void> pending = channel.connect(blackhole.address());
        InetSocketAddress address = blackhole.address();
        assertThrows(ConnectionPendingException.class, () -> channel.connect(address));
        assertThrows(ConnectionPendingException.class, () -> channel.connect(address, null, new Outcome<Void>()));
        assertThrows(ConnectionPendingException.class, () -> channel.bind(null));
        assertThrowsExactly(UnresolvedAddressException.class,
                () -> channel.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
        assertThrows(NullPointerException.class, () -> channel.connect(null));
        assertFalse(pending.isDone());
    }

    @Test
    void a_channel_whose_connect_is_pending_is_not_yet_connected() throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        AsynchronousSocketChannel channel = socket(anyGroup());
        Future<Void> pending = channel.connect(blackhole.address());
        assertThrows(NotYetConnectedException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertThrows(NotYetConnectedException.class, () -> channel.write(ByteBuffer.allocate(1)));
        assertThrows(NotYetConnectedException.class, channel::shutdownOutput);
        assertNull(channel.getRemoteAddress());
        assertFalse(pending.isDone());
    }

    /** Takes a second, until the kernel tries again: so not for every kind of group. */
    @ParameterizedTest
    @EnumSource(names = {"FIXED_OF_ONE", "CUSTOM"})
    void a_pending_connect_completes_when_the_other_side_makes_room(GroupKind kind) throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        TestGroup group = group(kind);
        AsynchronousSocketChannel channel = socket(group);
        Outcome<Void> connected = new Outcome<>();
        channel.connect(blackhole.address(), null, connected);
        Eventually.until("connected", () -> {
            try {
                blackhole.open();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return connected.hasArrived();
        });
        connected.value();
        group.assertOwns(connected.thread());
        assertEquals(blackhole.address(), channel.getRemoteAddress());
    }

    @ParameterizedTest
    @EnumSource
    void closing_the_channel_fails_a_pending_connect(GroupKind kind) throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        TestGroup group = group(kind);
        AsynchronousSocketChannel first = socket(group);
        Outcome<Void> handler = new Outcome<>();
        first.connect(blackhole.address(), null, handler);
        first.close();
        handler.failure(AsynchronousCloseException.class);
        group.assertOwns(handler.thread());

        AsynchronousSocketChannel second = socket(group);
        Future<Void> future = second.connect(blackhole.address());
        second.close();
        Futures.failure(AsynchronousCloseException.class, future);
    }

    @Test
    void a_cancelled_connect_leaves_the_channel_unusable() throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        AsynchronousSocketChannel channel = socket(anyGroup());
        Future<Void> pending = channel.connect(blackhole.address());
        assertTrue(pending.cancel(false));
        assertThrows(CancellationException.class, pending::get);
        assertTrue(channel.isOpen());
        assertThrows(IllegalStateException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertThrows(IllegalStateException.class, () -> channel.write(ByteBuffer.allocate(1)));
        SocketAddress another = plainServer().getLocalAddress();
        assertThrows(ConnectionPendingException.class, () -> channel.connect(another));
        assertThrows(ConnectionPendingException.class, () -> channel.connect(another, null, new Outcome<Void>()));
        assertThrows(ConnectionPendingException.class, () -> channel.bind(null));
        assertThrows(NotYetConnectedException.class, channel::shutdownInput);
    }

    @Test
    void a_connect_cancelled_with_interruption_closes_the_channel() throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        AsynchronousSocketChannel channel = socket(anyGroup());
        Future<Void> pending = channel.connect(blackhole.address());
        assertTrue(pending.cancel(true));
        assertTrue(pending.isCancelled());
        assertFalse(channel.isOpen());
    }

    @ParameterizedTest
    @EnumSource
    void connecting_a_closed_channel_fails_through_handler_and_future(GroupKind kind) throws Exception {
        TestGroup group = group(kind);
        AsynchronousSocketChannel channel = socket(group);
        channel.close();
        Outcome<Void> failed = new Outcome<>();
        channel.connect(loopback(1), null, failed);
        failed.failure(ClosedChannelException.class);
        group.assertOwns(failed.thread());
        Futures.failure(ClosedChannelException.class, channel.connect(loopback(1)));
        Futures.failure(
                ClosedChannelException.class, channel.connect(InetSocketAddress.createUnresolved("nowhere", 1)));
        Futures.failure(ClosedChannelException.class, channel.connect(null));
    }

    @Test
    void bad_addresses_and_handlers_are_refused_directly_and_leave_the_channel_open() throws Exception {
        AsynchronousSocketChannel channel = socket(anyGroup());
        SocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
        assertThrowsExactly(UnresolvedAddressException.class, () -> channel.connect(unresolved));
        assertThrowsExactly(
                UnresolvedAddressException.class, () -> channel.connect(unresolved, null, new Outcome<Void>()));
        assertThrowsExactly(UnsupportedAddressTypeException.class, () -> channel.connect(new StrangeAddress()));
        assertThrows(NullPointerException.class, () -> channel.connect(null));
        assertThrows(NullPointerException.class, () -> channel.connect(loopback(1), null, null));
        assertTrue(channel.isOpen());
        ServerSocketChannel server = plainServer();
        Futures.value(channel.connect(server.getLocalAddress()));
    }

    @Test
    void a_bound_channel_connects_from_its_address() throws Exception {
        ServerSocketChannel server = plainServer();
        AsynchronousSocketChannel channel = socket(anyGroup());
        channel.bind(loopback(0));
        SocketAddress local = channel.getLocalAddress();
        Futures.value(channel.connect(server.getLocalAddress()));
        assertEquals(local, channel.getLocalAddress());
        try (SocketChannel accepted = server.accept()) {
            assertEquals(local, accepted.getRemoteAddress());
        }
    }

    @Test
    void many_channels_connect_at_once() throws Exception {
        TestGroup group = group(GroupKind.FIXED_OF_THREE);
        ServerSocketChannel server = closing(ServerSocketChannel.open()).bind(loopback(0), 256);
        @SuppressWarnings({"unchecked", "rawtypes"})
        Outcome<Void>[] outcomes = new Outcome[200];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = new Outcome<>();
            socket(group).connect(server.getLocalAddress(), i, outcomes[i]);
        }
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i].value();
            assertEquals(i, outcomes[i].attachment());
        }
    }

    private static final class StrangeAddress extends SocketAddress {
        private static final long serialVersionUID = 1;
    }
}
