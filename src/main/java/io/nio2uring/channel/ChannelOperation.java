package io.nio2uring.channel;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.ShutdownChannelGroupException;

import io.nio2uring.loop.Operation;
import io.nio2uring.loop.Registration;
import io.nio2uring.sys.Errno;

/**
 * An operation of a channel, with whoever waits for its outcome: a completion handler or a future.
 *
 * <p>The handler, the future and the parameters are set by the thread that set the channel's busy flag, and belong to
 * the loop from {@code execute} on, until the busy flag is cleared.
 *
 * @param <V> type of the result
 */
abstract class ChannelOperation<V> extends Operation {
    final Endpoint endpoint;
    /** The flag of {@link Endpoint} that is set while this operation is under way. */
    private final int busy;
    /** The flags of {@link Endpoint} to be set when this operation is abandoned. */
    private final int killed;

    private CompletionHandler<V, Object> handler;
    private Object attachment;
    private OperationFuture<V> future;
    private boolean timedOut;
    /** Whether nobody is to be told of the end, and whether there is one that nobody was told of; changed under the lock. */
    private volatile boolean muted;
    private boolean unheard;
    private Throwable failure;

    ChannelOperation(Endpoint endpoint, int busy, int killed) {
        this.endpoint = endpoint;
        this.busy = busy;
        this.killed = killed;
    }

    @SuppressWarnings("unchecked")
    final void setHandler(CompletionHandler<? extends V, ?> newHandler, Object newAttachment, long timeoutNanos) {
        handler = (CompletionHandler<V, Object>) newHandler;
        attachment = newAttachment;
        timedOut = false;
        limit(timeoutNanos);
    }

    final OperationFuture<V> newFuture() {
        future = new OperationFuture<>(this);
        timedOut = false;
        limit(0);
        return future;
    }

    /** Whether the outcome goes to a future, so that the user may stop waiting, and reuse the buffer, at any time. */
    final boolean hasFuture() {
        return future != null;
    }

    /** What the outcome goes to; null for a handler. */
    final OperationFuture<V> future() {
        return future;
    }

    /** As {@link #newFuture}; if there is no memory for one, the operation does not begin. */
    final OperationFuture<V> futureOrGiveUp() {
        OperationFuture<V> made = null;
        try {
            made = newFuture();
            return made;
        } finally {
            if (made == null) {
                giveUp();
            }
        }
    }

    /** Ends before it has begun; the busy flag is the caller's, and is cleared. */
    final void giveUp() {
        future = null;
        free();
    }

    /** Begins; the busy flag is the caller's. */
    final void start() {
        // If not, another thread has closed the channel after it was found open, and its group has terminated with it.
        if (!endpoint.loop.execute(this) && fail(new AsynchronousCloseException()) == Verdict.DELIVER) {
            endpoint.group.deliver(endpoint, detach());
        }
    }

    @Override
    protected boolean mayStart() {
        return endpoint.admits(busy) && (future == null || !future.isCancelled());
    }

    @Override
    protected final void expire() {
        timedOut = true;
    }

    @Override
    protected final Verdict complete(int result, int flags) {
        Verdict verdict;
        try {
            verdict = result == -Errno.EBADR ? lost() : take(result, flags);
        } finally {
            endpoint.releaseIfClosed();
        }
        return verdict;
    }

    /** The kernel has lost the completion, so it is not known what was done. */
    private Verdict lost() {
        release();
        Verdict verdict = cancelled();
        if (verdict != Verdict.AGAIN) {
            return verdict;
        }
        if (!failsWhole()) {
            kill();
        }
        return takeFailure(new IOException("the kernel has lost the outcome of the " + kind()
                + " for lack of memory (EBADR); what it has done is not known"));
    }

    @Override
    protected final Registration registration() {
        return endpoint.socket.registration();
    }

    @Override
    protected final Verdict refused(IOException cause) {
        try {
            return endpoint.isOpen() ? takeFailure(cause) : cancelled();
        } finally {
            endpoint.releaseIfClosed();
        }
    }

    /** What follows from an error that has an exception already; the channel is open. */
    Verdict takeFailure(IOException cause) {
        return fail(cause);
    }

    @Override
    protected final Verdict abort(Throwable cause) {
        if (handler == null && future == null) {
            // It had ended, and only what comes after that has failed.
            return Verdict.DONE;
        }
        release();
        if (!failsWhole()) {
            kill();
        }
        // It may have been claimed before the error.
        return future == null || future.claim() || !future.isCancelled() ? end(failureBecauseOf(cause)) : abandon();
    }

