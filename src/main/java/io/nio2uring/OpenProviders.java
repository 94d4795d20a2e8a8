package io.nio2uring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.nio2uring.channel.RingChannelGroup;
import io.nio2uring.jfr.Recorder;
import io.nio2uring.loop.Threads;

/**
 * The providers of this process that have a group open, for those who look: {@link Registrar} shows them to JMX, the
 * flight recorder asks what they run on.
 *
 * <p>The module java.management is optional: this class does not refer to it.
 */
final class OpenProviders {
    private static final boolean MANAGEABLE = ModuleLayer.boot().findModule("java.management").isPresent();

    /** By number; guarded by itself. */
    private static final Map<UringAsynchronousChannelProvider, Integer> PROVIDERS = new LinkedHashMap<>();
    /** Guarded by the map, like {@code registrar}. */
    private static int providersSeen;
    private static Thread registrar;

    static {
        Recorder.onEngines(() -> inUse().forEach(each -> each.provider().openGroups().forEach(OpenProviders::record)));
    }

    private OpenProviders() {
    }

    /** A provider with its number among those of the process. */
    record Numbered(UringAsynchronousChannelProvider provider, int number) {
    }

    /** To be called when a provider has opened a group. */
    static void opened(UringAsynchronousChannelProvider provider, RingChannelGroup group) {
        if (Recorder.isOn()) {
            record(group);
        }
        synchronized (PROVIDERS) {
            PROVIDERS.computeIfAbsent(provider, added -> ++providersSeen);
            if (registrar == null && MANAGEABLE) {
                registrar = Threads.daemon(new Registrar(), "nio2uring-management");
                registrar.start();
            }
        }
    }

    /** Those that have a group open. */
    static List<Numbered> inUse() {
        synchronized (PROVIDERS) {
            PROVIDERS.keySet().removeIf(provider -> provider.openGroups().isEmpty());
            List<Numbered> all = new ArrayList<>();
            PROVIDERS.forEach((provider, number) -> all.add(new Numbered(provider, number)));
            return all;
        }
    }

    /** Tells whether the calling registrar, which has seen no provider, is to end; another will be started then. */
    static boolean endRegistrar() {
        synchronized (PROVIDERS) {
            if (!PROVIDERS.isEmpty()) {
                return false;
            }
            registrar = null;
            return true;
        }
    }

    private static void record(RingChannelGroup group) {
        Recorder.engine("io_uring", group.kind(), group.loopNames(), group.ringFlags(), "io_uring can be used");
    }
}
