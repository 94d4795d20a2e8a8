package io.nio2uring.simulation;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.RawMemory;

/** A stream socket: unconnected, listening, or one end of a connection. Bytes arrive at the peer as soon as sent. */
final class SimSocket extends SimFile {
    enum State {
        FRESH, LISTENING, CONNECTING, CONNECTED, ENDED
    }

    /** How often a handshake is tried while the listener has no room. */
    private static final int MAX_ATTEMPTS = 10;

    final int number;
    final Map<Integer, Integer> options = new HashMap<>();
    State state = State.FRESH;
    /** Port or path that it is bound to; of a connection that of the listening end. */
    Object name = 0;
    private boolean unix;
    private int backlog;
    private final Queue<SimSocket> incoming = new ArrayDeque<>();
    private SimSocket peer;
    /** What this side sends. */
    final Stream sent;
    private final byte[] inbox;
    private int head;
    private int size;
    private boolean finReceived;
    private boolean inputShut;
    private boolean outputShut;
    private boolean reset;
    private boolean resetReported;
    /** {@code SO_ERROR}. */
    private int pendingError;

    SimSocket(Kernel kernel) {
        super(kernel);
        number = kernel.nextNumber();
        sent = new Stream(number);
        inbox = new byte[kernel.scheduler.rng.pick(1, 50, 300, 4096)];
    }

    /** Has another kind of socket take the place of one that has not been used. */
    void becomeUnix() {
        if (state != State.FRESH || isAwaited()) {
            throw kernel.scheduler.fail("replaced while in use: " + this);
        }
        unix = true;
        options.clear();
    }

    boolean isUnix() {
        return unix;
    }

    // ---- state, for requests and for the checks

    SimSocket peer() {
        return peer;
    }

    boolean isReset() {
        return reset;
    }

    /** Whether nobody will ever read what is sent, of which a Unix-domain socket is told at once. */
    boolean hasNoReader() {
        return unix && peer != null && peer.state == State.ENDED;
    }

    boolean isEnding() {
        return finReceived || inputShut;
    }

    /** Whether the peer, if there is one, can see that nothing more will come. */
    boolean showsItsEnd() {
        return state != State.CONNECTED || outputShut || reset;
    }

    boolean isInputShut() {
        return inputShut;
    }

    boolean canReceive() {
        return size > 0 || finReceived || inputShut || reset || state != State.CONNECTED;
    }

    boolean canSend() {
        return state != State.CONNECTED && state != State.CONNECTING || reset || outputShut
                || peer != null && (peer.size < peer.inbox.length || peer.state == State.ENDED);
    }

    /** Whether another receive would find something at once. */
    boolean hasMore() {
        return size > 0 || finReceived || inputShut;
    }

    boolean canAccept() {
        return state != State.LISTENING || !incoming.isEmpty();
    }

    boolean hasHandshakeEnded() {
        return state != State.CONNECTING;
    }

    @Override
    int poll() {
        return (canReceive() ? SocketConstant.POLLIN : 0) | (canSend() ? SocketConstant.POLLOUT : 0);
    }

    int takeError() {
        int error = pendingError;
        pendingError = 0;
        return error;
    }

    // ---- calls

    int listen(int newBacklog) {
        state = State.LISTENING;
        backlog = newBacklog;
        return 0;
    }

    /** Begins a handshake: 0, or {@code -errno}. */
    int connect(Object to) {
        switch (state) {
            case CONNECTING -> {
                return -Errno.EALREADY;
            }
            case CONNECTED, ENDED -> {
                return -Errno.EISCONN;
            }
            default -> {
                state = State.CONNECTING;
                hold();
                kernel.later(() -> {
                    shake(to, MAX_ATTEMPTS);
                    drop();
                });
                return 0;
            }
        }
    }

