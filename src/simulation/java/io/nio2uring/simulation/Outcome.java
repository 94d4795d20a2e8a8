package io.nio2uring.simulation;

import java.nio.channels.CompletionHandler;

/** A user's handler: the outcome is checked, then the handler goes on as the seed says. */
final class Outcome<V> implements CompletionHandler<V, Object> {
    /** What a user does with an outcome. */
    interface Then<V> {
        void accept(V value, Throwable failure);
    }

    private static final int MAX_DIRECT = 16;

    private final Group group;
    private final Ticket ticket;
    private final Then<? super V> then;

    Outcome(Group group, Ticket ticket, Then<? super V> then) {
        this.group = group;
        this.ticket = ticket;
        this.then = then;
    }

    @Override
    public void completed(V value, Object attachment) {
        handle(value, null, attachment);
    }

    @Override
    public void failed(Throwable failure, Object attachment) {
        handle(null, failure, attachment);
    }

    private void handle(V value, Throwable failure, Object attachment) {
        World world = group.world;
        if (attachment != ticket) {
            throw world.scheduler.fail("the attachment of another operation: " + attachment);
        }
        if (!group.owns(world.scheduler.running())) {
            throw world.scheduler.fail("a handler of " + group + " on thread " + world.scheduler.running());
        }
        int depth = group.enter();
        try {
            if (depth > MAX_DIRECT + 1) {
                throw world.scheduler.fail(depth + " handlers on one stack");
            }
            ticket.settle(failure != null ? failure : value);
            group.misbehave();
            then.accept(value, failure);
            if (world.scheduler.rng.oneIn(world.executesOneIn)) {
                group.execute();
            }
            group.misbehave();
        } finally {
            group.leave();
        }
    }
}
