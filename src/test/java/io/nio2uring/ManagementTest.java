package io.nio2uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.nio2uring.traffic.StuckHandler;
import io.nio2uring.traffic.Waiting;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What JMX shows of loops with known traffic, and the dump of what is in flight. */
class ManagementTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private final UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
    private Set<ObjectName> before;
    private AsynchronousChannelGroup group;
    private AsynchronousServerSocketChannel server;
    private AsynchronousSocketChannel client;
    private AsynchronousSocketChannel accepted;

    @BeforeEach
    void connect() throws Exception {
        before = beans();
        group = provider.openAsynchronousChannelGroup(1, Thread.ofPlatform().name("pool").daemon().factory());
        server = provider.openAsynchronousServerSocketChannel(group)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        var accepting = server.accept();
        client = provider.openAsynchronousSocketChannel(group);
        Waiting.forResult(client.connect(server.getLocalAddress()));
        accepted = Waiting.forResult(accepting);
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        group.shutdownNow();
        assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
    }

    @Test
    void beansAppearByThemselvesShowWhatHappensAndGoWithTheGroup() throws Exception {
        read(client, ByteBuffer.allocateDirect(8));
        ObjectName loop = loopBean();
        ObjectName bean = providerBean();

        assertEquals("io_uring", SERVER.getAttribute(bean, "Engine"));
        assertEquals(System.getProperty("os.version"), SERVER.getAttribute(bean, "KernelRelease"));
        assertEquals(1, SERVER.getAttribute(bean, "Groups"));
        assertEquals(1, SERVER.getAttribute(bean, "Loops"));
        assertEquals(3, SERVER.getAttribute(bean, "Channels"));
        Waiting.until("the read is the only operation in flight",
                () -> Integer.valueOf(1).equals(attribute(loop, "OperationsInFlight")));
        assertEquals(1, SERVER.getAttribute(bean, "OperationsInFlight"));
        assertTrue((long) SERVER.getAttribute(loop, "Submitted") >= 3, "a connect, an accept, a read");
        assertTrue((long) SERVER.getAttribute(loop, "Completed") >= 2, "a connect, an accept");
        assertTrue((long) SERVER.getAttribute(loop, "Enters") > 0);
        assertTrue((long) SERVER.getAttribute(loop, "HandOvers") > 0, "somebody took the lead");
        assertEquals(0, SERVER.getAttribute(loop, "BuffersInUse"));
        for (ObjectName each : List.of(loop, bean)) {
            for (var info : SERVER.getMBeanInfo(each).getAttributes()) {
                assertTrue(SERVER.getAttribute(each, info.getName()) != null, info.getName());
            }
            // A flag set would be another kernel's; they agree in any case.
            assertEquals(SERVER.getAttribute(bean, "RingFlags"), SERVER.getAttribute(each, "RingFlags"));
        }
        Waiting.until("the leader sleeps", () -> attribute(loop, "State").toString().endsWith("waits in the kernel"));
        // A loop that is late is shown without its operations.
        Waiting.until("both show the read", () -> {
            List<String> reads = readsOf(bean);
            return reads.size() == 1 && reads.equals(readsOf(loop));
        });

        end();
        Waiting.until("the beans are gone", () -> !SERVER.isRegistered(loop) && !SERVER.isRegistered(bean));
    }

    @Test
    void dumpNamesEachOperationUnderItsChannel() throws Exception {
        client.read(ByteBuffer.allocate(8), 1, TimeUnit.HOURS, null, ignore());
        writeForEver(client);
        server.accept(null, ignore());
        Pattern pending = Pattern.compile("    write on descriptor \\d+, in the kernel");
        // What the peer does not read fills the buffers of both sockets; on the way there the write is at times between
        // two runs, so the dump that is looked at below is the one that was seen to have it.
        List<String> lines = new ArrayList<>();
        Waiting.until("all three are in the kernel", () -> {
            lines.clear();
            lines.addAll(provider.dump().lines().toList());
            return lines.stream().anyMatch(pending.asMatchPredicate())
                    && lines.stream().filter(line -> line.contains(", in the kernel")).count() == 3;
        });

        String all = String.join("\n", lines);
        assertTrue(lines.getFirst().startsWith("loop nio2uring-"), all);
        assertTrue(lines.stream().anyMatch(line -> line.matches("  now: 3 in flight, of which 0 wait.*")), all);
        int ofClient = lines.indexOf("  " + client);
        List<String> two = lines.subList(ofClient + 1, ofClient + 3).stream().sorted().toList();
        assertTrue(two.getFirst().matches("    read on descriptor \\d+, in the kernel, time limit in 3\\d+ ms"), all);
        assertTrue(pending.matcher(two.getLast()).matches(), all);
        int ofServer = lines.indexOf("  " + server);
        assertTrue(lines.get(ofServer + 1).matches("    accept on descriptor \\d+, in the kernel"), all);
    }

    @Test
    void dumpOfAGroupWhoseOnlyThreadIsStuckShowsWhatWaitsForIt() throws Exception {
        try (StuckHandler stuck = new StuckHandler()) {
            client.read(ByteBuffer.allocateDirect(1), null, stuck);
            Waiting.forResult(accepted.write(ByteBuffer.wrap(new byte[2])));
            stuck.awaitStuck();
            read(client, ByteBuffer.allocateDirect(1));
            Waiting.until("the second read has ended and waits for the thread", () -> provider.dump().lines()
                    .anyMatch(line -> line.matches("    read on descriptor \\d+, to be delivered")));
        }
    }

    @Test
    void dumpOfAnEndedGroupSaysSo() throws Exception {
        end();
        assertEquals("no group is open\n", provider.dump());
    }

    private static void read(AsynchronousSocketChannel channel, ByteBuffer into) {
        channel.read(into, null, ignore());
    }

    private static void writeForEver(AsynchronousSocketChannel channel) {
        channel.write(ByteBuffer.allocateDirect(1 << 20), null, new CompletionHandler<>() {
            @Override
            public void completed(Integer count, Object attachment) {
                writeForEver(channel);
            }

            @Override
            public void failed(Throwable cause, Object attachment) {
                // The group was shut down.
            }
        });
    }

    private static <V> CompletionHandler<V, Void> ignore() {
        return new CompletionHandler<>() {
            @Override
            public void completed(V result, Void attachment) {
                // What matters is what was in flight before.
            }

            @Override
            public void failed(Throwable cause, Void attachment) {
                // The group was shut down.
            }
        };
    }

    /** Other groups of this process may be shown as well. */
    private ObjectName loopBean() throws Exception {
        String heading = provider.dump().lines().findFirst().orElseThrow();
        ObjectName name = new ObjectName("io.nio2uring:type=Loop,name=" + heading.split("[ :]")[1]);
        Waiting.until("a bean " + name, () -> SERVER.isRegistered(name));
        return name;
    }

    private ObjectName providerBean() {
        Waiting.until("a bean of the provider", () -> newProviders().size() == 1);
        return newProviders().iterator().next();
    }

    private Set<ObjectName> newProviders() {
        return beans().stream().filter(name -> name.getKeyProperty("type").equals("Provider"))
                .filter(name -> !before.contains(name) && attribute(name, "Channels").equals(3))
                .collect(Collectors.toSet());
    }

    private static Set<ObjectName> beans() {
        try {
            return SERVER.queryNames(new ObjectName("io.nio2uring:*"), null);
        } catch (javax.management.MalformedObjectNameException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> readsOf(ObjectName bean) {
        try {
            return ((String) SERVER.invoke(bean, "dump", null, null)).lines()
                    .filter(line -> line.contains("read on")).toList();
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }

    private static Object attribute(ObjectName bean, String name) {
        try {
            return SERVER.getAttributes(bean, new String[] {name}).asList().stream().map(Attribute::getValue)
                    .findFirst().orElseThrow();
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }
}
