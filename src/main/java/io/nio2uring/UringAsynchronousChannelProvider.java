package io.nio2uring;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;

import io.nio2uring.channel.RingChannelGroup;
import io.nio2uring.channel.RingServerSocketChannel;
import io.nio2uring.channel.RingSocketChannel;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.LoopStatistics;

/**
 * A provider of asynchronous channels that run on io_uring, or on {@code java.nio} where that cannot be used.
 *
 * <p>A program uses it without knowing: with the jar on the class path it is found as a service, or it is named by
 * {@code -Djava.nio.channels.spi.AsynchronousChannelProvider=io.nio2uring.UringAsynchronousChannelProvider}. Safe for
 * use by several threads.
 *
 * <p>It can be used beside the provider that Java has found, too:
 *
 * {@snippet file="ProviderSnippets.java" region="explicit"}
 */
public final class UringAsynchronousChannelProvider extends AsynchronousChannelProvider {
    private final Set<RingChannelGroup> groups = java.util.Collections.newSetFromMap(new WeakHashMap<>());
    private RingChannelGroup defaultGroup;
    private EngineChoice choice;
    private LoopOptions options;

    /** Creates a provider; nothing is set up before its first group or channel is opened. */
    public UringAsynchronousChannelProvider() {
    }

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(int nThreads, ThreadFactory threadFactory)
            throws IOException {
        return remember(RingChannelGroup.fixed(this, nThreads, threadFactory, options()));
    }

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(ExecutorService executor, int initialSize)
            throws IOException {
        return remember(RingChannelGroup.elastic(this, executor, initialSize, options()));
    }

    @Override
    public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(AsynchronousChannelGroup group)
            throws IOException {
        return new RingServerSocketChannel(ours(group));
    }

    @Override
    public AsynchronousSocketChannel openAsynchronousSocketChannel(AsynchronousChannelGroup group) throws IOException {
        return new RingSocketChannel(ours(group));
    }

    private synchronized LoopOptions options() throws IOException {
        if (choice == null) {
            Configuration configuration = Configuration.fromSystemProperties();
            choice = EngineChoice.of(configuration.mode());
            options = configuration.loops().with(choice.engine());
        }
        return options;
    }

    /** What the provider runs on; null before its first group. */
    synchronized EngineChoice choice() {
        return choice;
    }

    private RingChannelGroup ours(AsynchronousChannelGroup group) throws IOException {
        if (group == null) {
            return defaultGroup();
        }
        if (!(group instanceof RingChannelGroup ours)) {
            throw new IllegalChannelGroupException();
        }
        return ours;
    }

    private synchronized RingChannelGroup defaultGroup() throws IOException {
        if (defaultGroup == null) {
            DefaultThreadPool pool = DefaultThreadPool.fromSystemProperties();
            defaultGroup = remember(
                    RingChannelGroup.cached(this, pool.executor(), pool.initialSize(), options()));
        }
        return defaultGroup;
    }

    private RingChannelGroup remember(RingChannelGroup group) {
        synchronized (this) {
            groups.add(group);
        }
        OpenProviders.opened(this, group);
        return group;
    }

    /** The groups that have not ended. */
    synchronized List<RingChannelGroup> openGroups() {
        return groups.stream().filter(group -> !group.hasEnded()).toList();
    }

    /**
     * What the loops of this provider have done.
     *
     * {@snippet file="ProviderSnippets.java" region="statistics"}
     *
     * @return figures of the groups that are open; read without stopping anything
     */
    public ProviderStatistics statistics() {
        List<RingChannelGroup> open = openGroups();
        List<LoopStatistics> loops = open.stream().flatMap(group -> group.statistics().stream()).toList();
        String flags = open.isEmpty() ? "" : open.getFirst().ringFlags();
        return new ProviderStatistics(engine(), System.getProperty("os.version"), flags, loops.size(),
                loops.stream().mapToLong(LoopStatistics::entriesSubmitted).sum(),
                loops.stream().mapToLong(LoopStatistics::completionsReaped).sum(),
                loops.stream().mapToLong(LoopStatistics::enterCalls).sum(),
                loops.stream().mapToLong(LoopStatistics::handOvers).sum(), open.size(),
                open.stream().mapToInt(RingChannelGroup::channels).sum(),
                loops.stream().mapToInt(loop -> loop.inFlight() + loop.toDeliver()).sum(),
                loops.stream().mapToInt(LoopStatistics::buffersInUse).sum());
    }

    private String engine() {
        EngineChoice chosen = choice();
        return chosen == null ? "" : chosen.engine().toString();
    }

    /**
     * What each loop of this provider is doing and what is in flight on it, by channel: for a process that hangs. Waits
     * half a second at most for a loop that does not answer.
     *
     * {@snippet file="ProviderSnippets.java" region="dump"}
     *
     * @return several lines for each loop
     */
    public String dump() {
        OpenProviders.lookAround();
        StringBuilder text = new StringBuilder();
        for (RingChannelGroup group : openGroups()) {
            group.loops().forEach(loop -> text.append(loop.dump()));
        }
        return text.isEmpty() ? "no group is open\n" : text.toString();
    }
}
