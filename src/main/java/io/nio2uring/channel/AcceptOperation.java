package io.nio2uring.channel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.ring.IoUring;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.RawMemory;
import io.nio2uring.sys.SocketAddresses;

/** An accept. */
final class AcceptOperation extends ChannelOperation<AsynchronousSocketChannel> {
    private static final int LENGTH_OFFSET = SocketAddresses.MAX_BYTES;

    /** The peer's address and its length, written by the kernel; ours until the final completion. */
    private MemorySegment address;
    /** On the portable engine, what was accepted, until it is taken. */
    private SocketChannel connection;
    private AsynchronousSocketChannel accepted;

    AcceptOperation(Endpoint endpoint) {
        super(endpoint, Endpoint.READING, Endpoint.READ_KILLED);
    }

    @Override
    protected boolean prepare(IoUring ring, long userData) {
        if (address == null) {
            address = NativeMemory.calloc(SocketAddresses.MAX_BYTES + Integer.BYTES);
        }
        long where = address.address();
        RawMemory.putInt(where + LENGTH_OFFSET, SocketAddresses.MAX_BYTES);
        // Blocking, as far as the socket is concerned: the kernel then waits for readiness by itself.
        return ring.prepAccept(endpoint.fd, where, where + LENGTH_OFFSET, SocketConstant.SOCK_CLOEXEC, userData);
    }

    @Override
    protected int attempt() throws IOException {
        connection = ((SelectableSocket) endpoint.socket).listener().accept();
        return connection == null ? NOT_YET : 0;
    }

    @Override
    protected int interest() {
        return SelectionKey.OP_ACCEPT;
    }

    @Override
    Verdict take(int result, int flags) {
        if (connection != null) {
            return takeConnection();
        }
        if (result < 0) {
            release();
            return failed(-result);
        }
        SocketHandle socket = null;
        SocketAddress remote;
        try {
            remote = remote();
            // Before the outcome is known: the channel may be closed right after, and nobody would come by here again.
            release();
            socket = DescriptorSocket.connected(result);
        } finally {
            if (socket == null) {
                FileCalls.close(result);
            }
        }
        return connected(socket, remote);
    }

    private SocketAddress remote() {
        try {
            return SocketAddresses.decode(address, RawMemory.getInt(address.address() + LENGTH_OFFSET));
        } catch (InvalidPathException e) {
            // The peer has bound itself to what is no path in this process's encoding of names.
            return UnixDomainSocketAddress.of("");
        }
    }

    /** The next one begins from the start. */
    @Override
    boolean failsWhole() {
        return true;
    }

    /** What {@link #attempt} has accepted. */
    private Verdict takeConnection() {
        SocketChannel taken = connection;
        connection = null;
        try {
            return connected(SelectableSocket.accepted(taken), taken.getRemoteAddress());
        } catch (IOException e) {
            return fail(e);
        }
    }

    @Override
    void release() {
        if (address != null) {
            NativeMemory.free(address);
            address = null;
        }
    }

    private Verdict connected(SocketHandle socket, SocketAddress remote) {
        if (!endpoint.isOpen()) {
            socket.close();
            return cancelled();
        }
        if (!claim()) {
            socket.close();
            return abandon();
        }
        try {
            accepted = new RingSocketChannel(endpoint.group, socket, remote);
        } catch (Throwable e) {
            // The group has been shut down, or there is no memory left.
            socket.close();
            return end(new IOException(e));
        }
        return end(null);
    }

    private Verdict failed(int errno) {
        return switch (errno) {
            // The peer has gone before it was accepted: there are others.
            case Errno.EINTR, Errno.EAGAIN, Errno.ECONNABORTED -> Verdict.AGAIN;
            case Errno.ECANCELED -> cancelled();
            default -> endpoint.isOpen() ? fail(new IOException(Errno.text(errno))) : cancelled();
        };
    }

    @Override
    AsynchronousSocketChannel value() {
        return accepted;
    }

    @Override
    void reset() {
        accepted = null;
    }

    @Override
    String kind() {
        return "accept";
    }
}
