package io.nio2uring.channel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import io.nio2uring.abi.SocketConstant;
import io.nio2uring.ring.IoUring;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.SocketAddresses;
import io.nio2uring.sys.SocketCalls;

/** A connect. A failed one closes the channel. */
final class ConnectOperation extends ChannelOperation<Void> {
    /** As the user gave it. */
    private SocketAddress remote;
    /** The same for the kernel, with the interface that it needs. */
    private SocketAddress target;
    private int family;
    /** The address for the kernel; ours until the final completion. */
    private MemorySegment address;
    /** Whether the handshake is under way by itself, so that only its end has to be waited for. */
    private boolean awaitingEnd;
    /** Whether the connect itself is in the kernel another time. */
    private boolean submittedAgain;

    ConnectOperation(Endpoint endpoint) {
        super(endpoint, Endpoint.CONNECTING, Endpoint.READ_KILLED | Endpoint.WRITE_KILLED);
    }

    void setRemote(SocketAddress to, int socketFamily) throws SocketException {
        remote = to;
        target = Sockets.withScope(to);
        family = socketFamily;
        awaitingEnd = false;
        submittedAgain = false;
    }

    @Override
    protected boolean prepare(IoUring ring, long userData) {
        if (awaitingEnd) {
            return ring.prepPollAdd(endpoint.fd, SocketConstant.POLLOUT, false, userData);
        }
        if (address == null) {
            address = NativeMemory.calloc(SocketAddresses.MAX_BYTES);
        }
        int length = SocketAddresses.encode(target, family, address);
        return ring.prepConnect(endpoint.fd, address.address(), length, userData);
    }

    @Override
    protected int attempt() throws IOException {
        SocketChannel socket = ((SelectableSocket) endpoint.socket).stream();
        boolean connected = socket.isConnectionPending() ? socket.finishConnect() : socket.connect(target);
        return connected ? 0 : NOT_YET;
    }

    @Override
    protected int interest() {
        return SelectionKey.OP_CONNECT;
    }

    @Override
    Verdict takeFailure(IOException cause) {
        // The descriptor is released as soon as this has been dealt with.
        endpoint.set(Endpoint.CLOSED);
        return fail(cause);
    }

    @Override
    Verdict take(int result, int flags) {
        int error = -result;
        if (error == Errno.ECANCELED) {
            Verdict verdict = cancelled();
            // When the submitting thread has died: the handshake goes on, and a second connect would be refused.
            if (verdict == Verdict.AGAIN) {
                tryAgain();
            } else {
                release();
            }
            return verdict;
        }
        if (error == Errno.EINTR || error == Errno.EAGAIN || error == Errno.EINPROGRESS || error == Errno.EALREADY) {
            tryAgain();
            return Verdict.AGAIN;
        }
        if (awaitingEnd && result >= 0) {
            int[] pending = new int[1];
            int failed =
                    SocketCalls.getIntOption(endpoint.fd, SocketConstant.SOL_SOCKET, SocketConstant.SO_ERROR, pending);
            error = failed < 0 ? -failed : pending[0];
        }
        release();
        return ended(submittedAgain && error == Errno.EISCONN ? 0 : Math.max(error, 0));
    }

    /** To a path there is no handshake that could go on by itself: such a connect is done, or it has not begun. */
    private void tryAgain() {
        awaitingEnd = family != SocketConstant.AF_UNIX;
        submittedAgain = !awaitingEnd;
    }

    @Override
    void release() {
        if (address != null) {
            NativeMemory.free(address);
            address = null;
        }
    }

    private Verdict ended(int error) {
        if (!endpoint.isOpen()) {
            return cancelled();
        }
        if (error != 0) {
            return takeFailure(SocketErrors.ofConnect(error));
        }
        // Before the outcome is known to anybody: a cancelled connect leaves a connected channel that is of no use.
        endpoint.clear(Endpoint.UNCONNECTED);
        endpoint.connected(remote, false);
        return claim() ? end(null) : abandon();
    }

    @Override
    Void value() {
        return null;
    }

    @Override
    void reset() {
        // The remote address stays: it is the channel's from now on.
    }

    @Override
    String kind() {
        return "connect to " + remote;
    }
}
