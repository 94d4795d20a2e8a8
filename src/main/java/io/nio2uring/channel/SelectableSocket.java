package io.nio2uring.channel;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.HashSet;
import java.util.Set;

import io.nio2uring.loop.Registration;

/**
 * A socket in a channel of {@code java.nio}, for the portable engine. Options are those of that channel which asynchronous
 * channels have.
 */
final class SelectableSocket extends SocketHandle {
    private static final boolean IPV4_ONLY = Boolean.getBoolean("java.net.preferIPv4Stack");

    /** A {@link SocketChannel} or {@link ServerSocketChannel}, in non-blocking mode. */
    private NetworkChannel channel;
    private Registration registration;
    /** Whether it has become a Unix domain socket. */
    private boolean unix;

    private SelectableSocket(NetworkChannel channel) throws IOException {
        use(channel);
    }

    private void use(NetworkChannel newChannel) throws IOException {
        boolean usable = false;
        try {
            ((SelectableChannel) newChannel).configureBlocking(false);
            usable = true;
        } finally {
            if (!usable) {
                newChannel.close();
            }
        }
        channel = newChannel;
        registration = new Registration((SelectableChannel) newChannel);
    }

    static SelectableSocket open() throws IOException {
        return new SelectableSocket(SocketChannel.open());
    }

    static SelectableSocket openListening() throws IOException {
        return new SelectableSocket(ServerSocketChannel.open());
    }

    /** Wraps a connection that was accepted. */
    static SelectableSocket accepted(SocketChannel connection) throws IOException {
        return new SelectableSocket(connection);
    }

    SocketChannel stream() {
        return (SocketChannel) channel;
    }

    ServerSocketChannel listener() {
        return (ServerSocketChannel) channel;
    }

    @Override
    int fd() {
        return -1;
    }

    @Override
    Registration registration() {
        return registration;
    }

    @Override
    int prepareFor(SocketAddress address) throws IOException {
        boolean toUnix = address instanceof UnixDomainSocketAddress;
        if (unix != toUnix && (unix || channel.getLocalAddress() != null)) {
            throw new UnsupportedAddressTypeException();
        }
        if (toUnix && !unix) {
            // The socket was opened before anybody knew what for.
            unix = true;
            NetworkChannel former = channel;
            use(listening(former) ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open(StandardProtocolFamily.UNIX));
            former.close();
        } else if (!toUnix && IPV4_ONLY && ((InetSocketAddress) address).getAddress() instanceof Inet6Address) {
            throw new SocketException("IPv6 protocol family unavailable");
        }
        return 0;
    }

    @Override
    void bind(SocketAddress address) throws IOException {
        if (address != null) {
            prepareFor(address);
        }
        channel.bind(address);
    }

    @Override
    void bindAndListen(SocketAddress address, int backlog) throws IOException {
        if (address != null) {
            prepareFor(address);
        }
        listener().bind(address, backlog);
    }

    @Override
    SocketAddress localAddress() throws IOException {
        return channel.getLocalAddress();
    }

    @Override
    void shutdown(int how) throws IOException {
        if (how == SHUT_RD) {
            stream().shutdownInput();
        } else {
            stream().shutdownOutput();
        }
    }

    @Override
    void hangUp() {
        if (!(channel instanceof SocketChannel connection) || !connection.isConnected()) {
            return;
        }
        try {
            connection.shutdownOutput();
            connection.shutdownInput();
        } catch (IOException e) {
            // It is closed as soon as its operations have ended; that will do.
            log(Level.DEBUG, "cannot shut down a connection that is to be closed", e);
        }
    }

    private static void log(Level level, String text, IOException cause) {
        System.getLogger("io.nio2uring").log(level, text, cause);
    }

    private static boolean listening(NetworkChannel some) {
        return some instanceof ServerSocketChannel;
    }

    @Override
    Set<SocketOption<?>> supportedOptions() {
        Set<SocketOption<?>> options = new HashSet<>(channel.supportedOptions());
        options.retainAll(listening(channel) ? SocketOptions.LISTENING.names() : SocketOptions.STREAM.names());
        return Set.copyOf(options);
    }

    @Override
    <T> void setOption(SocketOption<T> name, T value) throws IOException {
        // The selectable channels have another exception for what got past the compiler.
        channel.setOption(name, name.type().cast(value));
    }

    @Override
    <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    boolean isHeldByLoop() {
        return registration.isWatched();
    }

    @Override
    void close() {
        try {
            registration.close();
        } catch (IOException e) {
            log(Level.WARNING, "cannot close a socket", e);
        }
    }
}
