package io.nio2uring.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.nio2uring.UringAsynchronousChannelProvider;
import io.nio2uring.channel.HeldLoop;
import io.nio2uring.channel.RingChannelGroup;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.traffic.StuckHandler;
import io.nio2uring.traffic.Waiting;
import jdk.jfr.Category;
import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Known traffic, and what the flight recorder tells of it. */
class ChannelEventsTest {
    private final UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
    private final List<AsynchronousSocketChannel> channels = new ArrayList<>();
    private AsynchronousChannelGroup group;
    private AsynchronousServerSocketChannel server;

    private void open(AsynchronousChannelGroup newGroup) throws Exception {
        group = newGroup;
        server = provider.openAsynchronousServerSocketChannel(group)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private void openFixed(int threads) throws Exception {
        open(provider.openAsynchronousChannelGroup(threads, Thread.ofPlatform().name("pool-", 1).daemon().factory()));
    }

    /** Connects; the accepted end comes second. */
    private List<AsynchronousSocketChannel> connect() throws Exception {
        var accepting = server.accept();
        AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(group);
        Waiting.forResult(client.connect(server.getLocalAddress()));
        channels.add(client);
        channels.add(Waiting.forResult(accepting));
        return channels.subList(channels.size() - 2, channels.size());
    }

    @AfterEach
    void end() throws Exception {
        if (group != null) {
            group.shutdownNow();
            assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void everyKindOfEventIsDescribed() throws Exception {
        try (Recorded recorded = new Recorded("Engine")) {
            openFixed(1);
            recorded.read("Engine");
        }
        var types = FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().startsWith("io.nio2uring.")).toList();
        Set<String> names = types.stream().map(type -> type.getName().substring("io.nio2uring.".length()))
                .collect(Collectors.toSet());
        assertTrue(names.containsAll(Set.of("Engine", "RingStatistics")), names::toString);
        for (var type : types) {
            assertEquals(List.of("nio2-uring"), List.of(type.getAnnotation(Category.class).value()), type.getName());
            assertTrue(type.getLabel() != null && type.getDescription() != null, type.getName());
            for (var field : type.getFields()) {
                assertTrue(field.getLabel() != null, () -> type.getName() + " " + field.getName());
            }
        }
    }

    @Test
    void theEngineIsToldWhenAGroupIsOpenedAndAgainWhenARecordingBegins() throws Exception {
        try (Recorded recorded = new Recorded("Engine")) {
            openFixed(1);
            assertEquals(1, engines(recorded).size());
        }
        try (Recorded later = new Recorded("Engine")) {
            assertTrue(engines(later).size() >= 1, "of a group that was open before");
        }
    }

    private static List<RecordedEvent> engines(Recorded recorded) throws Exception {
        return recorded.read("Engine").stream().filter(event -> event.getString("engine").equals("io_uring")
                && event.getString("groupKind").equals("fixed, threads 1")
                && event.getString("loops").startsWith("nio2uring-")
                && event.getString("ringFlags").contains("SUBMIT_ALL")).toList();
    }

    @Test
    void connectionsAreToldWithTheirPeersAndTheBytesThatTheyMoved() throws Exception {
        try (Recorded recorded = new Recorded("ConnectionOpened", "ConnectionClosed")) {
            openFixed(1);
            List<AsynchronousSocketChannel> pair = connect();
            String server = pair.getFirst().getRemoteAddress().toString();
            String client = pair.getLast().getRemoteAddress().toString();
            for (int i = 0; i < 3; i++) {
                Waiting.forResult(pair.getFirst().write(ByteBuffer.allocate(1000)));
                ByteBuffer target = ByteBuffer.allocateDirect(1000);
                while (target.hasRemaining()) {
                    Waiting.forResult(pair.getLast().read(target));
                }
            }
            Waiting.forResult(pair.getLast().write(ByteBuffer.allocateDirect(7)));
            Waiting.forResult(pair.getFirst().read(ByteBuffer.allocate(7)));
            end();

            List<RecordedEvent> opened = recorded.read("ConnectionOpened");
            assertTrue(has(opened, server, "accepted", false), opened::toString);
            assertTrue(has(opened, client, "accepted", true), opened::toString);
            List<RecordedEvent> closed = recorded.read("ConnectionClosed");
            assertTrue(has(closed, server, "bytesWritten", 3000L) && has(closed, server, "bytesRead", 7L),
                    closed::toString);
            assertTrue(has(closed, client, "bytesWritten", 7L) && has(closed, client, "bytesRead", 3000L),
                    closed::toString);
        }
    }

    private static boolean has(List<RecordedEvent> events, String remote, String field, Object value) {
        return events.stream().filter(event -> event.getString("remote").equals(remote))
                .anyMatch(event -> value.equals(event.getValue(field)));
    }

    @Test
    void onlyOperationsSlowerThanTheThresholdAreTold() throws Exception {
        Duration threshold = Duration.ofMillis(50);
        try (Recorded recorded = new Recorded().threshold(threshold)) {
            openFixed(1);
            List<AsynchronousSocketChannel> pair = connect();
            var quick = pair.getFirst().write(ByteBuffer.allocate(5));
            Waiting.forResult(quick);
            Waiting.forResult(pair.getLast().read(ByteBuffer.allocate(5)));
            // Its time limit makes the read last for longer than the threshold, however late the loop begins with it.
            Waiting.forTimeLimit(pair.getLast(), 1_000);

            List<RecordedEvent> told = recorded.read("Operation");
            assertTrue(told.stream().allMatch(event -> event.getDuration().compareTo(threshold) >= 0), told::toString);
            String peer = pair.getLast().getRemoteAddress().toString();
            assertTrue(told.stream().anyMatch(event -> event.getString("operation").startsWith("read on descriptor ")
                    && event.getString("operation").contains(peer)
                    && event.getDuration().compareTo(Duration.ofMillis(150)) >= 0), told::toString);
        }
    }

    /** Whether the loop or the calling thread does it, also when the one comes to its end while the next has begun. */
    @Test
    void eachOperationWithAFutureIsToldOnce() throws Exception {
        int rounds = 3_000;
        try (Recorded recorded = new Recorded("Operation").threshold(Duration.ZERO)) {
            openFixed(1);
            List<AsynchronousSocketChannel> pair = connect();
            for (int i = 0; i < rounds; i++) {
                // The first waits, the second is left to the loop since the first had to wait, the third is not.
                Future<Integer> read = pair.getLast().read(ByteBuffer.allocate(1));
                Waiting.forResult(pair.getFirst().write(ByteBuffer.allocate(3)));
                for (int more = 0; more < 3; more++) {
                    while (!read.isDone()) {
                        Thread.onSpinWait();
                    }
                    read = more == 2 ? read : pair.getLast().read(ByteBuffer.allocate(1));
                }
            }
            end();

            List<RecordedEvent> told = recorded.read("Operation");
            assertEquals(3 * rounds, told.stream().filter(event -> event.getString("operation").startsWith("read on "))
                    .count());
            assertEquals(rounds, told.stream().filter(event -> event.getString("operation").startsWith("write on "))
                    .count());
        }
    }

    @Test
    void aHandlerThatDoesNotReturnShowsAsAHandOverFromItsThread() throws Exception {
        try (Recorded recorded = new Recorded("HandOver"); StuckHandler handler = new StuckHandler()) {
            openFixed(2);
            List<AsynchronousSocketChannel> pair = connect();
            pair.getFirst().write(ByteBuffer.allocate(1), null, handler);
            String stuck = handler.awaitStuck().getName();
            // Ends only if somebody else leads the loop from now on.
            Waiting.forResult(write(pair.getFirst()));

            List<RecordedEvent> told = recorded.read("HandOver");
            assertTrue(told.stream().anyMatch(event -> event.getThread("from") != null
                    && stuck.equals(event.getThread("from").getJavaName()) && event.getThread("to") != null),
                    () -> "from " + stuck + " in " + told);
        }
    }

    @Test
    void buffersThatRunOutAreTold() throws Exception {
        try (Recorded recorded = new Recorded("BuffersExhausted")) {
            open(RingChannelGroup.fixed(provider, 1, Thread.ofPlatform().daemon().factory(),
                    new LoopOptions(64, 0, 1, 64, 1, 64)));
            List<AsynchronousSocketChannel> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.addAll(connect());
            }
            List<CompletableFuture<Integer>> writes;
            try (HeldLoop _ = new HeldLoop(((RingChannelGroup) group).loops().getFirst())) {
                writes = all.stream().map(ChannelEventsTest::write).toList();
            }
            writes.forEach(Waiting::forResult);
            all.stream().map(channel -> channel.read(ByteBuffer.allocate(64))).toList().forEach(Waiting::forResult);

            Set<String> kinds = recorded.read("BuffersExhausted").stream().map(event -> event.getString("kind"))
                    .collect(Collectors.toSet());
            assertTrue(kinds.contains("staging buffer"), kinds::toString);
        }
    }

    /** Writes 64 bytes by way of the loop, which those with futures need not take. */
    private static CompletableFuture<Integer> write(AsynchronousSocketChannel channel) {
        CompletableFuture<Integer> written = new CompletableFuture<>();
        channel.write(ByteBuffer.allocate(64), null, Waiting.into(written));
        return written;
    }

    @Test
    void ringStatisticsComeByThemselvesForEachLoop() throws Exception {
        openFixed(1);
        connect();
        String loop = provider.dump().split("[ :]")[1];
        CompletableFuture<RecordedEvent> told = new CompletableFuture<>();
        try (RecordingStream stream = new RecordingStream()) {
            stream.enable("io.nio2uring.RingStatistics").withPeriod(Duration.ofMillis(20));
            stream.setReuse(false);
            stream.onEvent("io.nio2uring.RingStatistics", event -> {
                if (event.getString("loop").equals(loop)) {
                    told.complete(event);
                }
            });
            stream.startAsync();
            RecordedEvent event = Waiting.forResult(told);
            assertTrue(event.getLong("submitted") > 0 && event.getLong("completed") >= 2 && event.getLong("enters") > 0,
                    event::toString);
        }
    }
}
