package io.nio2uring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.nio2uring.loop.Threads;

/**
 * The providers that have a group open, which {@link Registrar} shows to JMX.
 *
 * <p>The module java.management is optional: this class, which is all that the rest calls, does not refer to it.
 */
final class Management {
    private static final boolean AVAILABLE = ModuleLayer.boot().findModule("java.management").isPresent();

    /** By number; guarded by itself. */
    private static final Map<UringAsynchronousChannelProvider, Integer> PROVIDERS = new LinkedHashMap<>();
    /** Guarded by the map, like {@code registrar}. */
    private static int providersSeen;
    private static Thread registrar;

    private Management() {
    }

    /** A provider with its number among those of the process. */
    record Numbered(UringAsynchronousChannelProvider provider, int number) {
    }

    /** To be called when a provider has opened a group. */
    static void observe(UringAsynchronousChannelProvider provider) {
        if (!AVAILABLE) {
            return;
        }
        synchronized (PROVIDERS) {
            PROVIDERS.computeIfAbsent(provider, added -> ++providersSeen);
            if (registrar == null) {
                registrar = Threads.daemon(new Registrar(), "nio2uring-management");
                registrar.start();
            }
        }
    }

    /**
     * Those that have a group open. When there are none, the registrar ends, and another one is started for the next.
     */
    static List<Numbered> inUse() {
        synchronized (PROVIDERS) {
            PROVIDERS.keySet().removeIf(provider -> provider.openGroups().isEmpty());
            if (PROVIDERS.isEmpty()) {
                registrar = null;
            }
            List<Numbered> all = new ArrayList<>();
            PROVIDERS.forEach((provider, number) -> all.add(new Numbered(provider, number)));
            return all;
        }
    }
}
