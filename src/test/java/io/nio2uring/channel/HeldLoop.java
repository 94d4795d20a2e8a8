package io.nio2uring.channel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import io.nio2uring.loop.Command;
import io.nio2uring.loop.EventLoop;

/**
 * A loop that stands still between two of its turns, under its ownership, so that nobody takes it over: what is posted
 * meanwhile, it meets in one turn. Allocates nothing on the loop's thread.
 */
public final class HeldLoop extends Command implements AutoCloseable {
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean over;
    private volatile Thread held;

    /** Returns when the loop stands still. */
    public HeldLoop(EventLoop loop) {
        if (!loop.execute(this)) {
            throw new AssertionError("the loop has ended");
        }
        Waits.until(() -> begun.getCount() == 0, "the loop to be held");
    }

    @Override
    protected void run(EventLoop loop) {
        held = Thread.currentThread();
        begun.countDown();
        while (!over) {
            LockSupport.park(this);
        }
    }

    /** Lets the loop go on. */
    @Override
    public void close() {
        over = true;
        LockSupport.unpark(held);
    }
}
