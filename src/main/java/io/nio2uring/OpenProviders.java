package io.nio2uring;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.nio2uring.channel.RingChannelGroup;
import io.nio2uring.jfr.Recorder;
import io.nio2uring.loop.EventLoop;
import io.nio2uring.loop.Threads;

/**
 * The providers of this process that have a group open, for those who look: {@link Registrar} shows them to JMX, the
 * flight recorder asks what they run on.
 *
 * <p>The module java.management is optional: this class does not refer to it.
 */
final class OpenProviders {
    private static final System.Logger LOGGER = System.getLogger("io.nio2uring");
    private static final boolean MANAGEABLE = ModuleLayer.boot().findModule("java.management").isPresent();

    /** By number; guarded by itself. */
    private static final Map<UringAsynchronousChannelProvider, Numbered> PROVIDERS = new LinkedHashMap<>();
    /** Guarded by the map, like {@code registrar}. */
    private static int providersSeen;
    private static Registrar registrar;

    static {
        EventLoop.onActivity(OpenProviders::lookAround);
        Recorder.onEngines(() -> inUse().forEach(each -> each.provider().openGroups()
                .forEach(group -> record(each.provider(), group))));
    }

    private OpenProviders() {
    }

    /**
     * A provider that has opened groups.
     *
     * @param provider it
     * @param number   its number among those of the process
     * @param openings how often it has opened a group
     */
    record Numbered(UringAsynchronousChannelProvider provider, int number, long openings) {
    }

    /** To be called when a provider has opened a group. */
    static void opened(UringAsynchronousChannelProvider provider, RingChannelGroup group) {
        if (Recorder.isOn()) {
            record(provider, group);
        }
        synchronized (PROVIDERS) {
            PROVIDERS.compute(provider, (key, known) -> known == null ? new Numbered(provider, ++providersSeen, 1)
                    : new Numbered(provider, known.number(), known.openings() + 1));
            if (registrar == null && MANAGEABLE) {
                Registrar starting = new Registrar();
                try {
                    Threads.daemon(starting, "nio2uring-management").start();
                    registrar = starting;
                } catch (OutOfMemoryError e) {
                    // No thread could be had. The group works without, and is shown once another one is opened.
                    LOGGER.log(Level.DEBUG, "the loops are not shown to JMX", e);
                }
            }
        }
        lookAround();
    }

    /** Has the beans follow what is open. */
    static void lookAround() {
        synchronized (PROVIDERS) {
            if (registrar != null) {
                registrar.lookAround();
            }
        }
    }

    /** Those that have a group open. */
    static List<Numbered> inUse() {
        List<Numbered> all;
        synchronized (PROVIDERS) {
            all = new ArrayList<>(PROVIDERS.values());
        }
        // Without the lock, since this takes the provider's, which opens its default group under that.
        List<Numbered> idle = all.stream().filter(each -> each.provider().openGroups().isEmpty()).toList();
        synchronized (PROVIDERS) {
            // Not one that has opened a group meanwhile.
            idle.forEach(each -> PROVIDERS.remove(each.provider(), each));
        }
        all.removeAll(idle);
        return all;
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

    private static void record(UringAsynchronousChannelProvider provider, RingChannelGroup group) {
        Recorder.engine(group.engine().toString(), group.kind(), group.loopNames(), group.ringFlags(),
                provider.choice().reason());
    }
}
