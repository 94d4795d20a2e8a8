package io.nio2uring.channel;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Set;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.loop.Registration;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.SocketCalls;

/** A socket by its descriptor, for rings. */
final class DescriptorSocket extends SocketHandle {
    private final int fd;
    private final SocketOptions options;
    // Guarded by the endpoint, or by whoever made this.
    private boolean closed;
    /** Whether it has become a Unix domain socket, and whether it has been bound as what it was opened for. */
    private boolean unix;
    private boolean bound;

    private DescriptorSocket(int fd, SocketOptions options) {
        this.fd = fd;
        this.options = options;
    }

    static DescriptorSocket open() throws IOException {
        return connected(Sockets.open());
    }

    static DescriptorSocket openListening() throws IOException {
        return new DescriptorSocket(Sockets.openListening(), SocketOptions.LISTENING);
    }

    /** Wraps the descriptor of a connection, or of a socket that may become one. */
    static DescriptorSocket connected(int fd) {
        return new DescriptorSocket(fd, SocketOptions.STREAM);
    }

    @Override
    int fd() {
        return fd;
    }

    @Override
    Registration registration() {
        return null;
    }

    @Override
    int prepareFor(SocketAddress address) throws IOException {
        boolean toUnix = address instanceof UnixDomainSocketAddress;
        if (unix != toUnix && (unix || bound)) {
            throw new UnsupportedAddressTypeException();
        }
        if (unix) {
            Sockets.checkLength((UnixDomainSocketAddress) address);
            return SocketConstant.AF_UNIX;
        }
        int family = Sockets.prepareFor(address, fd);
        unix = toUnix;
        return family;
    }

    @Override
    void bind(SocketAddress address) throws IOException {
        SocketAddress to = address == null ? Sockets.anyAddress() : Sockets.withScope(address);
        Sockets.bind(fd, to, prepareFor(to));
        bound = true;
    }

    @Override
    void bindAndListen(SocketAddress address, int backlog) throws IOException {
        bind(address);
        SocketErrors.check(SocketCalls.listen(fd, backlog));
    }

    @Override
    SocketAddress localAddress() throws IOException {
        return Sockets.localAddress(fd);
    }

    @Override
    void shutdown(int how) throws IOException {
        int result = SocketCalls.shutdown(fd, how);
        // The connection has ended by itself, in both directions: there is nothing left to shut down.
        if (result != -Errno.ENOTCONN) {
            SocketErrors.check(result);
        }
    }

    @Override
    void hangUp() {
        SocketCalls.hangUp(fd);
    }

    @Override
    Set<SocketOption<?>> supportedOptions() {
        return options.names();
    }

    @Override
    <T> void setOption(SocketOption<T> name, T value) throws IOException {
        options.set(fd, name, value);
    }

    @Override
    <T> T getOption(SocketOption<T> name) throws IOException {
        return options.get(fd, name);
    }

    @Override
    boolean isHeldByLoop() {
        // An accept that has been told of may not have let go of its file, for which the loop waits.
        return options == SocketOptions.LISTENING;
    }

    @Override
    void close() {
        if (!closed) {
            closed = true;
            FileCalls.close(fd);
        }
    }
}
