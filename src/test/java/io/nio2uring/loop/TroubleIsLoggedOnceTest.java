package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.LogRecord;

import io.nio2uring.Logged;
import io.nio2uring.UringAsynchronousChannelProvider;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.traffic.Waiting;
import org.junit.jupiter.api.Test;

/** The log is for what a person has to look at, and says it once. */
class TroubleIsLoggedOnceTest {
    private static final int TURNS = 50;

    private final UringAsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();

    @Test
    void aRingThatCannotBeEnteredIsTriedAgainAndLoggedOnce() throws Exception {
        Logged logged = new Logged();
        List<LogRecord> records = logged.records;
        AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1,
                Thread.ofPlatform().daemon().factory());
        try {
            Waiting.forResult(connect(group));
            assertEquals(List.of(), records, "where all is well nothing is said");
            List<String> dumps = new ArrayList<>();
            Waiting.until("the loop answers", () -> dumps.add(provider.dump()) && dumps.getLast().contains("  ring "));
            int ringFd = Integer.parseInt(dumps.getLast().split("ring ")[1].split(":")[0]);
            int otherFd = FileCalls.eventfd(0, FileCalls.EFD_CLOEXEC | FileCalls.EFD_NONBLOCK);
            // Two descriptors that nothing else has; the second becomes another one of the ring.
            int savedFd = FileCalls.eventfd(0, FileCalls.EFD_CLOEXEC | FileCalls.EFD_NONBLOCK);
            assertEquals(savedFd, FileCalls.dup3(ringFd, savedFd, FileCalls.O_CLOEXEC));
            try {
                assertEquals(ringFd, FileCalls.dup3(otherFd, ringFd, FileCalls.O_CLOEXEC));
                for (int i = 0; i < TURNS; i++) {
                    turn(group);
                }
                Waiting.until("the trouble is logged", () -> !records.isEmpty());
                for (int i = 0; i < TURNS; i++) {
                    turn(group);
                }
            } finally {
                assertEquals(ringFd, FileCalls.dup3(savedFd, ringFd, FileCalls.O_CLOEXEC));
                FileCalls.close(savedFd);
                FileCalls.close(otherFd);
            }
            assertEquals(1, records.size(), logged::toString);
            assertEquals(Level.WARNING, records.getFirst().getLevel());
            assertTrue(records.getFirst().getMessage().contains("cannot enter its ring")
                    && records.getFirst().getMessage().contains("Remedy: "));
            assertTrue(records.getFirst().getThrown().getMessage().startsWith("io_uring_enter: "));
            // The loop goes on as if nothing had been.
            Waiting.forResult(connect(group));
        } finally {
            group.shutdownNow();
            assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
            logged.close();
        }
    }

    /** Who looks after blocked handlers must not end, whatever it meets. */
    @Test
    void theMonitorGoesOnAfterAFailureAndLogsItOnce() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger callsOfOthers = new AtomicInteger();
        AsynchronousChannelGroup group = provider.openAsynchronousChannelGroup(1,
                Thread.ofPlatform().daemon().factory());
        try (Logged logged = new Logged()) {
            EventLoop.onActivity(() -> {
                if (calls.incrementAndGet() <= 2) {
                    throw new NoClassDefFoundError("as where no descriptor is left to load a class");
                }
            });
            EventLoop.onActivity(callsOfOthers::incrementAndGet);
            Waiting.until("the monitor goes on", () -> {
                turn(group);
                // The others are called beside a listener that failed twice.
                return calls.get() > 2 && callsOfOthers.get() >= 2;
            });
            assertEquals(1, logged.records.size(), logged::toString);
            assertEquals(Level.WARNING, logged.records.getFirst().getLevel());
            assertTrue(logged.records.getFirst().getMessage().contains("Remedy: "));
        } finally {
            group.shutdownNow();
            assertTrue(group.awaitTermination(10, TimeUnit.SECONDS));
        }
    }

    /** Who leads a loop holds it: nobody else could go on in the place of a watcher that has ended. */
    @Test
    void theWatcherGoesOnAfterAFailureAndLogsItOnce() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        ElasticCrew crew = new ElasticCrew(executor, ElasticCrew.Stay.SPELL, executor::shutdown);
        EventLoop loop = new EventLoop("troubled", crew, LoopOptions.DEFAULT);
        crew.attend(List.of(loop));
        try (Logged logged = new Logged()) {
            for (int i = 0; i < 2; i++) {
                CompletableFuture<Void> begun = new CompletableFuture<>();
                CompletableFuture<Void> posted = new CompletableFuture<>();
                CompletableFuture<Void> done = new CompletableFuture<>();
                loop.execute(command(() -> {
                    begun.complete(null);
                    Waiting.forResult(posted);
                }));
                Waiting.forResult(begun);
                // The watcher takes both together.
                loop.execute(command(() -> {
                    throw new NoClassDefFoundError("as where no descriptor is left to load a class");
                }));
                loop.execute(command(() -> done.complete(null)));
                posted.complete(null);
                Waiting.forResult(done);
            }
            assertEquals(1, logged.records.size(), logged::toString);
            assertEquals(Level.WARNING, logged.records.getFirst().getLevel());
            assertTrue(logged.records.getFirst().getMessage().startsWith("troubled-watcher has met a failure"));
            assertTrue(logged.records.getFirst().getMessage().contains("Remedy: "));
        } finally {
            loop.close();
            assertTrue(executor.awaitTermination(10, TimeUnit.SECONDS), loop::dump);
        }
    }

    private static Command command(Runnable action) {
        return new Command() {
            @Override
            protected void run(EventLoop loop) {
                action.run();
            }
        };
    }

    private static void turn(AsynchronousChannelGroup group) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        ((Executor) group).execute(() -> done.complete(null));
        Waiting.forResult(done);
    }

    private Future<Void> connect(AsynchronousChannelGroup group) throws Exception {
        AsynchronousServerSocketChannel server = provider.openAsynchronousServerSocketChannel(group)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        AsynchronousSocketChannel client = provider.openAsynchronousSocketChannel(group);
        return client.connect(server.getLocalAddress());
    }
}
