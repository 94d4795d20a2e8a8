package io.nio2uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;

import io.nio2uring.traffic.Waiting;
import javax.management.InstanceAlreadyExistsException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** A bean that cannot be shown is told once, however often it is tried again, and shown when it can be. */
class JmxTroubleIsLoggedOnceTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final int LOOKS = 20;

    @Test
    void aNameThatIsTakenIsLoggedOnceAndUsedWhenItIsFree() throws Exception {
        List<AsynchronousChannelGroup> groups = new ArrayList<>();
        try (Logged logged = new Logged()) {
            groups.add(open(new UringAsynchronousChannelProvider()));
            int next = OpenProviders.inUse().getLast().number() + 1;
            ObjectName name = new ObjectName("io.nio2uring:type=Provider,name=" + next);
            ObjectName evasive = new ObjectName(name + ",loader="
                    + Integer.toHexString(System.identityHashCode(Registrar.class)));
            SERVER.registerMBean(new InFlight(), name);
            SERVER.registerMBean(new InFlight(), evasive);
            assertEquals(List.of(), logged.records, "where all is well nothing is said");
            UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
            groups.add(open(provider));
            Waiting.until("the trouble is logged", () -> !logged.records.isEmpty());
            for (int i = 0; i < LOOKS; i++) {
                look();
            }
            assertEquals(1, logged.records.size(), logged::toString);
            LogRecord record = logged.records.getFirst();
            assertEquals(Level.WARNING, record.getLevel());
            assertTrue(record.getMessage().contains("cannot be shown to JMX")
                    && record.getMessage().contains("Remedy: "), record.getMessage());
            assertInstanceOf(InstanceAlreadyExistsException.class, record.getThrown());

            SERVER.unregisterMBean(name);
            OpenProviders.lookAround();
            Waiting.until("the provider is shown", () -> SERVER.isRegistered(name));
            assertTrue(((String) SERVER.invoke(name, "dump", null, null)).startsWith("loop "));
            SERVER.unregisterMBean(evasive);
            assertEquals(1, logged.records.size(), logged::toString);
        } finally {
            for (AsynchronousChannelGroup group : groups) {
                group.shutdownNow();
                assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
            }
        }
    }

    private static AsynchronousChannelGroup open(UringAsynchronousChannelProvider provider) throws Exception {
        return provider.openAsynchronousChannelGroup(1, Thread.ofPlatform().daemon().factory());
    }

    /** Has the registrar look, and returns when it waits for the next occasion. */
    private static void look() {
        OpenProviders.lookAround();
        // The one before it, of another test's groups, may only just be ending.
        Waiting.until("the registrar waits", () -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("nio2uring-management")
                        && thread.getState() == Thread.State.WAITING));
    }
}
