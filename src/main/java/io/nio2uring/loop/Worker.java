package io.nio2uring.loop;

/** A thread of the group's pool, leading loops and running completion handlers. */
abstract class Worker extends Attendant implements Runnable {
    @Override
    final boolean runsHandlers() {
        return true;
    }
}
