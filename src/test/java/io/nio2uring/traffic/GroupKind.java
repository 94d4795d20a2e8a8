package io.nio2uring.traffic;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

import io.nio2uring.Invariants;

/** The ways in which programs come by a channel group. */
enum GroupKind {
    DEFAULT {
        @Override
        AsynchronousChannelGroup open() {
            return null;
        }
    },
    FIXED_1 {
        @Override
        AsynchronousChannelGroup open() throws IOException {
            return AsynchronousChannelGroup.withFixedThreadPool(1, DAEMONS);
        }
    },
    FIXED_2 {
        @Override
        AsynchronousChannelGroup open() throws IOException {
            return AsynchronousChannelGroup.withFixedThreadPool(2, DAEMONS);
        }
    },
    CACHED {
        @Override
        AsynchronousChannelGroup open() throws IOException {
            return AsynchronousChannelGroup.withCachedThreadPool(Executors.newCachedThreadPool(DAEMONS), 1);
        }
    },
    USER_POOL_4 {
        @Override
        AsynchronousChannelGroup open() throws IOException {
            return on(Executors.newFixedThreadPool(4, DAEMONS));
        }
    },
    OWN_EXECUTOR_4 {
        @Override
        AsynchronousChannelGroup open() throws IOException {
            return on(new QueueExecutor(4));
        }
    },
    VIRTUAL_THREADS {
        @Override
        AsynchronousChannelGroup open() throws IOException {
            return on(Executors.newVirtualThreadPerTaskExecutor());
        }
    };

    private static final ThreadFactory DAEMONS = Thread.ofPlatform().daemon().name("group-", 0)
            .uncaughtExceptionHandler((thread, thrown) -> {
                Invariants.note(thrown);
                thread.getThreadGroup().uncaughtException(thread, thrown);
            }).factory();

    /** A new group, or null for the default group. */
    abstract AsynchronousChannelGroup open() throws IOException;

    /** A group that takes over the executor: it shuts it down when it terminates. */
    private static AsynchronousChannelGroup on(ExecutorService executor) throws IOException {
        return AsynchronousChannelGroup.withThreadPool(executor);
    }
}
