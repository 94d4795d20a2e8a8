package io.nio2uring;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.nio2uring.channel.RingChannelGroup;
import io.nio2uring.loop.EventLoop;
import io.nio2uring.loop.Trouble;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/**
 * Shows providers and loops in the platform's MBean server, if there is one.
 *
 * <p>Making that server costs half a second of processor time and 23 MB (JDK 25), so it is not made for our sake: it
 * comes into being when somebody wants it, for instance when jconsole attaches to the process. Java tells nobody when
 * that happens, and to look at intervals would wake an idle process for nothing. So this looks when something happens
 * anyway: when a group is opened or a loop ends, about once a second while loops have something to do, when somebody
 * asks for {@link UringAsynchronousChannelProvider#dump}, and after each garbage collection, which also a process in
 * which nothing moves can be asked for from outside. A look takes some microseconds.
 */
final class Registrar implements Runnable {
    private static final System.Logger LOGGER = System.getLogger("io.nio2uring");
    private static final String DOMAIN = "io.nio2uring";
    /** How long to wait when there is no memory. */
    private static final long LACK_NANOS = 100_000_000;

    private final Map<Object, ObjectName> registered = new HashMap<>();
    private final ReferenceQueue<Object> occasions = new ReferenceQueue<>();
    /** To an object that nothing else refers to: the next collection, or {@link #lookAround}, puts it into the queue. */
    private volatile WeakReference<Object> occasion = new WeakReference<>(new Object(), occasions);
    private final Trouble unshown =
            new Trouble(
                    "The loops cannot be shown to JMX; channels are not touched by it, and it tries again, silently. "
                            + "Remedy: remove from the MBean server what the error names, or give the process memory.");
    private MBeanServer server;

    @Override
    public void run() {
        do {
            awaitOccasion();
        } while (look() || !OpenProviders.endRegistrar());
    }

    /** Tells whether something may be in use. */
    private boolean look() {
        try {
            List<OpenProviders.Numbered> inUse = OpenProviders.inUse();
            follow(inUse);
            unshown.over();
            return !inUse.isEmpty();
        } catch (JMException | RuntimeException | OutOfMemoryError e) {
            unshown.tell(e);
            return true;
        }
    }

    /** Any thread. */
    void lookAround() {
        occasion.enqueue();
    }

    private void awaitOccasion() {
        try {
            occasions.remove();
        } catch (InterruptedException e) {
            // Nobody does that to this thread; if so, it is an occasion like another.
            LOGGER.log(Level.DEBUG, "the registrar was interrupted", e);
        }
        // Before the look: what happens from here on leads to another one.
        while (!createOccasion()) {
            LockSupport.parkNanos(this, LACK_NANOS);
        }
    }

    private boolean createOccasion() {
        try {
            occasion = new WeakReference<>(new Object(), occasions);
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private void follow(List<OpenProviders.Numbered> inUse) throws JMException {
        if (server == null) {
            server = platformServer();
            if (server == null) {
                return;
            }
        }
        Map<Object, ObjectName> present = new HashMap<>();
        for (OpenProviders.Numbered each : inUse) {
            for (RingChannelGroup group : each.provider().openGroups()) {
                for (EventLoop loop : group.loops()) {
                    if (!loop.hasEnded()) {
                        present.put(each.provider(), name("Provider", String.valueOf(each.number())));
                        present.put(loop, name("Loop", loop.name()));
                    }
                }
            }
        }
        for (Object gone : List.copyOf(registered.keySet())) {
            if (!present.containsKey(gone)) {
                unregister(registered.remove(gone));
            }
        }
        for (Map.Entry<Object, ObjectName> entry : present.entrySet()) {
            if (!registered.containsKey(entry.getKey())) {
                registered.put(entry.getKey(), register(entry.getKey(), entry.getValue()));
            }
        }
    }

    private static ObjectName name(String type, String name) throws JMException {
        return new ObjectName(DOMAIN + ":type=" + type + ",name=" + name);
    }

    /** The platform's server if it has been made, else null. */
    private static MBeanServer platformServer() throws JMException {
        ObjectName runtime = new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME);
        for (MBeanServer each : MBeanServerFactory.findMBeanServer(null)) {
            if (each.isRegistered(runtime)) {
                return ManagementFactory.getPlatformMBeanServer();
            }
        }
        return null;
    }

    private ObjectName register(Object shown, ObjectName name) throws JMException {
        // Another class loader may have this library as well, and count from 1 like this one.
        ObjectName free = !server.isRegistered(name) ? name
                : new ObjectName(name + ",loader=" + Integer.toHexString(System.identityHashCode(Registrar.class)));
        server.registerMBean(shown instanceof EventLoop loop ? new ManagedLoop(loop)
                : new ManagedProvider((UringAsynchronousChannelProvider) shown), free);
        return free;
    }

    private void unregister(ObjectName name) throws JMException {
        // Whoever looks after the server may have thrown it out.
        if (server.isRegistered(name)) {
            server.unregisterMBean(name);
        }
    }
}
