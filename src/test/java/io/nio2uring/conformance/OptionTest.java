package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

class OptionTest extends Conformance {
    private static final Set<SocketOption<?>> EXTENDED = Set.of(
            ExtendedSocketOptions.TCP_KEEPCOUNT,
            ExtendedSocketOptions.TCP_KEEPIDLE,
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            ExtendedSocketOptions.TCP_QUICKACK,
            ExtendedSocketOptions.SO_INCOMING_NAPI_ID);

    private static Set<SocketOption<?>> withExtended(SocketOption<?>... standard) {
        Set<SocketOption<?>> all = new HashSet<>(EXTENDED);
        all.addAll(List.of(standard));
        return all;
    }

    @Test
    void a_socket_supports_exactly_these_options() throws Exception {
        assertEquals(
                withExtended(
                        StandardSocketOptions.SO_SNDBUF,
                        StandardSocketOptions.SO_RCVBUF,
                        StandardSocketOptions.SO_KEEPALIVE,
                        StandardSocketOptions.SO_REUSEADDR,
                        StandardSocketOptions.SO_REUSEPORT,
                        StandardSocketOptions.TCP_NODELAY),
                socket(anyGroup()).supportedOptions());
    }

    @Test
    void a_server_supports_exactly_these_options() throws Exception {
        assertEquals(
                withExtended(
                        StandardSocketOptions.SO_RCVBUF,
                        StandardSocketOptions.SO_REUSEADDR,
                        StandardSocketOptions.SO_REUSEPORT),
                server(anyGroup()).supportedOptions());
    }

    @Test
    void the_set_of_options_cannot_be_changed() throws Exception {
        Set<SocketOption<?>> client = socket(anyGroup()).supportedOptions();
        Set<SocketOption<?>> server = server(anyGroup()).supportedOptions();
        assertThrows(UnsupportedOperationException.class, client::clear);
        assertThrows(UnsupportedOperationException.class, server::clear);
    }

    @Test
    void the_defaults_are_those_of_every_other_channel() throws Exception {
        AsynchronousSocketChannel socket = socket(anyGroup());
        SocketChannel plainSocket = closing(SocketChannel.open());
        for (SocketOption<?> option : socket.supportedOptions()) {
            assertEquals(plainSocket.getOption(option), socket.getOption(option), option::name);
        }
        AsynchronousServerSocketChannel server = server(anyGroup());
        ServerSocketChannel plainServer = plainServer();
        for (SocketOption<?> option : server.supportedOptions()) {
            assertEquals(plainServer.getOption(option), server.getOption(option), option::name);
        }
        assertEquals(true, server.getOption(StandardSocketOptions.SO_REUSEADDR));
        assertEquals(false, socket.getOption(StandardSocketOptions.SO_REUSEADDR));
    }

    private static <T> void assertSetAndGet(NetworkChannel channel, SocketOption<T> option, List<T> values)
            throws IOException {
        for (T value : values) {
            assertSame(channel, channel.setOption(option, value));
            assertEquals(value, channel.getOption(option), option::name);
        }
    }

