package io.nio2uring.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.spi.AsynchronousChannelProvider;

import io.nio2uring.UringAsynchronousChannelProvider;

/**
 * Who serves: proves by the provider, by its figures and by the open rings of this process that a piece of software ran
 * on the engine under test. To be created before that software opens its channel group.
 */
public final class Served {
    private final Engine engine = Engine.underTest();
    private final AsynchronousChannelProvider provider;
    private final long loops;
    private final long completions;

    /** Notes what the engine has done so far. */
    public Served() throws IOException {
        provider = engine.provider();
        loops = loops();
        completions = completions();
    }

    /**
     * Fails unless the engine under test has served since then. To be called while the software's group is open.
     *
     * @param leastCompletions outcomes that it must have delivered at least
     */
    public void assertSince(long leastCompletions) throws IOException {
        if (engine == Engine.URING) {
            assertTrue(loops() > loops, "the software's channel group has loops on io_uring");
        }
        assertDeliveredSince(leastCompletions);
    }

    /** The same of software whose group may have been open before. */
    public void assertDeliveredSince(long leastCompletions) throws IOException {
        engine.provider();
        if (engine == Engine.URING) {
            long more = completions() - completions;
            assertTrue(more >= leastCompletions, () -> "completions by io_uring: " + more);
            assertTrue(rings() >= loops(), "each loop has a ring");
        } else {
            assertEquals(0, rings(), "rings of io_uring in use");
        }
    }

    private long loops() {
        return provider instanceof UringAsynchronousChannelProvider ours ? ours.statistics().loops() : 0;
    }

    private long completions() {
        return provider instanceof UringAsynchronousChannelProvider ours ? ours.statistics().completionsReaped() : 0;
    }

    private static long rings() throws IOException {
        return Resources.openFiles().stream().filter(name -> name.contains("io_uring")).count();
    }
}
