package io.nio2uring;

import io.nio2uring.loop.EventLoop;
import io.nio2uring.ring.RingParameters;

/** A loop as JMX shows it. */
record ManagedLoop(EventLoop loop) implements LoopMXBean {
    @Override
    public String getState() {
        return loop.state();
    }

    @Override
    public String getRingFlags() {
        return RingParameters.flagNames(loop.statistics().setupFlags());
    }

    @Override
    public int getOperationsInFlight() {
        return loop.statistics().inFlight();
    }

    @Override
    public int getOperationsWaiting() {
        return loop.statistics().waiting();
    }

    @Override
    public int getOperationsToDeliver() {
        return loop.statistics().toDeliver();
    }

    @Override
    public long getSubmitted() {
        return loop.statistics().entriesSubmitted();
    }

    @Override
    public long getCompleted() {
        return loop.statistics().completionsReaped();
    }

    @Override
    public long getEnters() {
        return loop.statistics().enterCalls();
    }

    @Override
    public long getHandOvers() {
        return loop.statistics().handOvers();
    }

    @Override
    public long getHandlersCalled() {
        return loop.statistics().deliveries();
    }

    @Override
    public int getBuffersInUse() {
        return loop.statistics().buffersInUse();
    }

    @Override
    public String dump() {
        return loop.dump();
    }
}
