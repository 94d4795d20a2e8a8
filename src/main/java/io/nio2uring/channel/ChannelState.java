package io.nio2uring.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a channel is doing and what it may do: one word of flags that changes by compare-and-set.
 *
 * <p>A <em>busy</em> flag is set by the thread that starts an operation and cleared when its outcome is about to be
 * delivered; the operation's object belongs to whoever set the flag, and what was written to it before the flag was
 * cleared is seen by the next who sets it. {@link #CLOSED} is set once and forbids everything that follows. As both are
 * in one word, either an operation begins before the close, which then knows of it, or it does not begin.
 */
abstract class ChannelState {
    /** Busy: a read, or an accept, is pending. */
    static final int READING = 1;
    /** Busy: a write is pending. */
    static final int WRITING = 1 << 1;
    /** Busy: a connect is pending. */
    static final int CONNECTING = 1 << 2;
    /** No peer yet: neither reading nor writing is possible. */
    static final int UNCONNECTED = 1 << 3;
    /** A read, or an accept, was abandoned (timed out, cancelled): its bytes may be lost, so no other may follow. */
    static final int READ_KILLED = 1 << 4;
    /** A write was abandoned. */
    static final int WRITE_KILLED = 1 << 5;
    /** Input was shut down. */
    static final int READ_SHUT = 1 << 6;
    /** Output was shut down. */
    static final int WRITE_SHUT = 1 << 7;
    /** Closed by the user or by a failed connect. */
    static final int CLOSED = 1 << 8;

    private static final int BUSY = READING | WRITING | CONNECTING;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ChannelState.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state;

    ChannelState(int initialState) {
        this.state = initialState;
    }

    final boolean is(int flags) {
        return (state & flags) != 0;
    }

    /** Those of the given flags that are set. */
    final int flags(int mask) {
        return state & mask;
    }

    final void set(int flags) {
        getAndSet(flags);
    }

    private int getAndSet(int flags) {
        for (;;) {
            int current = state;
            if (change(current, current | flags)) {
                return current;
            }
        }
    }

    /**
     * The one compare-and-set of each operation's beginning: where a variable handle is first used, that takes memory, and those
     * who kill or close a channel may have none.
     */
    private boolean change(int current, int next) {
        return STATE.compareAndSet(this, current, next);
    }

    final void clear(int flags) {
        STATE.getAndBitwiseAnd(this, ~flags);
    }

    /**
     * Sets a busy flag unless it, or one of the hindrances, is set.
     *
     * @return 0 when the operation may begin; else the flags that stand in the way
     */
    final int tryBegin(int busy, int hindrances) {
        for (;;) {
            int current = state;
            int inTheWay = current & (busy | hindrances);
            if (inTheWay != 0) {
                return inTheWay;
            }
            if (change(current, current | busy)) {
                return 0;
            }
        }
    }

    final boolean isOpen() {
        return !is(CLOSED);
    }

    /** What a call of {@link #markClosed} has found. */
    enum Closing {
        /** It was closed. */
        ALREADY,
        /** It is closed now, and no operation was under way, nor will one begin. */
        IDLE,
        /** It is closed now, and operations that were under way must be ended. */
        BUSY
    }

    /** Sets {@link #CLOSED}; of several callers, one is not told {@link Closing#ALREADY}. */
    final Closing markClosed() {
        int before = getAndSet(CLOSED);
        if ((before & CLOSED) != 0) {
            return Closing.ALREADY;
        }
        return (before & BUSY) == 0 ? Closing.IDLE : Closing.BUSY;
    }
}
