package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;

import io.nio2uring.traffic.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest extends Conformance {
    private static InetSocketAddress at(String literal, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(literal), port);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "::, 127.0.0.1", "::, ::1", "0.0.0.0, 127.0.0.1", "0.0.0.0, ::1"})
    void a_client_reaches_a_server_and_both_know_where_they_are(String bound, String connected) throws Exception {
        TestGroup group = anyGroup();
        AsynchronousServerSocketChannel server = closing(group.server()).bind(at(bound, 0));
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        AsynchronousSocketChannel client = socket(group);
        Future<AsynchronousSocketChannel> accepting = server.accept();
        Futures.value(client.connect(at(connected, port)));
        AsynchronousSocketChannel accepted = closing(Futures.value(accepting));

        assertEquals(at(connected, port), client.getRemoteAddress());
        assertEquals(at(connected, port), accepted.getLocalAddress());
        assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
        InetAddress local = ((InetSocketAddress) client.getLocalAddress()).getAddress();
        assertEquals(InetAddress.getByName(connected), local);
        assertSame(connected.contains(":") ? Inet6Address.class : Inet4Address.class, local.getClass());
        assertEquals(2, Futures.value(client.write(ByteBuffer.allocate(2))));
        assertEquals(2, Futures.value(accepted.read(ByteBuffer.allocate(4))));
    }

    /** The addresses of this machine, as a user may write them: link-local ones without the interface that has them. */
    private static List<InetAddress> ownAddresses() throws Exception {
        List<InetAddress> addresses = new ArrayList<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress own : Collections.list(each.getInetAddresses())) {
                addresses.add(InetAddress.getByAddress(own.getAddress()));
            }
        }
        return addresses;
    }

    @ParameterizedTest
    @MethodSource("ownAddresses")
    void an_address_of_this_machine_needs_no_interface_unless_several_have_it(InetAddress own) throws Exception {
        TestGroup group = anyGroup();
        AsynchronousSocketChannel client = socket(group);
        AsynchronousServerSocketChannel server = closing(group.server());
        boolean linkLocal = own instanceof Inet6Address && own.isLinkLocalAddress();
        if (linkLocal && Collections.frequency(ownAddresses(), own) > 1) {
            assertThrowsExactly(SocketException.class, () -> server.bind(new InetSocketAddress(own, 0)));
            Futures.failure(SocketException.class, client.connect(new InetSocketAddress(own, 1)));
            assertFalse(client.isOpen());
            return;
        }
        server.bind(new InetSocketAddress(own, 0));
        InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
        assertEquals(own, bound.getAddress());
        InetSocketAddress given = new InetSocketAddress(own, bound.getPort());
        Future<AsynchronousSocketChannel> accepting = server.accept();
        Futures.value(client.connect(given));
        closing(Futures.value(accepting));
        assertSame(given, client.getRemoteAddress());
        // What the kernel tells names the interface, where the address needs one.
        assertEquals(linkLocal, bound.getAddress() instanceof Inet6Address local && local.getScopeId() != 0);
    }

    @Test
    void binding_to_null_takes_the_wildcard_address_and_a_free_port() throws Exception {
        TestGroup group = anyGroup();
        AsynchronousServerSocketChannel server = closing(group.server()).bind(null);
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        assertTrue(address.getAddress().isAnyLocalAddress());
        assertNotEquals(0, address.getPort());
        AsynchronousSocketChannel socket = socket(group);
        assertSame(socket, socket.bind(null));
        assertNotEquals(0, ((InetSocketAddress) socket.getLocalAddress()).getPort());
    }

    @Test
    void a_server_on_one_family_does_not_answer_on_the_other() throws Exception {
        TestGroup group = anyGroup();
        // One that the system chose may be in use on the other family, where this port is bound, so that nobody listens.
        int port = Ports.free(InetAddress.ofLiteral("127.0.0.1"));
        closing(SocketChannel.open()).bind(at("::1", port));
        closing(group.server()).bind(at("127.0.0.1", port));
        Futures.failure(ConnectException.class, socket(group).connect(at("::1", port)));
    }

    @Test
    void a_channel_without_an_address_says_so() throws Exception {
        AsynchronousSocketChannel channel = socket(anyGroup());
        assertNull(channel.getLocalAddress());
        assertNull(channel.getRemoteAddress());
        channel.bind(loopback(0));
        assertTrue(((InetSocketAddress) channel.getLocalAddress()).getAddress().isLoopbackAddress());
        assertNull(channel.getRemoteAddress());
    }

    /** The wildcard address is all that is known before. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void connecting_a_socket_that_was_bound_to_any_address_gives_it_one(String any) throws Exception {
        AsynchronousSocketChannel channel = socket(anyGroup()).bind(at(any, 0));
        InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
        assertTrue(bound.getAddress().isAnyLocalAddress());
        Futures.value(channel.connect(plainServer().getLocalAddress()));
        assertEquals(loopback(bound.getPort()), channel.getLocalAddress());
    }

    @Test
    void connecting_to_the_wildcard_address_reaches_this_machine() throws Exception {
        ServerSocketChannel server = closing(ServerSocketChannel.open()).bind(null);
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        AsynchronousSocketChannel channel = socket(anyGroup());
        Futures.value(channel.connect(new InetSocketAddress(port)));
        assertEquals(new InetSocketAddress(port), channel.getRemoteAddress());
        assertTrue(((InetSocketAddress) channel.getLocalAddress()).getAddress().isLoopbackAddress());
    }

    @Test
    void a_connecting_socket_has_no_address_but_the_one_it_was_bound_to() throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        AsynchronousSocketChannel free = socket(anyGroup());
        Future<Void> pending = free.connect(blackhole.address());
        assertNull(free.getLocalAddress());
        assertNull(free.getRemoteAddress());
        assertTrue(pending.cancel(false));
        assertNull(free.getLocalAddress());
        assertNull(free.getRemoteAddress());
        AsynchronousSocketChannel bound = socket(anyGroup()).bind(null);
        SocketAddress address = bound.getLocalAddress();
        pending = bound.connect(blackhole.address());
        assertEquals(address, bound.getLocalAddress());
        assertFalse(pending.isDone());
    }

    /** A socket is asked first whether it can be bound at all, a server whether the address can be. */
    @Test
    void of_two_reasons_not_to_bind_the_same_is_told_as_ever() throws Exception {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 0);
        AsynchronousSocketChannel socket = socket(anyGroup()).bind(loopback(0));
        assertThrows(AlreadyBoundException.class, () -> socket.bind(unresolved));
        socket.close();
        assertThrows(ClosedChannelException.class, () -> socket.bind(unresolved));
        AsynchronousServerSocketChannel server = server(anyGroup());
        assertThrowsExactly(UnresolvedAddressException.class, () -> server.bind(unresolved));
        server.close();
        assertThrowsExactly(UnresolvedAddressException.class, () -> server.bind(unresolved));
        assertThrows(ClosedChannelException.class, () -> server.bind(loopback(0)));
    }

    @Test
    void a_bound_or_connected_socket_cannot_be_bound() throws Exception {
        AsynchronousSocketChannel channel = socket(anyGroup());
        channel.bind(loopback(0));
        assertThrows(AlreadyBoundException.class, () -> channel.bind(loopback(0)));
        AsynchronousSocketChannel connected = pair(anyGroup()).channel();
        assertThrows(AlreadyBoundException.class, () -> connected.bind(null));
        AsynchronousSocketChannel accepted = bothEnds(anyGroup()).getLast();
        assertThrows(AlreadyBoundException.class, () -> accepted.bind(null));
    }

    @Test
    void a_socket_cannot_be_bound_to_a_taken_or_impossible_address() throws Exception {
        TestGroup group = anyGroup();
        InetSocketAddress taken = (InetSocketAddress) plainServer().getLocalAddress();
        AsynchronousSocketChannel channel = socket(group);
        assertThrows(BindException.class, () -> channel.bind(taken));
        assertThrows(BindException.class, () -> channel.bind(at("192.0.2.1", 0)), "an address of nobody");
        assertThrowsExactly(
                UnresolvedAddressException.class,
                () -> channel.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 0)));
        assertTrue(channel.isOpen());
        channel.bind(null);
    }

    @Test
    void the_address_given_is_the_address_returned() throws Exception {
        TestGroup group = anyGroup();
        AsynchronousServerSocketChannel server = server(group);
        InetAddress localhost = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        InetSocketAddress named = new InetSocketAddress(localhost,
                ((InetSocketAddress) server.getLocalAddress()).getPort());
        AsynchronousSocketChannel channel = socket(group);
        Futures.value(channel.connect(named));
        assertEquals(named, channel.getRemoteAddress());
    }

    /** Run in a JVM of its own. */
    public static final class OnlyIpv4 {
        private OnlyIpv4() {}

        public static void main(String[] arguments) throws Exception {
            try (AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open().bind(null);
                    AsynchronousSocketChannel client = AsynchronousSocketChannel.open()) {
                InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
                System.out.println("bound " + bound.getAddress().getHostAddress());
                try (AsynchronousSocketChannel six = AsynchronousSocketChannel.open()) {
                    Throwable cause = Futures.failure(SocketException.class, six.connect(at("::1", bound.getPort())));
                    System.out.println("connect " + cause.getMessage() + ", open " + six.isOpen());
                }
                try (AsynchronousServerSocketChannel six = AsynchronousServerSocketChannel.open()) {
                    six.bind(at("::1", 0));
                } catch (SocketException e) {
                    System.out.println("bind " + e.getMessage());
                }
                Future<AsynchronousSocketChannel> accepting = server.accept();
                Futures.value(client.connect(at("127.0.0.1", bound.getPort())));
                try (AsynchronousSocketChannel accepted = Futures.value(accepting)) {
                    System.out.println("same " + accepted.getRemoteAddress().equals(client.getLocalAddress()));
                }
            }
        }
    }

    @Test
    void a_jvm_told_to_prefer_ipv4_knows_no_ipv6() throws Exception {
        ChildJvm.Ended child = ChildJvm.run(OnlyIpv4.class, "-Djava.net.preferIPv4Stack=true");
        assertEquals("0.0.0.0", child.line("bound"));
        assertEquals("IPv6 protocol family unavailable, open false", child.line("connect"));
        assertEquals("IPv6 protocol family unavailable", child.line("bind"));
        assertEquals("true", child.line("same"));
        assertEquals(0, child.status());
    }
}
