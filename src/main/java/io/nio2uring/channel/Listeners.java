package io.nio2uring.channel;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.nio2uring.loop.Threads;

/**
 * The listening channels of the process. Its exit alone would not free their addresses at once: a pending accept holds
 * the socket until the kernel has taken the ring apart, some time after the process is gone.
 */
final class Listeners {
    // Guarded by the class.
    private static final Set<RingServerSocketChannel> OPEN = new HashSet<>();
    private static boolean hooked;

    private Listeners() {
    }

    static synchronized void add(RingServerSocketChannel channel) {
        if (!hooked) {
            try {
                Runtime.getRuntime().addShutdownHook(Threads.daemon(Listeners::vacateAll, "nio2uring-exit"));
            } catch (IllegalStateException e) {
                // The process exits already; there is nothing to be done about it.
                return;
            }
            hooked = true;
        }
        OPEN.add(channel);
    }

    static synchronized void remove(RingServerSocketChannel channel) {
        OPEN.remove(channel);
    }

    private static void vacateAll() {
        List<RingServerSocketChannel> open;
        synchronized (Listeners.class) {
            open = List.copyOf(OPEN);
        }
        open.forEach(RingServerSocketChannel::vacate);
    }
}
