package io.nio2uring.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.nio2uring.UringAsynchronousChannelProvider;

/**
 * Who serves: proves by the provider, by its figures and by the open rings of this process that a piece of software ran
 * on the engine under test. To be created before that software opens its channel group.
 */
public final class Served {
    private static final Pattern LOOP = Pattern.compile("^loop (\\S+): |^  done: \\d+ submitted, (\\d+) completed",
            Pattern.MULTILINE);

    private final Engine engine = Engine.underTest();
    private final AsynchronousChannelProvider provider;
    /** By the name of the loop. Software that has ended may have left some, which go at a time of their own. */
    private final Map<String, Long> completions;

    /** Notes what the engine has done so far. */
    public Served() throws IOException {
        provider = engine.provider();
        completions = completions();
    }

    /**
     * Fails unless the engine under test has served since then. To be called while the software's group is open.
     *
     * @param leastCompletions outcomes that it must have delivered at least
     */
    public void assertSince(long leastCompletions) throws IOException {
        if (engine != Engine.JDK) {
            Set<String> loops = completions().keySet();
            assertFalse(completions.keySet().containsAll(loops), () -> "no loops but those of before: " + loops);
        }
        assertDeliveredSince(leastCompletions);
    }

    /** The same of software whose group may have been open before. */
    public void assertDeliveredSince(long leastCompletions) throws IOException {
        engine.provider();
        Map<String, Long> now = completions();
        if (engine != Engine.JDK) {
            long more = now.entrySet().stream()
                    .mapToLong(loop -> loop.getValue() - completions.getOrDefault(loop.getKey(), 0L)).sum();
            assertTrue(more >= leastCompletions, () -> more + " operations completed: " + completions + ", " + now);
        }
        if (engine == Engine.URING) {
            assertTrue(rings() >= now.size(), () -> "each loop has a ring: " + now);
        } else {
            assertEquals(0, rings(), "rings of io_uring in use");
        }
    }

    private Map<String, Long> completions() {
        Map<String, Long> byLoop = new TreeMap<>();
        if (provider instanceof UringAsynchronousChannelProvider ours) {
            String loop = null;
            for (Matcher matcher = LOOP.matcher(ours.dump()); matcher.find();) {
                if (matcher.group(1) != null) {
                    loop = matcher.group(1);
                } else {
                    byLoop.put(loop, Long.valueOf(matcher.group(2)));
                }
            }
        }
        return byLoop;
    }

    private static long rings() throws IOException {
        return Resources.openFiles().stream().filter(name -> name.contains("[io_uring]")).count();
    }
}
