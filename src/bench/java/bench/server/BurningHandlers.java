package bench.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * How many handlers that each burn a millisecond of processor time a group gets through, beside a group with one thread.
 * One message is in flight on each connection. Of the other group's connections every second one is idle, so that where a
 * provider divides them among threads by turns the busy ones all are one thread's.
 */
final class BurningHandlers implements HandOver.Measure {
    private static final long BURN_NANOS = 1_000_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<Connection> ofOneThread;
    private final List<Connection> measured = new ArrayList<>();

    BurningHandlers(AsynchronousChannelGroup oneThread, AsynchronousChannelGroup group, int handlers)
            throws IOException, InterruptedException {
        ofOneThread = Connection.open(oneThread, handlers, BurningHandlers::burn);
        List<Connection> all = Connection.open(group, 2 * handlers, BurningHandlers::burn);
        for (int i = 0; i < all.size(); i += 2) {
            measured.add(all.get(i));
        }
    }

    /** Processor time, not time: two threads on one processor must not look like two processors. */
    private static void burn() {
        long start = THREADS.getCurrentThreadCpuTime();
        while (THREADS.getCurrentThreadCpuTime() - start < BURN_NANOS) {
            Thread.onSpinWait();
        }
    }

    @Override
    public String measure(long nanos) throws IOException {
        double one = perSecond(ofOneThread, nanos / 2);
        double several = perSecond(measured, nanos / 2);
        return "one=" + one + " several=" + several;
    }

    private static double perSecond(List<Connection> connections, long nanos) throws IOException {
        long start = System.nanoTime();
        long messages = 0;
        for (Connection connection : connections) {
            connection.send(1);
        }
        while (System.nanoTime() - start < nanos) {
            for (Connection connection : connections) {
                connection.expect(1);
                connection.send(1);
                messages++;
            }
        }
        for (Connection connection : connections) {
            connection.expect(1);
            messages++;
        }
        return messages * 1e9 / (System.nanoTime() - start);
    }
}
