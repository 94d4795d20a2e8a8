package io.nio2uring.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.ClosedChannelException;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.loop.Command;
import io.nio2uring.loop.EventLoop;
import io.nio2uring.sys.Libc;

/**
 * The socket of a channel: its descriptor, its home loop, what it is doing, and how it is closed.
 *
 * <p><b>State.</b> One word of flags that changes by compare-and-set. A <em>busy</em> flag is set by the thread that
 * starts an operation and cleared when its outcome is about to be delivered; the operation's object belongs to
 * whoever set the flag. {@link #CLOSED} is set once and forbids everything that follows.
 *
 * <p><b>Close.</b> Closing a descriptor neither completes what the kernel has pending on it nor says goodbye to the
 * peer, since the request holds the file. So: set {@code CLOSED}; if something is in flight, shut the connection down
 * (the peer sees the end at once), have the loop cancel what is in flight, and release the descriptor when the kernel
 * has let go of the last operation. The number can therefore not have been given to another socket while an entry that
 * names it may still reach the kernel.
 */
final class Endpoint {
    /** Busy: a read, or an accept, is pending. */
    static final int READING = 1;
    /** Busy: a write is pending. */
    static final int WRITING = 1 << 1;
    /** Busy: a connect is pending. */
    static final int CONNECTING = 1 << 2;
    /** No peer yet: neither reading nor writing is possible. */
    static final int UNCONNECTED = 1 << 3;
    /** A read, or an accept, was abandoned (timed out, cancelled): its bytes may be lost, so no other may follow. */
    static final int READ_KILLED = 1 << 4;
    /** A write was abandoned. */
    static final int WRITE_KILLED = 1 << 5;
    /** Input was shut down. */
    static final int READ_SHUT = 1 << 6;
    /** Output was shut down. */
    static final int WRITE_SHUT = 1 << 7;
    /** Closed by the user or by a failed connect. */
    static final int CLOSED = 1 << 8;

    private static final int BUSY = READING | WRITING | CONNECTING;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Endpoint.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final RingChannelGroup group;
    final EventLoop loop;
    final AsynchronousChannel channel;
    final int fd;
    /** All operations that may use the descriptor; set once, before the first is started. */
    private ChannelOperation<?>[] operations = {};
    private volatile int state;
    /** Guarded by this. */
    private boolean released;

    Endpoint(RingChannelGroup group, EventLoop loop, AsynchronousChannel channel, int fd, int initialState) {
        this.group = group;
        this.loop = loop;
        this.channel = channel;
        this.fd = fd;
        this.state = initialState;
    }

    void setOperations(ChannelOperation<?>... all) {
        operations = all;
    }

    // ---- state

    boolean is(int flags) {
        return (state & flags) != 0;
    }

    /** Those of the given flags that are set. */
    int flags(int mask) {
        return state & mask;
    }

    void set(int flags) {
        STATE.getAndBitwiseOr(this, flags);
    }

    void clear(int flags) {
        STATE.getAndBitwiseAnd(this, ~flags);
    }

    /**
     * Sets a busy flag unless it, or one of the hindrances, is set.
     *
     * @return 0 when the operation may begin; else the flags that stand in the way
     */
    int tryBegin(int busy, int hindrances) {
        for (;;) {
            int current = state;
            int inTheWay = current & (busy | hindrances);
            if (inTheWay != 0) {
                return inTheWay;
            }
            if (STATE.compareAndSet(this, current, current | busy)) {
                return 0;
            }
        }
    }

    boolean isOpen() {
        return !is(CLOSED);
    }

    // ---- use of the descriptor outside of the loop

    /** Something done with the descriptor that is over when it returns. */
    interface Use<T, X extends Exception> {
        T apply(int fd) throws X;
    }

    /**
     * Uses the descriptor while it cannot be released.
     *
     * @throws ClosedChannelException when the channel is closed
     */
    synchronized <T, X extends Exception> T use(Use<T, X> use) throws ClosedChannelException, X {
        if (released || !isOpen()) {
            throw new ClosedChannelException();
        }
        return use.apply(fd);
    }

    // ---- close

    /**
     * Closes the channel; a second call does nothing.
     *
     * @return true for the first call
     */
    boolean close() {
        int before = (int) STATE.getAndBitwiseOr(this, CLOSED);
        if ((before & CLOSED) != 0) {
            return false;
        }
        if ((before & BUSY) == 0) {
            release();
            return true;
        }
        synchronized (this) {
            if (!released) {
                // Lets the peer see the end, and a listening socket give up its port, whatever the loop is busy with.
                Libc.shutdown(fd, SocketConstant.SHUT_RDWR);
            }
        }
        if (!loop.executeAndSubmit(new Close())) {
            release();
        }
        return true;
    }

    private final class Close extends Command {
        @Override
        protected void run(EventLoop eventLoop) {
            for (ChannelOperation<?> operation : operations) {
                eventLoop.cancel(operation);
            }
            releaseIfClosed();
        }
    }

    /** Releases the descriptor if the channel is closed and the kernel has let go. Under ownership of the loop. */
    void releaseIfClosed() {
        if (isOpen()) {
            return;
        }
        for (ChannelOperation<?> operation : operations) {
            if (operation.isInKernel()) {
                return;
            }
        }
        release();
    }

    private void release() {
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
            Libc.close(fd);
            notifyAll();
        }
        group.remove(this);
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
