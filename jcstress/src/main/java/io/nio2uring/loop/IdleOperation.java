package io.nio2uring.loop;

import io.nio2uring.ring.IoUring;

/** An operation that is only a holder of a slot. */
final class IdleOperation extends Operation {
    @Override
    protected boolean mayStart() {
        return false;
    }

    @Override
    protected boolean prepare(IoUring ring, long userData) {
        return false;
    }

    @Override
    protected Verdict complete(int result, int flags) {
        return Verdict.DONE;
    }

    @Override
    protected Verdict abort(Throwable cause) {
        throw new AssertionError("never started");
    }

    @Override
    protected void expire() {
        throw new AssertionError("without time limit");
    }

    @Override
    protected void deliver() {
        throw new AssertionError("without outcome");
    }

    @Override
    protected String describe() {
        return "idle";
    }
}
