package io.nio2uring.channel;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Set;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.loop.Engine;
import io.nio2uring.loop.Registration;

/**
 * A stream socket, whatever the engine has it in, and what is done with it at once rather than by an operation. Calls
 * are guarded by the {@link Endpoint}; a process uses one subclass.
 */
abstract class SocketHandle {
    /** What {@link #shutdown} ends; values of the kernel. */
    static final int SHUT_RD = SocketConstant.SHUT_RD;
    static final int SHUT_WR = SocketConstant.SHUT_WR;

    /** Opens a socket that is neither bound nor connected. */
    static SocketHandle open(Engine engine) throws IOException {
        return engine == Engine.PORTABLE ? SelectableSocket.open() : DescriptorSocket.open();
    }

    /** Opens a socket that is going to listen. */
    static SocketHandle openListening(Engine engine) throws IOException {
        return engine == Engine.PORTABLE ? SelectableSocket.openListening() : DescriptorSocket.openListening();
    }

    /** The descriptor for entries of a ring; -1 without one. */
    abstract int fd();

    /** Where the portable engine waits for it; null on a ring. */
    abstract Registration registration();

    /**
     * Makes sure that the socket, which is neither bound nor connected, can have an address.
     *
     * @return the socket's family for the kernel; 0 where nobody asks
     */
    abstract int prepareFor(SocketAddress address) throws IOException;

    /** Binds to an address that {@link Sockets#check} has passed; null for any. */
    abstract void bind(SocketAddress address) throws IOException;

    /** Binds likewise, and listens. */
    abstract void bindAndListen(SocketAddress address, int backlog) throws IOException;

    abstract SocketAddress localAddress() throws IOException;

    /** Shuts one direction of a connection down; nothing happens when the connection has ended by itself. */
    abstract void shutdown(int how) throws IOException;

    /** Has the peer see the end, and a listening socket give up its port, although operations are under way. */
    abstract void hangUp();

    abstract Set<SocketOption<?>> supportedOptions();

    abstract <T> void setOption(SocketOption<T> name, T value) throws IOException;

    abstract <T> T getOption(SocketOption<T> name) throws IOException;

    /** Tells whether {@link #close} must be called under ownership of the loop, also when nothing is under way. */
    abstract boolean isHeldByLoop();

    /** Releases the descriptor. */
    abstract void close();
}
