package io.nio2uring.loop;

import java.io.IOException;

/** Starts anew what a thread has in flight that sleeps and cannot be woken; see {@link Absentees}. */
final class Relief extends Command {
    private final Worker worker;
    private final long sleep;

    Relief(Worker worker, long sleep) {
        this.worker = worker;
        this.sleep = sleep;
    }

    @Override
    protected void run(EventLoop loop) {
        boolean relieved = false;
        try {
            relieved = loop.relieve(worker, sleep);
        } catch (IOException e) {
            // The leader meets the same and reports it.
        } finally {
            if (!relieved) {
                worker.holdsStill = true;
            }
        }
    }
}
