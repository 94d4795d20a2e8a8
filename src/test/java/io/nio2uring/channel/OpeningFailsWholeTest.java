package io.nio2uring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import io.nio2uring.UringAsynchronousChannelProvider;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.Polling;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.traffic.OpenFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group that cannot be opened leaves nothing: no ring, no memory, no thread; and says why. */
class OpeningFailsWholeTest {
    private static final AsynchronousChannelProvider PROVIDER = new UringAsynchronousChannelProvider();

    private Map<String, Integer> files;
    private long bytes;

    @BeforeEach
    void count() throws IOException {
        OpenGroup.fixed(1).close();
        files = OpenFiles.byKind();
        bytes = NativeMemory.allocatedBytes();
    }

    private void assertNothingIsLeft() {
        OpenFiles.untilBackTo(files);
        Waits.until(() -> NativeMemory.allocatedBytes() == bytes, "release of the memory");
        assertEquals(List.of(), Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("unlucky")).toList(), "threads");
    }

    /** Only the kernel knows which ones there are; the message names the property. */
    @Test
    void aProcessorThatThereIsNotIsNamed() {
        Polling polling = new Polling(0, true, 1, 8191, 0);
        String message = assertThrows(IOException.class, () -> OpenGroup.fixed(1, LoopOptions.DEFAULT.with(polling)))
                .getMessage();
        assertTrue(message.startsWith("nio2uring.sqpoll.cpu is 8191, ") && message.contains("EINVAL"), message);
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aThreadThatCannotBeCreatedReleasesTheRings(int created) {
        OutOfMemoryError none = new OutOfMemoryError("unable to create native thread");
        AtomicInteger asked = new AtomicInteger();
        ThreadFactory factory = task -> {
            if (asked.getAndIncrement() >= created) {
                throw none;
            }
            return Thread.ofPlatform().daemon().name("unlucky").unstarted(task);
        };
        assertSame(none, assertThrows(OutOfMemoryError.class,
                () -> RingChannelGroup.fixed(PROVIDER, 2, factory, LoopOptions.DEFAULT)));
        Waits.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("unlucky")), "end of the thread that was created");
        assertNothingIsLeft();
    }
}
