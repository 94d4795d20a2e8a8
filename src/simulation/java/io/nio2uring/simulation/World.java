package io.nio2uring.simulation;

import java.io.IOException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

import io.nio2uring.UringAsynchronousChannelProvider;
import io.nio2uring.channel.RingChannelGroup;

/** All users of a run, what they are waiting for, and what they have seen. */
final class World {
    final Simulation simulation;
    final Scheduler scheduler;
    final AsynchronousChannelProvider provider = new UringAsynchronousChannelProvider();
    final Set<Ticket> pending = new LinkedHashSet<>();
    final List<Side> sides = new ArrayList<>();
    final List<Transfer> reported = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    private final List<SimThread> blockedForEver = new ArrayList<>();
    private boolean ending;
    final int throwsOneIn;
    final int blocksOneIn;
    final int readsDiskOneIn;
    int blocksForEverOneIn;
    final int executesOneIn;
    boolean serversClosed;
    int thrown;
    int operations;
    long bytes;
    int directUsed;
    private int threads;

    World(Simulation simulation) {
        this.simulation = simulation;
        scheduler = simulation.scheduler;
        throwsOneIn = scheduler.rng.pick(0, 0, 30, 8);
        blocksOneIn = scheduler.rng.pick(0, 0, 30, 8);
        readsDiskOneIn = scheduler.rng.pick(0, 0, 0, 40, 10);
        blocksForEverOneIn = scheduler.rng.pick(0, 0, 30);
        executesOneIn = scheduler.rng.pick(0, 0, 20, 3);
    }

    // ---- what users need

    Ticket ticket(String kind, Object on, BooleanSupplier due) {
        operations++;
        Ticket ticket = new Ticket(this, operations, kind, on, due);
        pending.add(ticket);
        return ticket;
    }

    void expect(boolean condition, String otherwise) {
        if (!condition) {
            throw scheduler.fail(otherwise);
        }
    }

    void thread(String name, Runnable body) {
        Thread thread = Thread.ofPlatform().name(name + " (user " + ++threads + ")").unstarted(body);
        scheduler.start(thread, scheduler.rng.oneIn(2), body);
    }

    /** Whether something could not be opened because the system has run out of something. */
    boolean wasExhausted() {
        return simulation.kernel.exhaustions() > 0;
    }

    /** Whether an operation has failed since nobody knows what it has done. */
    boolean isLost(Throwable failure) {
        return simulation.kernel.losses() > 0
                && String.valueOf(failure.getMessage()).startsWith("the kernel has lost the outcome of the ");
    }

    /** The socket of a channel; null when it is closed. */
    SimSocket socketOf(Channel channel) {
        return Inside.isOpen(channel) ? simulation.kernel.socket(Inside.descriptor(channel)) : null;
    }

    void awaitEnd() {
        blockedForEver.add(scheduler.running());
        while (!ending) {
            scheduler.block("the end", Scheduler.NEVER);
        }
    }

    // ---- the run

    void begin() {
        thread("main", () -> {
            if (simulation.kernel.release.lacksOpcode()) {
                failToOpen();
                return;
            }
            try {
                int count = scheduler.rng.between(1, 2);
                for (int i = 1; i <= count; i++) {
                    int number = i;
                    groups.add(insist(() -> new Group(this, number)));
                }
                servers.add(insist(() -> new Server(this, group())));
                thread("trouble", this::makeTrouble);
                for (int i = scheduler.rng.between(1, 4); i > 0; i--) {
                    connect();
                }
            } catch (ShutdownChannelGroupException e) {
                expect(groups.stream().anyMatch(group -> group.shutdown), "no group has been shut down: " + e);
            }
        });
    }

    private interface Opening<T> {
        T open() throws IOException;
    }

    /** Opens something; each time that the system has run out of something, again. */
    private <T> T insist(Opening<T> opening) {
        for (;;) {
            int exhaustions = simulation.kernel.exhaustions();
            try {
                return opening.open();
            } catch (IOException e) {
                expect(simulation.kernel.exhaustions() > exhaustions, "cannot be opened: " + e);
            }
        }
    }

    /** The kernel cannot do what the channels need. */
    private void failToOpen() {
        simulation.properties.put("nio2uring.mode", "uring");
        insist(() -> {
            try {
                provider.openAsynchronousSocketChannel(null);
                throw scheduler.fail("opened a channel on a kernel that lacks an operation");
            } catch (IOException e) {
                if (!e.getMessage().contains("io_uring of this kernel lacks ")) {
                    throw e;
                }
                return e;
            }
        });
    }

