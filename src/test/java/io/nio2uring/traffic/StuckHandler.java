package io.nio2uring.traffic;

import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;

/** A handler that does not return before it is released by being closed. */
public final class StuckHandler implements CompletionHandler<Integer, Void>, AutoCloseable {
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile Thread thread;

    @Override
    public void completed(Integer count, Void attachment) {
        thread = Thread.currentThread();
        inside.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void failed(Throwable cause, Void attachment) {
        throw new AssertionError(cause);
    }

    /** Waits until it is stuck; in which thread. */
    public Thread awaitStuck() {
        Waiting.until("a handler that is stuck", () -> inside.getCount() == 0);
        return thread;
    }

    @Override
    public void close() {
        release.countDown();
    }
}
