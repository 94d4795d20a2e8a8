package io.nio2uring.channel;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;

/** A listening stream socket whose accepts are submission queue entries of its home loop's ring. */
public final class RingServerSocketChannel extends AsynchronousServerSocketChannel {
    private static final int DEFAULT_BACKLOG = 50;
    /**
     * How long {@link #close} waits for the kernel to let go of a pending accept. It takes microseconds, or two ticks
     * of the monitor when all of the group's threads are busy; the limit is for a system that does not schedule us.
     */
    private static final long CLOSE_NANOS = 1_000_000_000;

    private final Endpoint endpoint;
    private final AcceptOperation acceptor;
    /** Written under the endpoint's lock. */
    private volatile SocketAddress localAddress;

    /**
     * Opens a channel that is not bound.
     *
     * @param group that its handlers, and the channels that it accepts, belong to
     * @throws IOException                   when the system has no socket left
     * @throws ShutdownChannelGroupException when the group takes no channel any more
     */
    public RingServerSocketChannel(RingChannelGroup group) throws IOException {
        super(group.provider());
        SocketHandle socket = SocketHandle.openListening(group.engine());
        endpoint = new Endpoint(group, group.nextLoop(), this, socket, 0);
        acceptor = new AcceptOperation(endpoint);
        endpoint.setOperations(acceptor);
        boolean member = false;
        try {
            group.add(endpoint);
            member = true;
        } finally {
            if (!member) {
                socket.close();
            }
        }
    }

    @Override
    public AsynchronousServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
        SocketAddress address = local == null ? null : Sockets.check(local);
        endpoint.use(socket -> {
            if (localAddress != null) {
                throw new AlreadyBoundException();
            }
            socket.bindAndListen(address, backlog < 1 ? DEFAULT_BACKLOG : backlog);
            localAddress = socket.localAddress();
            return null;
        });
        Listeners.add(this);
        if (!isOpen()) {
            // Closed in between, when there was nothing to be removed yet.
            Listeners.remove(this);
        }
        return this;
    }

    @Override
    public Future<AsynchronousSocketChannel> accept() {
        if (!begin()) {
            return OperationFuture.settled(null, new ClosedChannelException());
        }
        Future<AsynchronousSocketChannel> future = acceptor.futureOrGiveUp();
        acceptor.start();
        return future;
    }

    @Override
    public <A> void accept(A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        if (!begin()) {
            endpoint.group.deliver(endpoint, handler, attachment, null, new ClosedChannelException());
            return;
        }
        acceptor.setHandler(handler, attachment, 0);
        acceptor.start();
    }

    /** Returns false when the channel is closed. */
    private boolean begin() {
        if (!endpoint.isOpen()) {
            return false;
        }
        if (localAddress == null) {
            throw new NotYetBoundException();
        }
        int hindrance = endpoint.tryBegin(Endpoint.READING, Endpoint.CLOSED | Endpoint.READ_KILLED);
        if ((hindrance & Endpoint.CLOSED) != 0) {
            return false;
        }
        if ((hindrance & Endpoint.READ_KILLED) != 0) {
            throw new RuntimeException("Accept not allowed due to cancellation");
        }
        if (hindrance != 0) {
            throw new AcceptPendingException();
        }
        return true;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        if (!endpoint.isOpen()) {
            throw new ClosedChannelException();
        }
        return localAddress;
    }

    @Override
    public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        endpoint.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return endpoint.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return endpoint.socket.supportedOptions();
    }

    @Override
    public boolean isOpen() {
        return endpoint.isOpen();
    }

    /** Closes the channel; when this returns, its address can be bound again. */
    @Override
    public void close() {
        acceptor.unmute();
        release();
    }

    private void release() {
        if (endpoint.close()) {
            endpoint.awaitReleased(CLOSE_NANOS);
        }
    }

    /**
     * Gives up the address because the process is about to exit. A pending accept ends unheard, as with the JDK's, unless
     * somebody closes the channel, such as a shutdown hook of the program, which may wait for that.
     */
    void vacate() {
        acceptor.mute();
        release();
    }

    @Override
    public String toString() {
        SocketAddress local = localAddress;
        return getClass().getName() + '[' + (!endpoint.isOpen() ? "closed" : local == null ? "unbound" : local) + ']';
    }
}
