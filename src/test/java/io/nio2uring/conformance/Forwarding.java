package io.nio2uring.conformance;

import java.nio.channels.CompletionHandler;

/** Gives an outcome to the first of two handlers, or to the second once the operation has been found pending. */
final class Forwarding implements CompletionHandler<Integer, Object> {
    private final CompletionHandler<Integer, Object> soon;
    private final CompletionHandler<Integer, Object> later;
    private boolean pending;
    private boolean arrived;

    Forwarding(CompletionHandler<Integer, Object> soon, CompletionHandler<Integer, Object> later) {
        this.soon = soon;
        this.later = later;
    }

    /** Turns to the second handler; false when the outcome has come already. */
    synchronized boolean becomePending() {
        pending = !arrived;
        return pending;
    }

    private synchronized CompletionHandler<Integer, Object> target() {
        arrived = true;
        return pending ? later : soon;
    }

    @Override
    public void completed(Integer result, Object attachment) {
        target().completed(result, attachment);
    }

    @Override
    public void failed(Throwable failure, Object attachment) {
        target().failed(failure, attachment);
    }
}
