package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

/** Without this the other tests of the package could pass on the wrong provider. */
@TimeLimit
class ProviderUnderTestTest {
    @Test
    void theChannelsOfTheseTestsAreOfTheProviderThatTheBuildNames() throws Exception {
        String expected = System.getProperty("java.nio.channels.spi.AsynchronousChannelProvider",
                "io.nio2uring.UringAsynchronousChannelProvider");
        AsynchronousChannelProvider provider = AsynchronousChannelProvider.provider();
        assertEquals(expected, provider.getClass().getName());
        try (TestGroup group = new TestGroup(GroupKind.FIXED_1);
                AsynchronousServerSocketChannel listener = group.listen();
                AsynchronousSocketChannel channel = group.open()) {
            assertSame(provider, listener.provider());
            assertSame(provider, channel.provider());
        }
        AsynchronousChannelGroup group = GroupKind.CACHED.open();
        assertSame(provider, group.provider());
        group.shutdown();
        // Tests of other classes count what is there.
        assertTrue(group.awaitTermination(20, TimeUnit.SECONDS));
    }
}
