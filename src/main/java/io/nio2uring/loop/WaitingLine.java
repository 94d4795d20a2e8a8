package io.nio2uring.loop;

import java.util.function.IntSupplier;

/**
 * The operations of a loop that wait for a buffer out of a limited stock. First come, first served: whoever needs such
 * a buffer while others wait stands behind them. Used under ownership of the loop only.
 *
 * <p>No buffer is away for longer than a turn of the loop, so at each turn as many operations are tried again as the
 * stock can serve. Trying all of them would cost an entry for each, of which all but a few would be refused again.
 */
public final class WaitingLine {
    private final OperationQueue waiting = new OperationQueue();
    private final String kind;
    private final IntSupplier stock;

    /** A line for a stock of some kind of buffers, which tells how many of them can be had. */
    WaitingLine(String kind, IntSupplier stock) {
        this.kind = kind;
        this.stock = stock;
    }

    /** What the operations wait for, for people. */
    String kind() {
        return kind;
    }

    OperationQueue waiting() {
        return waiting;
    }

    /** How many buffers can be had at this turn; 0 when that is what an operation was refused for. */
    int stock() {
        return stock.getAsInt();
    }
}
