package io.nio2uring.channel;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.WritePendingException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A stream socket whose operations are submission queue entries of its home loop's ring, or attempts of its selector.
 *
 * <p>A read: check and set the busy flag ({@link Endpoint}), describe the bytes ({@link TransferOperation}), hand the
 * operation to the loop, which submits it and takes its completion; a thread of the group then calls the handler. What has a
 * future is tried by the calling thread first, if few wait for futures.
 */
public final class RingSocketChannel extends AsynchronousSocketChannel {
    private final Endpoint endpoint;
    private final TransferOperation reader;
    private final TransferOperation writer;
    private ConnectOperation connector;
    /** What the user bound the socket to; guarded by the endpoint. */
    private SocketAddress boundAddress;
    /** That of the connection, which may be narrower than what was bound; guarded by the endpoint, null until asked for. */
    private SocketAddress localAddress;
    private volatile SocketAddress remoteAddress;

    /**
     * Opens a channel that is not connected.
     *
     * @param group that its handlers belong to
     * @throws IOException                   when the system has no socket left
     * @throws ShutdownChannelGroupException when the group takes no channel any more
     */
    public RingSocketChannel(RingChannelGroup group) throws IOException {
        this(group, SocketHandle.open(group.engine()), null, Endpoint.UNCONNECTED);
        boolean complete = false;
        try {
            connector = new ConnectOperation(endpoint);
            endpoint.setOperations(reader, writer, connector);
            complete = true;
        } finally {
            leaveUnless(complete);
        }
    }

    /** Wraps an accepted connection; the socket stays the caller's if this throws. */
    RingSocketChannel(RingChannelGroup group, SocketHandle socket, SocketAddress remote) {
        this(group, socket, remote, 0);
        boolean complete = false;
        try {
            endpoint.setOperations(reader, writer);
            endpoint.connected(remote, true);
            complete = true;
        } finally {
            leaveUnless(complete);
        }
    }

    /** A channel that nobody will ever have must not be a member of its group. */
    private void leaveUnless(boolean complete) {
        if (!complete) {
            endpoint.close();
        }
    }

    private RingSocketChannel(RingChannelGroup group, SocketHandle socket, SocketAddress remote, int state) {
        super(group.provider());
        endpoint = new Endpoint(group, group.nextLoop(), this, socket, state);
        reader = new TransferOperation(endpoint, Direction.READ);
        writer = new TransferOperation(endpoint, Direction.WRITE);
        remoteAddress = remote;
        boolean member = false;
        try {
            group.add(endpoint);
            member = true;
        } finally {
            if (!member && state == Endpoint.UNCONNECTED) {
                socket.close();
            }
        }
    }

    // ---- connect

    @Override
    public Future<Void> connect(SocketAddress remote) {
        Throwable failure = beginConnect(remote);
        if (failure != null) {
            return OperationFuture.settled(null, failure);
        }
        Future<Void> future = connector.futureOrGiveUp();
        connector.start();
        return future;
    }

    @Override
    public <A> void connect(SocketAddress remote, A attachment, CompletionHandler<Void, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        Throwable failure = beginConnect(remote);
        if (failure != null) {
            endpoint.group.deliver(endpoint, handler, attachment, null, failure);
            return;
        }
        connector.setHandler(handler, attachment, 0);
        connector.start();
    }