    @Test
    void options_of_a_socket_keep_what_was_set() throws Exception {
        for (AsynchronousSocketChannel channel : List.of(socket(anyGroup()), pair(anyGroup()).channel())) {
            assertSetAndGet(channel, StandardSocketOptions.TCP_NODELAY, List.of(true, false, true));
            assertSetAndGet(channel, StandardSocketOptions.SO_KEEPALIVE, List.of(true, false, true));
            assertSetAndGet(channel, StandardSocketOptions.SO_REUSEADDR, List.of(true, false));
            assertSetAndGet(channel, StandardSocketOptions.SO_REUSEPORT, List.of(true, false));
            assertSetAndGet(channel, ExtendedSocketOptions.TCP_KEEPIDLE, List.of(100, 77));
            assertSetAndGet(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, List.of(10, 20));
            assertSetAndGet(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, List.of(3, 5));
            channel.setOption(ExtendedSocketOptions.TCP_QUICKACK, false);
            channel.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
    }

    @Test
    void options_of_a_server_keep_what_was_set() throws Exception {
        AsynchronousServerSocketChannel server = closing(anyGroup().server());
        assertSetAndGet(server, StandardSocketOptions.SO_REUSEADDR, List.of(false, true));
        assertSetAndGet(server, StandardSocketOptions.SO_REUSEPORT, List.of(true, false));
        assertSetAndGet(server, ExtendedSocketOptions.TCP_KEEPIDLE, List.of(100, 77));
        assertSetAndGet(server, ExtendedSocketOptions.TCP_KEEPINTERVAL, List.of(10, 20));
        assertSetAndGet(server, ExtendedSocketOptions.TCP_KEEPCOUNT, List.of(3, 5));
    }

    /** The kernel reserves room of its own, so that it reports more than was asked for: all channels alike. */
    @Test
    void buffer_sizes_are_taken_as_every_other_channel_takes_them() throws Exception {
        AsynchronousSocketChannel socket = socket(anyGroup());
        SocketChannel plain = closing(SocketChannel.open());
        for (int size : new int[] {0, 1, 4096, 50_000, 200_000, Integer.MAX_VALUE}) {
            for (SocketOption<Integer> option : List.of(StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_RCVBUF)) {
                socket.setOption(option, size);
                plain.setOption(option, size);
                assertEquals(plain.getOption(option), socket.getOption(option), () -> option + " " + size);
            }
        }
        AsynchronousServerSocketChannel server = closing(anyGroup().server());
        server.setOption(StandardSocketOptions.SO_RCVBUF, 50_000);
        plain.setOption(StandardSocketOptions.SO_RCVBUF, 50_000);
        assertEquals(
                plain.getOption(StandardSocketOptions.SO_RCVBUF), server.getOption(StandardSocketOptions.SO_RCVBUF));
    }

    @Test
    void negative_buffer_sizes_are_refused() throws Exception {
        AsynchronousSocketChannel socket = socket(anyGroup());
        AsynchronousServerSocketChannel server = closing(anyGroup().server());
        assertThrows(
                IllegalArgumentException.class, () -> socket.setOption(StandardSocketOptions.SO_SNDBUF, -1));
        assertThrows(
                IllegalArgumentException.class, () -> socket.setOption(StandardSocketOptions.SO_RCVBUF, -1));
        assertThrows(
                IllegalArgumentException.class, () -> server.setOption(StandardSocketOptions.SO_RCVBUF, -1));
    }

    @Test
    void what_the_kernel_refuses_is_a_socket_exception() throws Exception {
        AsynchronousSocketChannel socket = socket(anyGroup());
        assertThrows(SocketException.class, () -> socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 0));
        assertThrows(SocketException.class, () -> socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 1000));
        assertThrows(SocketException.class, () -> socket.setOption(ExtendedSocketOptions.SO_INCOMING_NAPI_ID, 1));
    }

    /** What setting and then getting an option comes to: the value, or the class of the exception. */
    private static <T> String outcome(NetworkChannel channel, SocketOption<T> option, T value) {
        try {
            return String.valueOf(channel.setOption(option, value).getOption(option));
        } catch (IOException | RuntimeException e) {
            return e.getClass().getName();
        }
    }

    @Test
    void every_option_takes_and_refuses_the_values_that_every_other_channel_does() throws Exception {
        List<NetworkChannel> ours = List.of(socket(anyGroup()), closing(anyGroup().server()));
        List<NetworkChannel> plain = List.of(closing(SocketChannel.open()), closing(ServerSocketChannel.open()));
        for (int i = 0; i < ours.size(); i++) {
            for (SocketOption<?> option : ours.get(i).supportedOptions()) {
                if (option.type() == Integer.class) {
                    @SuppressWarnings("unchecked")
                    SocketOption<Integer> number = (SocketOption<Integer>) option;
                    for (int value : new int[] {Integer.MIN_VALUE, -1, 0, 1, 2, 127, 128, 32_767, 32_768, 65_536,
                        Integer.MAX_VALUE}) {
                        assertEquals(outcome(plain.get(i), number, value), outcome(ours.get(i), number, value),
                                () -> option + " " + value);
                    }
                } else {
                    @SuppressWarnings("unchecked")
                    SocketOption<Boolean> flag = (SocketOption<Boolean>) option;
                    for (boolean value : new boolean[] {true, false}) {
                        assertEquals(outcome(plain.get(i), flag, value), outcome(ours.get(i), flag, value),
                                () -> option + " " + value);
                    }
                }
            }
        }
    }

    @Test
    void an_option_without_a_name_or_a_value_is_refused() throws Exception {
        for (NetworkChannel channel : List.of(socket(anyGroup()), server(anyGroup()))) {
            assertThrows(NullPointerException.class, () -> channel.setOption(null, true));
            assertThrows(NullPointerException.class, () -> channel.getOption(null));
            for (SocketOption<?> option : channel.supportedOptions()) {
                assertThrows(
                        IllegalArgumentException.class, () -> channel.setOption(option, null), option::name);
                assertNotNull(channel.getOption(option), option::name);
            }
        }
    }

    /** Values of another type get past the compiler where generics were cast away. */
    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void a_value_of_another_type_is_refused() throws Exception {
        for (NetworkChannel channel : List.of(socket(anyGroup()), server(anyGroup()))) {
            Set<SocketOption<?>> options = new HashSet<>(channel.supportedOptions());
            // It cannot be set at all, which may be told first.
            options.remove(ExtendedSocketOptions.SO_INCOMING_NAPI_ID);
            for (SocketOption option : options) {
                assertThrows(ClassCastException.class, () -> channel.setOption(option, "1"), option::name);
                assertThrows(ClassCastException.class, () -> channel.setOption(option, 1L), option::name);
            }
        }
    }

    private record Impostor(String name, Class<Boolean> type) implements SocketOption<Boolean> {}

    @Test
    void an_option_that_only_has_the_name_of_one_is_unsupported() throws Exception {
        SocketOption<Boolean> impostor = new Impostor("SO_REUSEADDR", Boolean.class);
        for (NetworkChannel channel : List.of(socket(anyGroup()), server(anyGroup()))) {
            assertThrows(UnsupportedOperationException.class, () -> channel.setOption(impostor, true));
            assertThrows(UnsupportedOperationException.class, () -> channel.getOption(impostor));
        }
    }

    @Test
    void options_can_be_set_while_a_connect_is_pending() throws Exception {
        Blackhole blackhole = closing(new Blackhole());
        AsynchronousSocketChannel channel = socket(anyGroup());
        Future<Void> pending = channel.connect(blackhole.address());
        assertSetAndGet(channel, StandardSocketOptions.TCP_NODELAY, List.of(true, false));
        assertFalse(pending.isDone());
    }

    @Test
    void options_of_other_channels_are_unsupported() throws Exception {
        AsynchronousSocketChannel socket = socket(anyGroup());
        AsynchronousServerSocketChannel server = server(anyGroup());
        for (SocketOption<?> option : List.of(
                StandardSocketOptions.SO_LINGER,
                StandardSocketOptions.IP_TOS,
                StandardSocketOptions.SO_BROADCAST,
                ExtendedSocketOptions.IP_DONTFRAGMENT,
                ExtendedSocketOptions.SO_PEERCRED)) {
            assertThrows(UnsupportedOperationException.class, () -> socket.getOption(option), option::name);
            assertThrows(UnsupportedOperationException.class, () -> socket.setOption(option, null), option::name);
            assertThrows(UnsupportedOperationException.class, () -> server.getOption(option), option::name);
        }
        for (SocketOption<?> option : List.of(
                StandardSocketOptions.TCP_NODELAY,
                StandardSocketOptions.SO_SNDBUF,
                StandardSocketOptions.SO_KEEPALIVE)) {
            assertThrows(UnsupportedOperationException.class, () -> server.getOption(option), option::name);
        }
    }

    @Test
    void a_closed_channel_has_no_options() throws Exception {
        AsynchronousSocketChannel socket = socket(anyGroup());
        AsynchronousServerSocketChannel server = server(anyGroup());
        socket.close();
        server.close();
        for (NetworkChannel channel : List.of(socket, server)) {
            assertThrowsExactly(
                    ClosedChannelException.class, () -> channel.getOption(StandardSocketOptions.SO_RCVBUF));
            assertThrowsExactly(
                    ClosedChannelException.class, () -> channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096));
            assertThrowsExactly(
                    ClosedChannelException.class, () -> channel.setOption(StandardSocketOptions.SO_RCVBUF, null));
            assertThrows(UnsupportedOperationException.class, () -> channel.getOption(StandardSocketOptions.IP_TOS));
            assertThrows(NullPointerException.class, () -> channel.getOption(null));
            assertTrue(channel.supportedOptions().contains(StandardSocketOptions.SO_RCVBUF));
        }
    }

    @Test
    void accepted_sockets_inherit_what_the_kernel_lets_them_inherit() throws Exception {
        TestGroup group = anyGroup();
        AsynchronousServerSocketChannel server = closing(group.server());
        ServerSocketChannel plain = closing(ServerSocketChannel.open());
        for (NetworkChannel each : List.of(server, plain)) {
            each.setOption(StandardSocketOptions.SO_RCVBUF, 30_000);
            each.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 99);
            each.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
            each.bind(loopback(0));
        }
        Future<AsynchronousSocketChannel> accepting = server.accept();
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel plainClient = SocketChannel.open(plain.getLocalAddress());
                SocketChannel plainAccepted = plain.accept();
                AsynchronousSocketChannel accepted = Futures.value(accepting)) {
            assertTrue(client.isConnected() && plainClient.isConnected());
            for (SocketOption<?> option : accepted.supportedOptions()) {
                if (option != ExtendedSocketOptions.SO_INCOMING_NAPI_ID) {
                    assertEquals(plainAccepted.getOption(option), accepted.getOption(option), option::name);
                }
            }
            assertEquals(99, accepted.getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
            assertEquals(false, accepted.getOption(StandardSocketOptions.TCP_NODELAY));
        }
    }

    @Test
    void two_servers_share_a_port_when_both_say_so() throws Exception {
        TestGroup group = anyGroup();
        AsynchronousServerSocketChannel first = closing(group.server());
        first.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(loopback(0));
        AsynchronousServerSocketChannel second = closing(group.server());
        second.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(first.getLocalAddress());
        assertEquals(first.getLocalAddress(), second.getLocalAddress());
    }
}