    private Group group() {
        return groups.get(scheduler.rng.below(groups.size()));
    }

    private void connect() {
        Group group = group();
        try {
            AsynchronousSocketChannel channel = insist(() -> provider.openAsynchronousSocketChannel(group.channels));
            SimSocket socket = socketOf(channel);
            if (socket != null) {
                new Side(this, group, channel, socket).connect(servers.getFirst().address);
            }
        } catch (ShutdownChannelGroupException e) {
            expect(group.shutdown, "open refused: " + e);
        }
    }

    private void makeTrouble() {
        for (int i = scheduler.rng.below(8); i > 0; i--) {
            scheduler.sleep(scheduler.rng.below(2_000_000));
            doSomething();
        }
    }

    /** A few things at once after a rest, after which a lost wake-up is not made good by what happens next. */
    void stir() {
        if (servers.isEmpty()) {
            // Nothing could be opened.
            return;
        }
        blocksForEverOneIn = scheduler.rng.pick(0, 30, 3);
        thread("stir", () -> {
            for (int i = scheduler.rng.between(1, 4); i > 0; i--) {
                doSomething();
            }
        });
    }

    private void doSomething() {
        Rng rng = scheduler.rng;
        Side side = sides.isEmpty() ? null : sides.get(rng.below(sides.size()));
        switch (rng.below(16)) {
            case 0, 1, 2 -> connect();
            case 3 -> servers.getFirst().close();
            case 4 -> shutDown(group(), false);
            case 5 -> shutDown(group(), true);
            case 6, 7 -> with(side, Side::close);
            case 8 -> with(side, Side::shutDownInput);
            case 9 -> with(side, Side::shutDownOutput);
            case 10, 11 -> with(side, Side::setOptions);
            case 12, 13 -> group().execute();
            default -> with(side, one -> one.socket.tear());
        }
    }

    private static void with(Side side, java.util.function.Consumer<Side> action) {
        if (side != null) {
            action.accept(side);
        }
    }

    private void shutDown(Group group, boolean now) {
        if (group.isDefault() && !ending || group.opened() == null) {
            // Which no user gets hold of.
            return;
        }
        for (Group same : groups) {
            // Two of them may be the default group.
            if (same.opened() == group.opened()) {
                same.shutdown = true;
                same.closedAtOnce |= now;
            }
        }
        serversClosed |= now;
        try {
            if (now) {
                group.opened().shutdownNow();
            } else {
                group.opened().shutdown();
            }
        } catch (IOException e) {
            throw scheduler.fail("shutdownNow: " + e);
        }
    }

    /** Nothing happens any more: then nothing may be pending for which something has happened. */
    void checkQuiet() {
        for (Ticket ticket : pending) {
            if (ticket.isDue()) {
                traceState();
                throw scheduler.fail("pending for ever: " + ticket);
            }
        }
        for (Side side : sides) {
            expect(side.channel.isOpen() || side.socket.showsItsEnd(), "closed, and the peer does not see it: " + side);
        }
    }

    private void traceState() {
        if (scheduler.trace.isOn()) {
            scheduler.alive()
                    .forEach(thread -> scheduler.trace.add(scheduler, thread + " waits for " + thread.waitsFor));
            for (Group group : groups) {
                if (group.opened() instanceof RingChannelGroup opened) {
                    opened.loops().forEach(loop -> scheduler.trace.add(scheduler, scheduler.undisturbed(loop::dump)));
                }
            }
        }
    }

    void end() {
        ending = true;
        blockedForEver.forEach(scheduler::wake);
        thread("end", () -> {
            boolean closesAll = scheduler.rng.oneIn(2);
            if (closesAll) {
                List.copyOf(sides).forEach(Side::close);
                servers.forEach(Server::close);
            }
            groups.forEach(group -> shutDown(group, true));
        });
    }

    void checkEnded() {
        expect(pending.isEmpty(), "without an outcome for ever: " + pending);
        for (Group group : groups) {
            expect(group.opened() == null || group.opened().isTerminated(), "has not terminated: " + group);
        }
        expect(thrown == scheduler.uncaught.size(),
                thrown + " exceptions of handlers, but " + scheduler.uncaught.size() + " reached a thread");
        reported.forEach(Transfer::verifyUntouched);
    }
}
