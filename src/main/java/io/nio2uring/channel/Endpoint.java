package io.nio2uring.channel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.jfr.Recorder;
import io.nio2uring.loop.Command;
import io.nio2uring.loop.EventLoop;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.SocketCalls;

/**
 * The socket of a channel: its descriptor, its home loop, what it is doing, and how it is closed.
 *
 * <p><b>Close.</b> Closing a descriptor neither completes what the kernel has pending on it nor says goodbye to the
 * peer, since the request holds the file. So: set {@code CLOSED}; if something is in flight, or the socket listens, shut
 * it down (the peer sees the end at once, and nobody listens any more), have the loop cancel what is in flight, and
 * release the descriptor when the kernel has let go of the last operation. The number can therefore not have been given
 * to another socket while an entry that names it may still reach the kernel.
 */
final class Endpoint extends ChannelState {
    final RingChannelGroup group;
    final EventLoop loop;
    final AsynchronousChannel channel;
    final SocketHandle socket;
    /** Of the socket, for entries of a ring. */
    final int fd;
    /** Bytes moved; written by whoever ends an operation of the direction. */
    long bytesRead;
    long bytesWritten;
    /** Address of the peer once the connection was there. */
    private volatile SocketAddress peer;
    /** All operations that may use the descriptor; set once, before the first is started. */
    private ChannelOperation<?>[] operations = {};
    /** Guarded by this. */
    private boolean released;
    /** Whether the kernel may hold the file for longer than operations last. */
    private volatile boolean outlived;
    /** There when it is needed: what lacks memory must be able to close. */
    private final Close closer = new Close();
    /** Whether nothing may go to the kernel any more; the loop's. */
    private boolean closing;

    Endpoint(RingChannelGroup group, EventLoop loop, AsynchronousChannel channel, SocketHandle socket,
            int initialState) {
        super(initialState);
        this.group = group;
        this.loop = loop;
        this.channel = channel;
        this.socket = socket;
        this.fd = socket.fd();
    }

    void setOperations(ChannelOperation<?>... all) {
        operations = all;
    }

    /** To be called when the connection can be used. */
    void connected(SocketAddress remote, boolean accepted) {
        peer = remote;
        if (Recorder.isOn()) {
            Recorder.connectionOpened(remote, loop.name(), accepted);
        }
    }

    // ---- use of the socket outside of the loop

    /** Something done with the socket that is over when it returns. */
    interface Use<T, X extends Exception> {
        T apply(SocketHandle socket) throws X;
    }

    /**
     * Uses the socket while it cannot be released.
     *
     * @throws ClosedChannelException when the channel is closed
     */
    synchronized <T, X extends Exception> T use(Use<T, X> use) throws ClosedChannelException, X {
        if (released || !isOpen()) {
            throw new ClosedChannelException();
        }
        return use.apply(socket);
    }

    /**
     * Sets an option of the socket.
     *
     * @throws UnsupportedOperationException for an option that is not of this kind of socket
     * @throws IllegalArgumentException      for a value that is not legal
     * @throws ClosedChannelException        when the channel is closed
     */
    <T> void setOption(SocketOption<T> name, T value) throws IOException {
        require(name);
        use(any -> {
            any.setOption(name, value);
            return null;
        });
    }

    /** Gets an option, with the exceptions of {@link #setOption}. */
    <T> T getOption(SocketOption<T> name) throws IOException {
        require(name);
        return use(any -> any.getOption(name));
    }

