package io.nio2uring.fuzz;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/** What one run of a program on one provider has open, and its trace. */
final class World {
    /** A socket channel under its number, with the state of the two streams as seen from it. */
    static final class Socket {
        final int number;
        final AsynchronousSocketChannel channel;
        Socket peer;
        long sent;
        long received;
        PendingRead pendingRead;

        private Socket(int number, AsynchronousSocketChannel channel) {
            this.number = number;
            this.channel = channel;
        }

        /**
         * A socket whose bytes are with its peer as soon as they are written. They would else wait for an acknowledgement
         * of earlier ones, up to 40 ms, and whether the peer closes with bytes that nobody has read, which resets the
         * connection, would depend on the speed of the machine.
         */
        static Socket sendingAtOnce(int number, AsynchronousSocketChannel channel) throws IOException {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new Socket(number, channel);
        }
    }

    /** A server under its number. */
    static final class Server {
        final AsynchronousServerSocketChannel channel;
        InetSocketAddress address;
        Ticket<AsynchronousSocketChannel> pendingAccept;

        Server(AsynchronousServerSocketChannel channel) {
            this.channel = channel;
        }
    }

    /** A read that was started and not waited for. */
    record PendingRead(Ticket<? extends Number> ticket, How how, Layout layout, ByteBuffer[] buffers) {}

    /** Begins an operation: with the ticket as its handler, or returning a future if that is null. */
    interface Starter<V> {
        Future<V> start(Ticket<V> handler) throws Exception;
    }

    private final List<Group> groups;
    private final Map<Integer, Socket> sockets = new HashMap<>();
    private final Map<Integer, Server> servers = new HashMap<>();
    private final List<String> trace = new ArrayList<>();

    World(List<Group> groups) {
        this.groups = groups;
    }

    List<String> trace() {
        return trace;
    }

    void note(Object what) {
        trace.add(String.valueOf(what));
    }

    Group group(int number) {
        return groups.get(number);
    }

    Socket socket(int number) {
        return sockets.get(number);
    }

    Server server(int number) {
        return servers.get(number);
    }

    void put(Socket socket) {
        sockets.put(socket.number, socket);
    }

    void put(int number, Server server) {
        servers.put(number, server);
    }

    /** The socket whose local address is this one's remote address. */
    Socket clientOf(AsynchronousSocketChannel accepted) throws IOException {
        for (Socket socket : sockets.values()) {
            if (socket.channel.isOpen() && accepted.getRemoteAddress().equals(socket.channel.getLocalAddress())
                    && accepted.getLocalAddress().equals(socket.channel.getRemoteAddress())) {
                return socket;
            }
        }
        throw new AssertionError("nobody connected from " + accepted.getRemoteAddress());
    }

    /** Makes a call at a place: see {@link How#place}. */
    <T> T callAt(int place, Callable<T> call) throws Exception {
        return place == How.OUTSIDE ? call.call() : group(place).callInHandler(call);
    }

    /** Starts an operation as asked. */
    <V> Ticket<V> start(How how, Starter<V> starter) throws Exception {
        Ticket<V> ticket = new Ticket<>();
        callAt(how.place(), () -> {
            if (how.future()) {
                ticket.setFuture(starter.start(null));
            } else {
                starter.start(ticket);
            }
            return null;
        });
        return ticket;
    }

    /** Closes what a program that failed has left open. */
    void abandon() {
        for (Socket socket : sockets.values()) {
            closeQuietly(socket.channel);
        }
        for (Server server : servers.values()) {
            closeQuietly(server.channel);
        }
    }

    private static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            // The failure of the program is reported; this one would only hide it.
            Ticket.BREACHES.add("close failed: " + e);
        }
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