    /** Returns why the connect fails at once, or null. */
    private Throwable beginConnect(SocketAddress remote) {
        if (!endpoint.isOpen()) {
            return new ClosedChannelException();
        }
        SocketAddress address = Sockets.check(remote);
        if (!endpoint.is(Endpoint.UNCONNECTED)) {
            throw new AlreadyConnectedException();
        }
        int hindrance = endpoint.tryBegin(Endpoint.CONNECTING, Endpoint.CLOSED | Endpoint.READ_KILLED);
        if ((hindrance & Endpoint.CLOSED) != 0) {
            return new ClosedChannelException();
        }
        if (!endpoint.is(Endpoint.UNCONNECTED)) {
            if (hindrance == 0) {
                endpoint.clear(Endpoint.CONNECTING);
            }
            throw new AlreadyConnectedException();
        }
        if (hindrance != 0) {
            throw new ConnectionPendingException();
        }
        try {
            int family = endpoint.use(socket -> socket.prepareFor(address));
            connector.setRemote(address, family);
            remoteAddress = address;
            return null;
        } catch (IOException e) {
            endpoint.clear(Endpoint.CONNECTING);
            endpoint.close();
            return e instanceof ClosedChannelException ? new AsynchronousCloseException() : e;
        } catch (Throwable e) {
            endpoint.clear(Endpoint.CONNECTING);
            throw e;
        }
    }

    // ---- read

    @Override
    public Future<Integer> read(ByteBuffer dst) {
        checkWritable(dst);
        return transfer(Direction.READ, dst);
    }

    @Override
    public <A> void read(ByteBuffer dst, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        checkWritable(dst);
        transfer(Direction.READ, dst, timeout, unit, attachment, handler);
    }

    @Override
    public <A> void read(ByteBuffer[] dsts, int offset, int length, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Long, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        ByteBuffer[] buffers = part(dsts, offset, length);
        for (ByteBuffer buffer : buffers) {
            checkWritable(buffer);
        }
        transferAll(Direction.READ, buffers, timeout, unit, attachment, handler);
    }

