package io.nio2uring.simulation;

import java.util.function.BooleanSupplier;

/** An operation that a user has begun: it must have one outcome, in time. */
final class Ticket {
    private final World world;
    private final int number;
    private final String kind;
    private final Object on;
    /** Whether the kernel has something for it, or it is to end for another reason. */
    private final BooleanSupplier due;
    private Object outcome;

    Ticket(World world, int number, String kind, Object on, BooleanSupplier due) {
        this.world = world;
        this.number = number;
        this.kind = kind;
        this.on = on;
        this.due = due;
        if (world.scheduler.trace.isOn()) {
            world.scheduler.trace.add(world.scheduler, world.scheduler.undisturbed(() -> "begins " + this));
        }
    }

    void settle(Object how) {
        if (world.scheduler.trace.isOn()) {
            world.scheduler.trace.add(world.scheduler,
                    world.scheduler.undisturbed(() -> "settles " + this + ": " + how));
        }
        if (outcome != null) {
            throw world.scheduler.fail("a second outcome of " + this + ": " + how + " after " + outcome);
        }
        outcome = how == null ? "success" : how;
        world.pending.remove(this);
    }

    boolean isDue() {
        return due.getAsBoolean();
    }

    @Override
    public String toString() {
        return "operation " + number + ", " + kind + " " + on;
    }
}
