package io.nio2uring.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.Future;

import io.nio2uring.UringAsynchronousChannelProvider;
import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.api.Test;

/** The examples in the Javadoc of the provider do what is said of them. */
@TimeLimit
class ProviderSnippetsTest {
    @Test
    void theProviderServesChannelsOfItsOwnGroup() throws Exception {
        UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
        try (AsynchronousServerSocketChannel server = provider.openAsynchronousServerSocketChannel(null)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Future<AsynchronousSocketChannel> accepted = server.accept();
            Thread.ofVirtual().start(() -> {
                try (AsynchronousSocketChannel peer = accepted.get()) {
                    assertTrue(ProviderSnippets.dump(peer).contains("loop "), "the dump names loops");
                    peer.write(ByteBuffer.wrap(new byte[] {1, 2, 3})).get();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            ByteBuffer buffer = ByteBuffer.allocate(16);
            assertEquals(3, ProviderSnippets.read(server.getLocalAddress(), buffer));
            assertTrue(ProviderSnippets.completionsPerCall(provider) > 0);
        }
    }
}
