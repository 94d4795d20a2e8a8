package io.nio2uring.simulation;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

import io.nio2uring.channel.RingChannelGroup;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.Polling;

/** A channel group of the seed's choice: fixed, of a cached pool, of an executor that is the user's own, or the default. */
final class Group {
    /** Long enough for everything else to come to rest. */
    private static final int LONG_NANOS = 2_000_000_000;

    final World world;
    /** Null for the default group. */
    final AsynchronousChannelGroup channels;
    private final boolean isDefault;
    private final String name;
    private final Map<SimThread, Integer> depths = new HashMap<>();
    /** Whether its tasks run on threads of its own; others are the executor's business. */
    private boolean isFixed;
    /** Handlers that may still block for ever, so that one thread is left. */
    private int blockable;
    boolean shutdown;
    /** Whether its executor may refuse a task at any time, which the API tells as the end of the group. */
    boolean refuses;
    boolean closedAtOnce;
    private int threads;

    Group(World world, int number) throws IOException {
        this.world = world;
        Rng rng = world.scheduler.rng;
        isDefault = rng.oneIn(5);
        name = isDefault ? "nio2uring-default" : "group" + number;
        ThreadFactory factory = task -> Thread.ofPlatform().name(name + "-" + ++threads).unstarted(task);
        LoopOptions options = options(rng);
        int size = rng.between(1, 3);
        String kind;
        if (isDefault) {
            int initial = rng.between(0, 2);
            kind = "default, initial size " + initial;
            channels = null;
            blockable = 10;
            setProperties(options, initial);
            world.scheduler.trace.add(world.scheduler, "will open " + name + ": " + kind + ", " + options);
            return;
        }
        switch (rng.below(4)) {
            case 0, 1 -> {
                kind = "fixed of " + size;
                isFixed = true;
                channels = RingChannelGroup.fixed(world.provider, size, factory, options);
                blockable = size - 1;
            }
            case 2 -> {
                int initial = rng.between(0, 2);
                kind = "cached, initial size " + initial;
                channels = RingChannelGroup.elastic(world.provider, executor(1_000, factory, 0), initial, options);
                blockable = 10;
            }
            default -> {
                int refuses = rng.pick(0, 0, 4);
                this.refuses = refuses > 0;
                kind = "user's executor of " + size + ", refuses 1 in " + refuses;
                channels = RingChannelGroup.elastic(world.provider, executor(size, factory, refuses), 0, options);
                blockable = size - 1;
            }
        }
        world.scheduler.trace.add(world.scheduler, "opens " + name + ": " + kind + ", " + options);
    }

    private SimExecutor executor(int limit, ThreadFactory factory, int refusesOneIn) {
        return new SimExecutor(world.scheduler, limit, factory, refusesOneIn, 0);
    }

    /** What the provider reads when it opens its first group. */
    private void setProperties(LoopOptions options, int initialSize) {
        Map<String, String> properties = world.simulation.properties;
        properties.put("java.nio.channels.DefaultThreadPool.initialSize", Integer.toString(initialSize));
        properties.put("nio2uring.mode", "uring");
        Polling polling = options.polling();
        Map.of("ring.entries", options.submissionEntries(), "ring.completionEntries", options.completionEntries(),
                "receiveBuffers.count", options.receiveBuffers(), "receiveBuffers.bytes", options.receiveBufferBytes(),
                "stagingBuffers.count", options.stagingBuffers(), "stagingBuffers.bytes", options.stagingBufferBytes(),
                "spin", (int) (polling.spinNanos() / 1000), "sqpoll", polling.sqpollIdleMillis(), "sqpoll.cpu",
                polling.sqpollCpu(), "napi", polling.napiMicros())
                .forEach((key, value) -> properties.put("nio2uring." + key, value.toString()));
    }

    private static Polling polling(Rng rng) {
        boolean sqpoll = rng.oneIn(6);
        return new Polling(rng.pick(0, 0, 0, 4_000), sqpoll, sqpoll ? rng.between(1, 2) : 0,
                sqpoll && rng.oneIn(2) ? 0 : -1, rng.pick(0, 0, 50));
    }

    /** What its channels run on when it has been opened; null for a default group without channels so far. */
    AsynchronousChannelGroup opened() {
        return isDefault ? Inside.defaultGroup(world.provider) : channels;
    }

    boolean isDefault() {
        return isDefault;
    }

    private static LoopOptions options(Rng rng) {
        int entries = rng.pick(1, 1, 2, 2, 4, 16, 256);
        return new LoopOptions(entries, rng.oneIn(2) ? entries : rng.pick(0, 64 * entries), rng.pick(1, 2, 4, 16),
                rng.pick(64, 100, 300), rng.pick(1, 2, 4, 16), rng.pick(64, 100, 300))
                .with(polling(rng));
    }

    boolean owns(SimThread thread) {
        return thread != null && thread.toString().startsWith(name + "-");
    }

    int enter() {
        return depths.merge(world.scheduler.running(), 1, Integer::sum);
    }

    void leave() {
        depths.merge(world.scheduler.running(), -1, Integer::sum);
    }

    /** What a handler may do to others. */
    void misbehave() {
        misbehave(true);
    }

    /** Throws, or blocks for a while or for ever, which others notice less if somebody looks after the thread. */
    private void misbehave(boolean isLookedAfter) {
        Rng rng = world.scheduler.rng;
        if (rng.oneIn(world.throwsOneIn)) {
            world.thrown++;
            throw new HandlerFailure();
        }
        if (rng.oneIn(world.blocksOneIn)) {
            world.scheduler.sleep(rng.below(5_000_000));
        }
        if (rng.oneIn(world.readsDiskOneIn)) {
            long nanos = rng.below(40_000_000);
            world.scheduler.onDisk(() -> world.scheduler.sleep(nanos));
        }
        if (blockable > 0 && rng.oneIn(world.blocksForEverOneIn)) {
            blockable--;
            world.scheduler.trace.add(world.scheduler, "blocks for ever");
            if (isLookedAfter && world.simulation.kernel.release.honoursCancels() && rng.oneIn(3)) {
                world.scheduler.sleep(rng.below(rng.pick(1, LONG_NANOS)));
                world.scheduler.onDisk(world::awaitEnd);
            } else {
                world.awaitEnd();
            }
        }
    }

    /** Has a thread of the group run something, once, as the JDK's groups do too. */
    void execute() {
        if (!(opened() instanceof Executor executor)) {
            // A default group that has no channel yet.
            return;
        }
        Ticket ticket = world.ticket("task of", this, () -> true);
        try {
            executor.execute(() -> {
                world.expect(owns(world.scheduler.running()), "a task of " + this + " on " + world.scheduler.running());
                ticket.settle("run");
                misbehave(isFixed);
            });
        } catch (RejectedExecutionException e) {
            ticket.settle(e);
            world.expect(shutdown || refuses, "task refused: " + e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
