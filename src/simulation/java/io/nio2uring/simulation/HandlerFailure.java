package io.nio2uring.simulation;

/** What the users' handlers throw. */
final class HandlerFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    HandlerFailure() {
        super("a handler throws", null, false, false);
    }
}
