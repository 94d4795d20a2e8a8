package io.nio2uring.loop;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/**
 * A channel of {@code java.nio} with the operations that wait for its readiness, on the portable engine. Used under
 * ownership of its loop; {@link #isWatched} and, while that is false, {@link #close} by any thread.
 */
public final class Registration {
    /** What an operation on incoming data, or connections, may wait for; the rest is on outgoing data. */
    static final int INPUT = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;

    final SelectableChannel channel;
    SelectorDriver driver;
    SelectionKey key;
    /** What the selector looks for; may be more than is waited for. */
    int interest;
    Operation input;
    Operation output;

    /**
     * Makes a registration that no selector knows of.
     *
     * @param channel in non-blocking mode
     */
    public Registration(SelectableChannel channel) {
        this.channel = channel;
    }

    /**
     * Tells whether a selector holds the channel: then it may be closed under ownership of the loop only.
     *
     * @return true since the first wait
     */
    public boolean isWatched() {
        return channel.isRegistered();
    }

    /**
     * Closes the channel; its descriptor is released when this returns.
     *
     * @throws IOException as the channel says
     */
    public void close() throws IOException {
        try {
            if (driver != null) {
                // Before the close: a channel that a selector holds says goodbye when it is closed, also when there are
                // bytes that nobody has read, which is an end by reset; and its descriptor stays open.
                key.cancel();
                driver.forgetCancelled();
            }
        } finally {
            channel.close();
        }
    }
}
