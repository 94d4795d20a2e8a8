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
    private final IntSupplier stock;

    /** A line for a stock, which tells how many buffers can be had. */
    WaitingLine(IntSupplier stock) {
        this.stock = stock;
    }

    OperationQueue waiting() {
        return waiting;
    }

    /** How many buffers can be had at this turn; 0 when that is what an operation was refused for. */
    int stock() {
        return stock.getAsInt();
    }
}
