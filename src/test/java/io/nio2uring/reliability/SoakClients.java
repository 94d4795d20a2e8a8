package io.nio2uring.reliability;

import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.nio2uring.ProcessDump;

/**
 * Users that open one {@link SoakClient} after the other, so many at a time. Also a program, for clients on another
 * provider: arguments are port, seconds, connections at a time, seed; it prints the sums of its ledger, and ends with
 * status 0 if each operation has had its one outcome.
 */
final class SoakClients {
    final AtomicReference<Throwable> defect = new AtomicReference<>();
    private final Ledger ledger;
    private final AtomicInteger running;
    private final List<Thread> users = new ArrayList<>();

    SoakClients(AsynchronousChannelGroup group, InetSocketAddress address, Ledger ledger, int concurrent, long seed,
            long endNanos) {
        this.ledger = ledger;
        running = new AtomicInteger(concurrent);
        AtomicLong seeds = new AtomicLong(seed << 20);
        for (int i = 0; i < concurrent; i++) {
            users.add(Thread.ofVirtual().start(() -> {
                long own = 0;
                try {
                    while (System.nanoTime() - endNanos < 0 && defect.get() == null) {
                        own = seeds.incrementAndGet();
                        new SoakClient(group, address, ledger, own).run();
                    }
                } catch (Throwable failure) {
                    defect.compareAndSet(null, new AssertionError("connection of seed " + own, failure));
                }
                running.decrementAndGet();
            }));
        }
    }

    /** Waits until all have ended; throws what went wrong. */
    void join() throws InterruptedException {
        for (Thread user : users) {
            user.join(TimeUnit.SECONDS.toMillis(90));
        }
        if (running.get() > 0 || defect.get() != null) {
            throw new AssertionError(running + " users have not ended; " + ledger + "\n" + ProcessDump.now(),
                    defect.get());
        }
    }

    public static void main(String[] args) throws Exception {
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.parseInt(args[1]));
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1, Thread::new);
        System.out.println(group.provider().getClass().getName());
        Ledger ledger = new Ledger();
        new SoakClients(group, server, ledger, Integer.parseInt(args[2]), Long.parseLong(args[3]), end).join();
        group.shutdown();
        if (!group.awaitTermination(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the group does not terminate");
        }
        if (ledger.begun.sum() != ledger.ended.sum() || ledger.endedTwice.sum() > 0) {
            throw new AssertionError("operations without an outcome, or with two: " + ledger);
        }
        System.out.println(ledger.connections + " " + ledger.bytes);
    }
}