    private void shake(Object to, int attempts) {
        if (state != State.CONNECTING) {
            return;
        }
        SimSocket listener = kernel.listener(to);
        if (listener == null || attempts == 0) {
            state = State.FRESH;
            pendingError = listener == null ? Errno.ECONNREFUSED : Errno.ETIMEDOUT;
        } else if (listener.incoming.size() > listener.backlog) {
            // The handshake is repeated until there is room.
            hold();
            kernel.scheduler.in(3_000_000, () -> {
                shake(to, attempts - 1);
                drop();
            });
            return;
        } else {
            SimSocket other = new SimSocket(kernel);
            other.hold();
            other.state = State.CONNECTED;
            state = State.CONNECTED;
            peer = other;
            other.peer = this;
            other.name = to;
            other.unix = unix;
            listener.incoming.add(other);
            listener.changed();
        }
        changed();
    }

    /** Takes the next connection, whose reference passes to the caller; null for none. */
    SimSocket accept() {
        return incoming.poll();
    }

    int receive(byte[] target) {
        if (size > 0) {
            int count = Math.min(size, target.length);
            for (int i = 0; i < count; i++) {
                target[i] = inbox[(head + i) % inbox.length];
            }
            head = (head + count) % inbox.length;
            size -= count;
            peer.changed();
            return count;
        }
        if (reset && !resetReported) {
            resetReported = true;
            return -Errno.ECONNRESET;
        }
        return state == State.CONNECTED || state == State.ENDED ? 0 : -Errno.ENOTCONN;
    }

    int send(long address, int length) {
        if (reset || outputShut || state != State.CONNECTED) {
            boolean first = reset && !resetReported;
            resetReported |= reset;
            return first ? -Errno.ECONNRESET : -Errno.EPIPE;
        }
        if (hasNoReader()) {
            return -Errno.EPIPE;
        }
        if (peer.state == State.ENDED) {
            // The first bytes to somebody who has gone are sent; what comes back is a reset.
            peerGone();
            return length;
        }
        int count = Math.min(length, peer.inbox.length - peer.size);
        for (int i = 0; i < count; i++) {
            peer.inbox[(peer.head + peer.size + i) % peer.inbox.length] = RawMemory.getByte(address + i);
        }
        peer.size += count;
        peer.changed();
        return count;
    }

    private void peerGone() {
        reset = true;
        size = 0;
        changed();
    }

    int shutdown(int how) {
        if (state == State.LISTENING && how != SocketConstant.SHUT_WR) {
            stopListening();
            changed();
            return 0;
        }
        if (state == State.CONNECTING) {
            state = State.FRESH;
            pendingError = Errno.ECONNABORTED;
            changed();
            return 0;
        }
        if (state != State.CONNECTED || reset) {
            return -Errno.ENOTCONN;
        }
        if (how != SocketConstant.SHUT_WR) {
            inputShut = true;
        }
        if (how != SocketConstant.SHUT_RD && !outputShut) {
            outputShut = true;
            peer.finReceived = true;
            peer.changed();
        }
        changed();
        return 0;
    }

    /** The network, or the peer, tears the connection. */
    void tear() {
        if (state == State.CONNECTED) {
            peerGone();
            peer.peerGone();
        }
    }

    private void stopListening() {
        state = State.FRESH;
        kernel.unbind(this);
        for (SimSocket each; (each = incoming.poll()) != null;) {
            each.tear();
            each.drop();
        }
    }

    @Override
    void released() {
        if (state == State.LISTENING) {
            stopListening();
        }
        kernel.unbind(this);
        if (state == State.CONNECTED) {
            state = State.ENDED;
            if (size > 0) {
                // Unread bytes: the peer is told that they are lost.
                peer.peerGone();
            } else {
                peer.finReceived = true;
                peer.changed();
            }
        } else {
            state = State.ENDED;
        }
    }

    @Override
    public String toString() {
        return "socket " + number + " " + state + (reset ? " reset" : "") + (finReceived ? " fin received" : "")
                + (inputShut ? " input shut" : "") + (outputShut ? " output shut" : "") + ", " + size + " of "
                + inbox.length + " bytes to read";
    }
}
