package io.nio2uring.loop;

/**
 * Something that a thread asks a loop to do; it runs under the loop's ownership, in the order in which its producer
 * posted it. A command is an intrusive queue node: it must not be posted again before it has run.
 */
public abstract class Command {
    /** Next older command while in the queue; written by the producer before publication, then by the consumer. */
    Command next;

    /** For subclasses. */
    protected Command() {
    }

    /**
     * Runs under ownership of the loop. Must not block, must not run user code.
     *
     * @param loop the loop that the command was posted to
     */
    protected abstract void run(EventLoop loop);
}