    private void require(SocketOption<?> name) {
        if (!socket.supportedOptions().contains(Objects.requireNonNull(name, "name"))) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    /**
     * Moves at once, on the calling thread, which has set the busy flag of the direction, what can be moved without waiting.
     *
     * @param errno memory for the reason of a failure
     * @return what a completion says
     */
    synchronized int move(Direction direction, long address, int lengthBytes, MemorySegment errno) {
        if (released || !isOpen()) {
            return -Errno.ECANCELED;
        }
        return direction == Direction.READ
                ? SocketCalls.recv(fd, address, lengthBytes, SocketConstant.MSG_DONTWAIT, errno)
                : SocketCalls.send(fd, address, lengthBytes,
                        SocketConstant.MSG_NOSIGNAL | SocketConstant.MSG_DONTWAIT, errno);
    }

    /** Shuts output down when what is being written has reached the socket. */
    void shutdownOutputAfter(ChannelOperation<?> write) {
        loop.executeAndSubmit(new Command() {
            @Override
            protected void run(EventLoop eventLoop) {
                eventLoop.start(write);
                try {
                    use(any -> {
                        any.shutdown(SocketHandle.SHUT_WR);
                        return null;
                    });
                } catch (IOException e) {
                    // The connection has ended meanwhile.
                }
            }
        });
    }

    // ---- close

    /**
     * Closes the channel; a second call does nothing.
     *
     * @return true for the first call
     */
    boolean close() {
        Closing found = markClosed();
        if (found == Closing.ALREADY) {
            return false;
        }
        // What is being written comes before the end.
        boolean writing = found == Closing.BUSY && is(WRITING);
        try {
            // Whoever closes it: the user, the end of its group, or a cancelled accept.
            if (channel instanceof RingServerSocketChannel listening) {
                Listeners.remove(listening);
            }
            // A server's last accept has been told of before the kernel lets go of the file.
            if (found == Closing.BUSY && !writing || channel instanceof RingServerSocketChannel) {
                hangUp();
            }
        } finally {
            // Nobody else is going to, also where memory lacked for that.
            letGo(found == Closing.IDLE, writing);
        }
        return true;
    }

    private void letGo(boolean idle, boolean writing) {
        closer.writing = writing;
        if (idle && !socket.isHeldByLoop() || !loop.executeAndSubmit(closer)) {
            release();
        }
    }

    /** Lets the peer see the end, and a listening socket give up its port, whatever the loop is busy with. */
    private synchronized void hangUp() {
        if (!released) {
            socket.hangUp();
        }
    }

    private final class Close extends Command {
        /** Whether the end is still to be told to the peer, after what is being written. */
        private boolean writing;

        @Override
        protected void run(EventLoop eventLoop) {
            try {
                if (writing) {
                    startWrite();
                    hangUp();
                }
            } finally {
                closing = true;
                end(eventLoop);
            }
        }

        private void end(EventLoop eventLoop) {
            for (ChannelOperation<?> operation : operations) {
                eventLoop.cancel(operation);
            }
            releaseIfClosed();
        }
    }

    /** Has what is being written reach the socket, which is closed: nothing else may start any more. */
    private void startWrite() {
        for (ChannelOperation<?> operation : operations) {
            if (operation.mayStart()) {
                loop.start(operation);
            }
        }
    }

    /**
     * Tells whether an operation that has begun may go to the kernel: until the channel is closed, or, a write, until the loop
     * comes to that. Many a program closes a channel without waiting for what it has just written, which the JDK's has sent
     * by then. Under ownership of the loop.
     *
     * @param busy its flag
     */
    boolean admits(int busy) {
        return isOpen() || busy == WRITING && !closing;
    }

    /** Releases the descriptor if the channel is closed and the kernel has let go. Under ownership of the loop. */
    void releaseIfClosed() {
        if (isOpen() || is(WRITING) && !closing) {
            return;
        }
        for (ChannelOperation<?> operation : operations) {
            if (operation.isInKernel()) {
                return;
            }
        }
        try {
            if (channel instanceof RingServerSocketChannel) {
                // Somebody may wait to bind the address again.
                loop.awaitFileReleases();
            }
        } finally {
            release();
        }
    }

    private void release() {
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
            if (outlived) {
                socket.hangUp();
            }
            socket.close();
            notifyAll();
        }
        if (peer != null && Recorder.isOn()) {
            Recorder.connectionClosed(peer, loop.name(), bytesRead, bytesWritten);
        }
        group.remove(this);
    }

    /** An operation goes on without the kernel's having let go of the file: the peer would not see the end by a close alone. */
    void outlived() {
        outlived = true;
    }

    /**
     * Waits until the descriptor has been released, after {@link #close}.
     *
     * @param nanos how long at most
     */
    void awaitReleased(long nanos) {
        synchronized (this) {
            if (released) {
                return;
            }
        }
        loop.aboutToBlock();
        boolean interrupted = false;
        long deadline = System.nanoTime() + nanos;
        synchronized (this) {
            for (long left = nanos; !released && left > 0; left = deadline - System.nanoTime()) {
                try {
                    wait(left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
