package io.nio2uring.snippets;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

import io.nio2uring.ProviderStatistics;
import io.nio2uring.UringAsynchronousChannelProvider;

/** What the Javadoc of the provider shows; {@link ProviderSnippetsTest} runs it. */
final class ProviderSnippets {
    private ProviderSnippets() {}

    static int read(SocketAddress address, ByteBuffer buffer)
            throws IOException, ExecutionException, InterruptedException {
        // @start region="explicit"
        UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
        AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(2, Executors.defaultThreadFactory());
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group)) {
            channel.connect(address).get();
            return channel.read(buffer).get();
        } finally {
            group.shutdown(); // the provider has no end of its own: its groups have
        }
        // @end
    }

    static String dump(AsynchronousSocketChannel channel) {
        String text = "";
        // @start region="dump"
        if (channel.provider() instanceof UringAsynchronousChannelProvider provider) {
            text = provider.dump();
        }
        // @end
        return text;
    }

    static double completionsPerCall(UringAsynchronousChannelProvider provider) {
        // @start region="statistics"
        ProviderStatistics statistics = provider.statistics();
        return (double) statistics.completionsReaped() / Math.max(1, statistics.enterCalls());
        // @end
    }
}
