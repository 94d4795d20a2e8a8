package io.nio2uring.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A channel group of one provider, and the means to run a piece of a program in one of its handlers. */
final class Group {
    private final AsynchronousChannelProvider provider;
    private final AsynchronousChannelGroup group;
    /** Closed: each read of it brings its exception to a handler at once. */
    private final AsynchronousSocketChannel trigger;

    Group(AsynchronousChannelProvider provider, GroupKind kind) throws IOException {
        this.provider = provider;
        group = kind.open(provider);
        trigger = provider.openAsynchronousSocketChannel(group);
        trigger.close();
    }

    AsynchronousChannelProvider provider() {
        return provider;
    }

    AsynchronousChannelGroup channelGroup() {
        return group;
    }

    /** Makes a call from within a completion handler of this group, waits for its end and passes on what it did. */
    <T> T callInHandler(Callable<T> call) throws Exception {
        Ticket<Integer> ticket = new Ticket<>();
        Object[] outcome = new Object[2];
        ticket.onArrival(() -> {
            try {
                outcome[0] = call.call();
            } catch (Throwable e) {
                outcome[1] = e;
            }
        });
        trigger.read(ByteBuffer.allocate(1), ticket.attachment(), ticket);
        Ticket.Result<Integer> result = ticket.await();
        if (!(result.failure() instanceof ClosedChannelException)) {
            throw new AssertionError("read of a closed channel: " + result, result.failure());
        }
        switch (outcome[1]) {
            case null -> {
            }
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(outcome[1]);
        }
        @SuppressWarnings("unchecked")
        T value = (T) outcome[0];
        return value;
    }

    /** Waits for the end of a group that was shut down and whose channels are closed. */
    void awaitTermination() throws InterruptedException {
        if (!group.awaitTermination(Ticket.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new HangException("group " + group + " did not terminate");
        }
    }
}