    private Throwable failureBecauseOf(Throwable cause) {
        try {
            return new IOException(kind() + " failed: " + cause.getMessage(), cause);
        } catch (Throwable e) {
            // Such as a lack of memory. The cause will do.
            return cause;
        }
    }

    @Override
    protected final void outlived() {
        endpoint.outlived();
    }

    /** Tells whether nothing is half done when the operation has met an error, so that others of its kind may follow. */
    boolean failsWhole() {
        return false;
    }

    /** Gives back memory of ours that the kernel has let go of. */
    abstract void release();

    /** What {@link #complete} does, but for the descriptor. */
    abstract Verdict take(int result, int flags);

    /** The result when there was no failure. */
    abstract V value();

    /** Forgets parameters and result. */
    abstract void reset();

    /**
     * Claims the right to determine the outcome.
     *
     * @return false when the user has cancelled; the operation then ends without anybody to tell
     */
    final boolean claim() {
        return future == null || future.claim();
    }

    /** Ends a cancelled operation without telling anybody. */
    final Verdict abandon() {
        future = null;
        reset();
        endpoint.clear(busy);
        return Verdict.DONE;
    }

    /** Has the operation end without telling anybody: the process is about to exit. */
    final synchronized void mute() {
        muted = true;
    }

    /** Tells after all, at once if the operation has ended: somebody asks for its end, and may wait for it. */
    final void unmute() {
        synchronized (this) {
            muted = false;
            if (!unheard) {
                return;
            }
            unheard = false;
        }
        if (end(failure) == Verdict.DELIVER) {
            try {
                endpoint.group.deliver(endpoint, detach());
            } catch (ShutdownChannelGroupException e) {
                // The group has gone meanwhile, and with it all threads that could call a handler.
            }
        }
    }

    private synchronized boolean isUnheard() {
        unheard = muted;
        return muted;
    }

    /** Ends the operation; it has been claimed. */
    final Verdict end(Throwable newFailure) {
        failure = newFailure;
        if (muted && isUnheard()) {
            return Verdict.DONE;
        }
        if (future == null) {
            return Verdict.DELIVER;
        }
        OperationFuture<V> waiting = future;
        V value = newFailure == null ? value() : null;
        future = null;
        failure = null;
        reset();
        endpoint.clear(busy);
        waiting.settle(value, newFailure);
        return Verdict.DONE;
    }

    /** Claims and fails. */
    final Verdict fail(Throwable newFailure) {
        return claim() ? end(newFailure) : abandon();
    }

    /**
     * What follows from {@code -ECANCELED}: the channel was closed, the time limit passed, or the user cancelled.
     *
     * @return {@link io.nio2uring.loop.Operation.Verdict#AGAIN} when nobody asked for it: the thread that submitted the
     *         operation has died, and the kernel with it cancelled what it had in flight
     */
    final Verdict cancelled() {
        if (!endpoint.isOpen()) {
            return fail(new AsynchronousCloseException());
        }
        if (timedOut) {
            kill();
            return fail(new InterruptedByTimeoutException());
        }
        if (future != null && future.isCancelled()) {
            return abandon();
        }
        return Verdict.AGAIN;
    }

    /** Forbids further operations of the kind: what this one was doing when it was abandoned is not known. */
    final void kill() {
        endpoint.set(killed);
    }

    @Override
    protected final void deliver() {
        CompletionHandler<V, Object> to = handler;
        Object with = attachment;
        Throwable because = failure;
        V value = null;
        if (because == null) {
            try {
                value = value();
            } catch (Throwable e) {
                // Such as a lack of memory for the number.
                because = e;
            }
        }
        free();
        if (because == null) {
            to.completed(value, with);
        } else {
            to.failed(because, with);
        }
    }

    @Override
    protected final Operation detach() {
        Operation outcome = new ImmediateOutcome<>(handler, attachment, failure == null ? value() : null, failure);
        free();
        return outcome;
    }

    /** From here on the next operation of the kind may begin, and use this object. */
    private void free() {
        handler = null;
        attachment = null;
        failure = null;
        reset();
        endpoint.clear(busy);
    }

    /** Name of the kind of operation, for people. */
    abstract String kind();

    @Override
    protected final String describe() {
        return kind() + (endpoint.fd < 0 ? "" : " on descriptor " + endpoint.fd) + (timedOut ? ", timed out" : "")
                + (endpoint.isOpen() ? "" : ", closing");
    }

    @Override
    protected final Object subject() {
        return endpoint.channel;
    }
}
