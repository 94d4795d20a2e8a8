package io.nio2uring.traffic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousSocketChannel;

/**
 * A connected channel and its peer, a plain {@link Socket}: the peer does exactly what the test says, with no
 * asynchronous channel in it.
 */
final class SocketPair implements AutoCloseable {
    private static final int PEER_TIMEOUT_MILLIS = 20_000;

    final AsynchronousSocketChannel channel;
    final Socket peer;

    SocketPair(TestGroup group) throws IOException {
        this(group, 0);
    }

    /** With a receive buffer of the peer of {@code peerReceiveBytes}, unless that is 0. */
    SocketPair(TestGroup group, int peerReceiveBytes) throws IOException {
        try (ServerSocket listener = new ServerSocket()) {
            if (peerReceiveBytes > 0) {
                listener.setReceiveBufferSize(peerReceiveBytes);
            }
            listener.bind(new InetSocketAddress(TestGroup.LOOPBACK, 0));
            channel = group.connect((InetSocketAddress) listener.getLocalSocketAddress());
            peer = listener.accept();
        }
        peer.setSoTimeout(PEER_TIMEOUT_MILLIS);
        peer.setTcpNoDelay(true);
    }

    /** The peer drops the connection with a reset instead of an end of stream. */
    void resetByPeer() throws IOException {
        peer.setSoLinger(true, 0);
        peer.close();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            peer.close();
        }
    }
}
