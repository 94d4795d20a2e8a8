package io.nio2uring.channel;

import java.nio.channels.CompletionHandler;

import io.nio2uring.loop.Operation;
import io.nio2uring.ring.IoUring;

/**
 * An outcome on its way to a handler, apart from any operation: it was certain before anything was submitted, or the
 * operation need not wait for its handler.
 */
final class ImmediateOutcome<V> extends Operation {
    private final CompletionHandler<V, Object> handler;
    private final Object attachment;
    private final V value;
    private final Throwable failure;

    @SuppressWarnings("unchecked")
    ImmediateOutcome(CompletionHandler<? super V, ?> handler, Object attachment, V value, Throwable failure) {
        this.handler = (CompletionHandler<V, Object>) handler;
        this.attachment = attachment;
        this.value = value;
        this.failure = failure;
    }

    @Override
    protected boolean mayStart() {
        return false;
    }

    @Override
    protected boolean prepare(IoUring ring, long userData) {
        throw new AssertionError("never submitted");
    }

    @Override
    protected Verdict complete(int result, int flags) {
        return Verdict.DELIVER;
    }

    /** Whatever has failed, such as memory for the loop's tables: the outcome is certain. */
    @Override
    protected Verdict abort(Throwable cause) {
        return Verdict.DELIVER;
    }

    @Override
    protected void expire() {
        throw new AssertionError("without time limit");
    }

    @Override
    protected void deliver() {
        if (failure == null) {
            handler.completed(value, attachment);
        } else {
            handler.failed(failure, attachment);
        }
        // An interrupt that it leaves is not for the handler from within which it may have been called.
        Thread.interrupted();
    }

    @Override
    protected String describe() {
        return "outcome of an operation that has ended";
    }
}