    private static void checkWritable(ByteBuffer dst) {
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    // ---- write

    @Override
    public Future<Integer> write(ByteBuffer src) {
        return transfer(Direction.WRITE, src);
    }

    @Override
    public <A> void write(ByteBuffer src, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        transfer(Direction.WRITE, src, timeout, unit, attachment, handler);
    }

    @Override
    public <A> void write(ByteBuffer[] srcs, int offset, int length, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Long, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        transferAll(Direction.WRITE, part(srcs, offset, length), timeout, unit, attachment, handler);
    }

    // ---- either

    /** Of a time limit; one that is none needs no unit. */
    private static long nanos(long timeout, TimeUnit unit) {
        return timeout > 0 ? unit.toNanos(timeout) : 0;
    }

    private static ByteBuffer[] part(ByteBuffer[] buffers, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        return Arrays.copyOfRange(buffers, offset, offset + length);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Future<Integer> transfer(Direction direction, ByteBuffer buffer) {
        int hindrance = begin(direction, buffer.hasRemaining());
        if (hindrance != 0) {
            return OperationFuture.settled((Integer) immediateResult(hindrance, false),
                    immediateFailure(hindrance));
        }
        TransferOperation operation = operation(direction);
        Throwable refusal = prepare(operation, buffer, null, null, 0);
        if (refusal != null) {
            return OperationFuture.settled(null, refusal);
        }
        Future future = operation.future();
        if (!operation.isWorthTrying() || !endpoint.loop.tryAtOnce(operation)) {
            operation.start();
            // A handler may begin the next one at once, as it can with the JDK's provider.
            endpoint.loop.submitIfLeading();
        }
        return future;
    }

    private <A> void transfer(Direction direction, ByteBuffer buffer, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        long timeoutNanos = nanos(timeout, unit);
        int hindrance = begin(direction, buffer.hasRemaining());
        if (hindrance != 0) {
            endpoint.group.deliver(endpoint, handler, attachment, immediateResult(hindrance, false),
                    immediateFailure(hindrance));
            return;
        }
        TransferOperation operation = operation(direction);
        Throwable refusal = prepare(operation, buffer, handler, attachment, timeoutNanos);
        if (refusal != null) {
            endpoint.group.deliver(endpoint, handler, attachment, null, refusal);
            return;
        }
        operation.start();
    }

    /**
     * Describes a transfer whose busy flag is set, for a handler or, without one, for a future.
     *
     * @return why the buffer cannot be used, or null; the operation does not begin then, nor if there is no memory for this
     */
    private static Throwable prepare(TransferOperation operation, ByteBuffer buffer,
            CompletionHandler<Integer, ?> handler, Object attachment, long timeoutNanos) {
        boolean prepared = false;
        try {
            long start = operation.startOf(buffer);
            Throwable refusal = start != 0 ? null : refusal(buffer);
            if (refusal == null) {
                if (handler == null) {
                    operation.newFuture();
                } else {
                    operation.setHandler(handler, attachment, timeoutNanos);
                }
                operation.setBuffer(buffer, start);
                prepared = true;
            }
            return refusal;
        } finally {
            if (!prepared) {
                operation.giveUp();
            }
        }
    }

    private <A> void transferAll(Direction direction, ByteBuffer[] buffers, long timeout, TimeUnit unit, A attachment,
            CompletionHandler<Long, ? super A> handler) {
        long timeoutNanos = nanos(timeout, unit);
        boolean hasRemaining = false;
        for (ByteBuffer buffer : buffers) {
            // What is null is told in the end of the operation, as the JDK does.
            hasRemaining |= buffer == null || buffer.hasRemaining();
        }
        int hindrance = begin(direction, hasRemaining);
        if (hindrance != 0) {
            endpoint.group.deliver(endpoint, handler, attachment, immediateResult(hindrance, true),
                    immediateFailure(hindrance));
            return;
        }
        TransferOperation operation = operation(direction);
        Throwable refusal = null;
        boolean prepared = false;
        try {
            refusal = refusal(buffers);
            if (refusal == null) {
                operation.setHandler(handler, attachment, timeoutNanos);
                operation.setBuffers(buffers);
                prepared = true;
            }
        } finally {
            if (!prepared) {
                operation.giveUp();
            }
        }
        if (refusal != null) {
            endpoint.group.deliver(endpoint, handler, attachment, null, refusal);
            return;
        }
        operation.start();
    }

    /** Why one of the buffers cannot be used, or null. */
    private static Throwable refusal(ByteBuffer... buffers) {
        for (ByteBuffer buffer : buffers) {
            RuntimeException refusal = Buffers.refusal(buffer);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private TransferOperation operation(Direction direction) {
        return direction == Direction.READ ? reader : writer;
    }

    /** Stands for: nothing is in the way, but there is nothing to transfer either. */
    private static final int NOTHING_REMAINS = 1 << 31;

    /**
     * Sets the busy flag of a direction.
     *
     * @return 0 when the operation has begun; else why its outcome is certain: closed, shut down, or nothing to do
     * @throws NotYetConnectedException, IllegalStateException as the specification of the channel says
     */
    private int begin(Direction direction, boolean hasRemaining) {
        boolean reads = direction == Direction.READ;
        int busy = reads ? Endpoint.READING : Endpoint.WRITING;
        int shut = reads ? Endpoint.READ_SHUT : Endpoint.WRITE_SHUT;
        int killed = reads ? Endpoint.READ_KILLED : Endpoint.WRITE_KILLED;
        int hindrances = Endpoint.CLOSED | Endpoint.UNCONNECTED | killed | shut;
        int found = hasRemaining ? endpoint.tryBegin(busy, hindrances) : endpoint.flags(busy | hindrances);
        if ((found & Endpoint.CLOSED) != 0) {
            return Endpoint.CLOSED;
        }
        if ((found & Endpoint.UNCONNECTED) != 0) {
            throw new NotYetConnectedException();
        }
        if ((found & killed) != 0) {
            throw new IllegalStateException(direction.gerund() + " not allowed due to timeout or cancellation");
        }
        if ((found & busy) != 0) {
            throw reads ? new ReadPendingException() : new WritePendingException();
        }
        if ((found & shut) != 0) {
            return shut;
        }
        return hasRemaining ? 0 : NOTHING_REMAINS;
    }

    @SuppressWarnings("unchecked")
    private static <V extends Number> V immediateResult(int hindrance, boolean several) {
        int count = hindrance == Endpoint.READ_SHUT ? -1 : 0;
        return (V) (several ? (Number) (long) count : (Number) count);
    }

    private static Throwable immediateFailure(int hindrance) {
        return hindrance == Endpoint.CLOSED || hindrance == Endpoint.WRITE_SHUT ? new ClosedChannelException() : null;
    }

    // ---- shutdown, addresses, options, close

    @Override
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        return shutdown(SocketHandle.SHUT_RD, Endpoint.READ_SHUT);
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        return shutdown(SocketHandle.SHUT_WR, Endpoint.WRITE_SHUT);
    }

    private AsynchronousSocketChannel shutdown(int how, int flag) throws IOException {
        boolean afterWrite = endpoint.use(socket -> {
            if (endpoint.is(Endpoint.UNCONNECTED)) {
                throw new NotYetConnectedException();
            }
            if (endpoint.is(flag)) {
                return false;
            }
            boolean writing = how == SocketHandle.SHUT_WR && endpoint.is(Endpoint.WRITING);
            if (!writing) {
                socket.shutdown(how);
            }
            endpoint.set(flag);
            return writing;
        });
        if (afterWrite) {
            endpoint.shutdownOutputAfter(writer);
        }
        return this;
    }

    @Override
    public AsynchronousSocketChannel bind(SocketAddress local) throws IOException {
        endpoint.use(socket -> {
            if (isConnectionPending()) {
                throw new ConnectionPendingException();
            }
            if (currentLocalAddress(socket) != null) {
                throw new AlreadyBoundException();
            }
            socket.bind(local == null ? null : Sockets.check(local));
            boundAddress = socket.localAddress();
            return null;
        });
        return this;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return endpoint.use(this::currentLocalAddress);
    }

    /** Guarded by the endpoint. Asked for when needed: most servers never want it. */
    private SocketAddress currentLocalAddress(SocketHandle socket) throws IOException {
        if (endpoint.is(Endpoint.UNCONNECTED)) {
            return boundAddress;
        }
        if (localAddress == null) {
            localAddress = socket.localAddress();
        }
        return localAddress;
    }

    /** As with the JDK's, a connect that was cancelled keeps the channel from being connected or bound anew. */
    private boolean isConnectionPending() {
        return endpoint.is(Endpoint.UNCONNECTED) && endpoint.is(Endpoint.CONNECTING | Endpoint.READ_KILLED);
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        if (!endpoint.isOpen()) {
            throw new ClosedChannelException();
        }
        return endpoint.is(Endpoint.UNCONNECTED) ? null : remoteAddress;
    }

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        if (endpoint.isOpen() && endpoint.is(Endpoint.WRITE_SHUT) && supportedOptions().contains(name)) {
            throw new IOException("Connection has been shutdown for writing");
        }
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

    @Override
    public void close() {
        endpoint.close();
    }

    @Override
    public String toString() {
        String state;
        try {
            state = endpoint.use(this::describe);
        } catch (ClosedChannelException e) {
            state = "closed";
        }
        return getClass().getName() + '[' + state + ']';
    }

    /** Guarded by the endpoint. */
    private String describe(SocketHandle socket) {
        StringBuilder text = new StringBuilder();
        boolean connected = !endpoint.is(Endpoint.UNCONNECTED);
        if (connected) {
            text.append("connected").append(endpoint.is(Endpoint.READ_SHUT) ? " ishut" : "")
                    .append(endpoint.is(Endpoint.WRITE_SHUT) ? " oshut" : "");
        } else {
            text.append(isConnectionPending() ? "connection-pending" : "unconnected");
        }
        try {
            SocketAddress local = currentLocalAddress(socket);
            if (local != null) {
                text.append(" local=").append(local);
            }
        } catch (IOException e) {
            text.append(" local=?");
        }
        if (connected) {
            text.append(" remote=").append(remoteAddress);
        }
        return text.toString();
    }
}
