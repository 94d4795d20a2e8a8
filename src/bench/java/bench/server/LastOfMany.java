package bench.server;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** How long it takes until the last of many handlers is reached, each of which blocks until it is. */
final class LastOfMany implements HandOver.Measure {
    private final List<Connection> connections;
    private final CyclicBarrier all;

    LastOfMany(AsynchronousChannelGroup group, int handlers) throws IOException, InterruptedException {
        all = new CyclicBarrier(handlers);
        connections = Connection.open(group, handlers, this::block);
    }

    private void block() {
        try {
            all.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Once, however long that takes: how long is what is measured. */
    @Override
    public String measure(long nanos) throws IOException {
        long start = System.nanoTime();
        for (Connection connection : connections) {
            connection.send(1);
        }
        connections.forEach(connection -> connection.expect(1));
        return "reachNanos=" + (System.nanoTime() - start);
    }
}
