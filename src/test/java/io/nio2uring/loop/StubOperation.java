package io.nio2uring.loop;

import io.nio2uring.ring.IoUring;

/** An operation for tests of what holds operations: it is never submitted. */
final class StubOperation extends Operation {
    final int number;

    StubOperation(int number) {
        this.number = number;
    }

    StubOperation withDeadline(long nanoTime) {
        hasDeadline = true;
        deadlineNanos = nanoTime;
        return this;
    }

    @Override
    protected boolean mayStart() {
        throw new AssertionError("not submitted");
    }

    @Override
    protected boolean prepare(IoUring ring, long userData) {
        throw new AssertionError("not submitted");
    }

    @Override
    protected Verdict complete(int result, int flags) {
        throw new AssertionError("not submitted");
    }

    @Override
    protected Verdict abort(Throwable cause) {
        throw new AssertionError("not submitted");
    }

    @Override
    protected void expire() {
        throw new AssertionError("not submitted");
    }

    @Override
    protected void deliver() {
        throw new AssertionError("not submitted");
    }

    @Override
    protected String describe() {
        return "stub " + number;
    }

    @Override
    public String toString() {
        return describe();
    }
}
