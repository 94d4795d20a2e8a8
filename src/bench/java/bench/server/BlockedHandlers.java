package bench.server;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * How much longer messages take while handlers of the same group do not return. Undisturbed spells and others take turns.
 * In the latter, messages to all those handlers that block go out just before the first of many waves, so that all that
 * the group does to go on, and the time after that, are measured again and again. A wave is one message on each of the
 * other connections, timed one by one.
 */
final class BlockedHandlers implements HandOver.Measure {
    private static final int CONNECTIONS = 64;
    private static final int WAVES = 20;

    private final List<Connection> served;
    private final List<Connection> blocking;
    private volatile CountDownLatch entered;
    private volatile CountDownLatch release;
    private int message;

    BlockedHandlers(AsynchronousChannelGroup group, int handlers) throws IOException, InterruptedException {
        served = Connection.open(group, CONNECTIONS, () -> {});
        blocking = Connection.open(group, handlers, this::block);
    }

    private void block() {
        entered.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String measure(long nanos) throws IOException, InterruptedException {
        Times usual = new Times();
        Times blocked = new Times();
        long start = System.nanoTime();
        do {
            spell(usual);
            entered = new CountDownLatch(blocking.size());
            release = new CountDownLatch(1);
            for (Connection connection : blocking) {
                connection.send(1);
            }
            spell(blocked);
            entered.await();
            release.countDown();
            blocking.forEach(connection -> connection.expect(1));
        } while (System.nanoTime() - start < nanos);
        return "messages=" + blocked.count + " " + usual.words("usual") + " " + blocked.words("blocked");
    }

    private void spell(Times times) throws IOException {
        long[] sent = new long[served.size()];
        for (int wave = 0; wave < WAVES; wave++) {
            message = message + 1 & 0xff;
            for (int i = 0; i < sent.length; i++) {
                sent[i] = System.nanoTime();
                served.get(i).send(message);
            }
            for (int i = 0; i < sent.length; i++) {
                served.get(i).expect(message);
                times.add(System.nanoTime() - sent[i]);
            }
        }
    }

    /** All of them: the longest one is asked for, and the median. */
    private static final class Times {
        private long[] nanos = new long[1 << 16];
        private int count;

        void add(long time) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = time;
        }

        String words(String name) {
            Arrays.sort(nanos, 0, count);
            return name + "MedianNanos=" + nanos[count / 2] + " " + name + "LongestNanos=" + nanos[count - 1];
        }
    }
}
