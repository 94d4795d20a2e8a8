package io.nio2uring.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Hands commands from any number of threads to the one that owns the loop; lock-free, unbounded, without allocation.
 *
 * <p>A stack of linked commands: producers push with one compare-and-set, the consumer takes everything with one
 * exchange and reverses it, which restores each producer's order. Taking all at once means that no node is ever
 * removed while a producer looks at it, so there is no ABA problem.
 *
 * <p>{@code head} is written by producers (compare-and-set, a release) and by the consumer (exchange, an acquire):
 * what a producer wrote before {@link #push} is visible to the command when it runs. Both are full fences on the
 * platforms that we run on and sequentially consistent in the Java memory model, which the sleep handshake of
 * {@link EventLoop} relies on.
 */
public final class CommandQueue {
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(CommandQueue.class, "head", Command.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Stands in {@code head} once the queue is closed; never handed out. */
    private static final Command CLOSED = new Command() {
        @Override
        protected void run(EventLoop loop) {
            throw new AssertionError("the mark of a closed queue is not a command");
        }
    };

    private volatile Command head;

    /** Creates an empty, open queue. */
    public CommandQueue() {
    }

    /**
     * Adds a command.
     *
     * @param command not in any queue
     * @return false when the queue is closed; the command will not run
     */
    public boolean push(Command command) {
        for (;;) {
            Command top = head;
            if (top == CLOSED) {
                return false;
            }
            command.next = top;
            if (HEAD.compareAndSet(this, top, command)) {
                return true;
            }
        }
    }

    /**
     * Takes all commands. Consumer only.
     *
     * @return the oldest command, linked to the younger ones by {@code next}; null when there is none
     */
    public Command takeAll() {
        Command top = head;
        if (top == null || top == CLOSED) {
            return null;
        }
        top = (Command) HEAD.getAndSet(this, null);
        Command oldest = null;
        while (top != null) {
            Command older = top.next;
            top.next = oldest;
            oldest = top;
            top = older;
        }
        return oldest;
    }

    /**
     * Closes the queue if it is empty. Consumer only.
     *
     * @return true when the queue is closed now: each later {@link #push} is refused
     */
    public boolean closeIfEmpty() {
        return head == CLOSED || HEAD.compareAndSet(this, null, CLOSED);
    }

    /**
     * Tells whether there is nothing to take. Any thread.
     *
     * @return true when the queue was empty at the time of the call
     */
    public boolean isEmpty() {
        Command top = head;
        return top == null || top == CLOSED;
    }
}
