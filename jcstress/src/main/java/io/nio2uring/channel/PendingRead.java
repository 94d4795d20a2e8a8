package io.nio2uring.channel;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A channel's pending read with a future: the product's {@link Endpoint}, {@link TransferOperation} and
 * {@link OperationFuture}, of which the tests leave out only what needs a descriptor and a ring.
 */
abstract class PendingRead {
    /** What the kernel reports as transferred; the product then moves the position of the user's buffer. */
    static final int COUNT = 5;

    /** Of a buffer on the heap. */
    private static final long NO_ADDRESS = 0;

    final Endpoint endpoint = new Endpoint(null, null, null, DescriptorSocket.connected(-1), ChannelState.READING);
    final TransferOperation read = new TransferOperation(endpoint, Direction.READ);
    final OperationFuture<Number> future = read.newFuture();
    final ByteBuffer buffer = ByteBuffer.allocate(8);

    PendingRead() {
        read.setBuffer(buffer, NO_ADDRESS);
    }

    /** Fills the object in for another read, as the channel does once it has taken the busy flag. */
    final void beginAnother() {
        read.newFuture();
        read.setBuffer(buffer, NO_ADDRESS);
    }

    /** Whether the object has all that a read needs: a future, and a buffer, without which a value is a long. */
    final boolean isWhole() {
        return read.hasFuture() && read.value() instanceof Integer;
    }

    /** The user cancels, and looks at the buffer, which is the user's again. jcstress takes actors from no superclass. */
    final void cancel(LLLL_Result result) {
        result.r1 = future.withdraw();
        result.r2 = buffer.position();
    }

    /** What there is to see once all actors have ended. */
    final void examine(LLLL_Result result) {
        result.r3 = outcome();
        result.r4 = buffer.position();
    }

    /** The outcome in one word. */
    final String outcome() {
        if (!future.isSettled()) {
            return "none";
        }
        try {
            return "done " + future.outcome();
        } catch (CancellationException e) {
            return "cancelled";
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AsynchronousCloseException) {
                return "closed";
            }
            return e.getCause() instanceof InterruptedByTimeoutException ? "timed out" : "failed";
        }
    }
}
