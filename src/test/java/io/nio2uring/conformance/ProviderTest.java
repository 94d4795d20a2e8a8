package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

class ProviderTest extends Conformance {
    private final AsynchronousChannelProvider provider = AsynchronousChannelProvider.provider();

    @Test
    void the_provider_is_the_one_that_the_run_asked_for() {
        assertEquals(System.getProperty(Provider.PROPERTY), provider.getClass().getName());
    }

    @Test
    void the_system_wide_provider_is_always_the_same_object() {
        assertSame(provider, AsynchronousChannelProvider.provider());
    }

    @Test
    void groups_and_channels_know_their_provider() throws Exception {
        TestGroup group = anyGroup();
        assertSame(provider, group.group().provider());
        assertSame(provider, socket(group).provider());
        assertSame(provider, server(group).provider());
        assertSame(provider, closing(AsynchronousSocketChannel.open()).provider());
        assertSame(provider, closing(AsynchronousServerSocketChannel.open()).provider());
    }

    @Test
    void a_provider_opens_channels_in_its_default_group_for_null() throws Exception {
        assertTrue(closing(provider.openAsynchronousSocketChannel(null)).isOpen());
        assertTrue(closing(provider.openAsynchronousServerSocketChannel(null)).isOpen());
    }

    @Test
    void the_group_of_another_provider_is_refused() {
        AsynchronousChannelGroup foreign = new ForeignGroup(new ForeignProvider());
        assertThrows(IllegalChannelGroupException.class, () -> provider.openAsynchronousSocketChannel(foreign));
        assertThrows(IllegalChannelGroupException.class, () -> provider.openAsynchronousServerSocketChannel(foreign));
    }

    @Test
    void a_group_that_only_claims_to_be_of_this_provider_is_refused() {
        AsynchronousChannelGroup impostor = new ForeignGroup(provider);
        assertThrows(IllegalChannelGroupException.class, () -> AsynchronousSocketChannel.open(impostor));
        assertThrows(IllegalChannelGroupException.class, () -> AsynchronousServerSocketChannel.open(impostor));
    }

    @Test
    void groups_refuse_bad_arguments() {
        ThreadFactory factory = Thread.ofPlatform().factory();
        assertThrows(
                IllegalArgumentException.class, () -> AsynchronousChannelGroup.withFixedThreadPool(0, factory));
        assertThrows(
                IllegalArgumentException.class, () -> AsynchronousChannelGroup.withFixedThreadPool(-1, factory));
        assertThrows(NullPointerException.class, () -> AsynchronousChannelGroup.withFixedThreadPool(1, null));
        assertThrows(NullPointerException.class, () -> AsynchronousChannelGroup.withCachedThreadPool(null, 1));
        assertThrows(NullPointerException.class, () -> AsynchronousChannelGroup.withThreadPool(null));
    }

    @Test
    void an_initial_size_may_be_negative_zero_or_large() throws IOException {
        for (int size : new int[] {-1, 0, 1, 16}) {
            ExecutorService executor = Executors.newCachedThreadPool();
            AsynchronousChannelGroup group = AsynchronousChannelGroup.withCachedThreadPool(executor, size);
            AsynchronousSocketChannel.open(group).close();
            group.shutdownNow();
            Eventually.until("the group of " + size + " has terminated", group::isTerminated);
        }
    }

    private static final class ForeignProvider extends AsynchronousChannelProvider {
        @Override
        public AsynchronousChannelGroup openAsynchronousChannelGroup(int threads, ThreadFactory factory) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AsynchronousChannelGroup openAsynchronousChannelGroup(ExecutorService executor, int initialSize) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(AsynchronousChannelGroup group) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AsynchronousSocketChannel openAsynchronousSocketChannel(AsynchronousChannelGroup group) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class ForeignGroup extends AsynchronousChannelGroup {
        ForeignGroup(AsynchronousChannelProvider provider) {
            super(provider);
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public void shutdown() {}

        @Override
        public void shutdownNow() {}

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }
}
