package io.nio2uring.reliability;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Peers of an echo server that mean harm, or behave as if they did. */
enum Adversary {
    /** A hundred connections send one byte, wait until it comes back, and send the next. */
    SINGLE_BYTES(2_000) {
        @Override
        void attack(InetSocketAddress server, Attack attack) throws IOException {
            converse(server, attack, 1, (socket, round) -> socket.getOutputStream().write(round));
        }
    },
    /** Two hundred connections send all that is taken and never read: windows of zero in both directions, writes that wait. */
    NEVER_READING(200) {
        @Override
        void attack(InetSocketAddress server, Attack attack) throws IOException {
            Map<SocketOption<Integer>, Integer> small =
                    Map.of(StandardSocketOptions.SO_RCVBUF, 4096, StandardSocketOptions.SO_SNDBUF, 4096);
            List<SocketChannel> full = new ArrayList<>();
            ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
            for (int i = 0; i < 200; i++) {
                SocketChannel channel = attack.opened(SocketChannel.open());
                for (var option : small.entrySet()) {
                    channel.setOption(option.getKey(), option.getValue());
                }
                channel.connect(server);
                channel.configureBlocking(false);
                full.add(channel);
            }
            while (!attack.isOver()) {
                int taken = 0;
                for (SocketChannel each : full) {
                    taken += each.write(bytes.clear());
                }
                if (taken == 0) {
                    // As full as they get, each of them.
                    attack.haveDone(full.size());
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }
    },
    /** One connection after the other that goes as soon as it is there: by a reset, by an end, with bytes sent or not. */
    VANISHING(10_000) {
        @Override
        void attack(InetSocketAddress server, Attack attack) throws IOException {
            for (int i = 0; !attack.isOver(); i++) {
                try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
                    if (i % 3 == 0) {
                        socket.getOutputStream().write(i);
                    }
                    if (i % 20 != 0) {
                        socket.setSoLinger(true, 0);
                    }
                }
                attack.haveDone(1);
            }
        }
    },
    /** A hundred connections send urgent bytes among others; only the others come back. */
    URGENT_DATA(2_000) {
        @Override
        void attack(InetSocketAddress server, Attack attack) throws IOException {
            converse(server, attack, 2, (socket, round) -> {
                socket.getOutputStream().write(round);
                socket.sendUrgentData('!');
                socket.getOutputStream().write(round + 1);
            });
        }
    };

    /** How much has to be done for the attack to be one. */
    final int enough;

    Adversary(int enough) {
        this.enough = enough;
    }

    /** Goes on until the attack is over. */
    abstract void attack(InetSocketAddress server, Attack attack) throws IOException;

    private static List<Socket> connect(InetSocketAddress server, Attack attack, int count) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = attack.opened(new Socket(server.getAddress(), server.getPort()));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(EchoProcess.PATIENCE_MILLIS);
            sockets.add(socket);
        }
        return sockets;
    }

    /** What one peer sends in a round. */
    private interface Sender {
        void send(Socket socket, int round) throws IOException;
    }

    /** A hundred connections, round by round: all send, then each awaits as many bytes, counted up from the round's number. */
    private static void converse(InetSocketAddress server, Attack attack, int answers, Sender sender)
            throws IOException {
        List<Socket> sockets = connect(server, attack, 100);
        for (int round = 0; !attack.isOver(); round++) {
            for (Socket each : sockets) {
                sender.send(each, round);
            }
            for (Socket each : sockets) {
                for (int i = 0; i < answers; i++) {
                    expect(each, (byte) (round + i));
                }
                attack.haveDone(1);
            }
        }
    }

    private static void expect(Socket socket, byte wanted) throws IOException {
        int found = socket.getInputStream().read();
        if (found < 0) {
            throw new EOFException("the server has ended the connection");
        }
        if ((byte) found != wanted) {
            throw new AssertionError("the server sent " + found + " instead of " + wanted);
        }
    }
}
