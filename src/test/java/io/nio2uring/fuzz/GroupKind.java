package io.nio2uring.fuzz;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** The kinds of channel groups that programs use. */
enum GroupKind {
    DEFAULT, FIXED_OF_ONE, FIXED_OF_THREE, CACHED, CUSTOM, VIRTUAL;

    /** Opens a group; null stands for the default group. */
    AsynchronousChannelGroup open(AsynchronousChannelProvider provider) throws IOException {
        ThreadFactory daemons = Thread.ofPlatform().daemon().name("fuzz-" + name()).factory();
        return switch (this) {
            case DEFAULT -> null;
            case FIXED_OF_ONE -> provider.openAsynchronousChannelGroup(1, daemons);
            case FIXED_OF_THREE -> provider.openAsynchronousChannelGroup(3, daemons);
            case CACHED -> provider.openAsynchronousChannelGroup(Executors.newCachedThreadPool(daemons), 1);
            case CUSTOM -> provider.openAsynchronousChannelGroup(Executors.newFixedThreadPool(3, daemons), 0);
            case VIRTUAL ->
                    provider.openAsynchronousChannelGroup(Executors.newVirtualThreadPerTaskExecutor(), 0);
        };
    }
}
