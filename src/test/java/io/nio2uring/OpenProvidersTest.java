package io.nio2uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.nio2uring.channel.RingChannelGroup;
import io.nio2uring.loop.EventLoop;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who looks when the library tells of activity sees what is the case, although nobody tells them again. */
class OpenProvidersTest {
    private interface Opening {
        AsynchronousChannelGroup open(UringAsynchronousChannelProvider provider) throws IOException;
    }

    private static Stream<Opening> groups() {
        return Stream.of(
                provider -> provider.openAsynchronousChannelGroup(2, Thread.ofPlatform().daemon().factory()),
                provider -> provider.openAsynchronousChannelGroup(Executors.newCachedThreadPool(), 0));
    }

    /** Else the thread that shows beans would stay, and wait for a garbage collection. */
    @ParameterizedTest
    @MethodSource("groups")
    void theLastOccasionFindsTheGroupGone(Opening opening) throws Exception {
        UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
        AsynchronousChannelGroup group = opening.open(provider);
        assertEquals(List.of(group), provider.openGroups());
        Looks looks = new Looks(provider);
        EventLoop.onActivity(looks);
        group.shutdown();
        assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
        assertEquals(List.of(), looks.last);
    }

    private static final class Looks implements Runnable {
        private final UringAsynchronousChannelProvider provider;
        private volatile List<RingChannelGroup> last;

        Looks(UringAsynchronousChannelProvider provider) {
            this.provider = provider;
        }

        /** Under a lock, lest a look that came earlier than another's tells later what it saw. */
        @Override
        public synchronized void run() {
            last = provider.openGroups();
        }
    }
}
