package io.nio2uring.channel;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.nio2uring.loop.Crew;
import io.nio2uring.loop.ElasticCrew;
import io.nio2uring.loop.ElasticCrew.Stay;
import io.nio2uring.loop.Engine;
import io.nio2uring.loop.EventLoop;
import io.nio2uring.loop.FixedCrew;
import io.nio2uring.loop.LoopOptions;
import io.nio2uring.loop.LoopStatistics;
import io.nio2uring.loop.Operation;
import io.nio2uring.ring.RingParameters;

/**
 * A group: some loops, the crew that attends them, and the channels that live on them.
 *
 * <p>It terminates when it has been shut down and its last channel has been released: the loops then deliver what is
 * left and end, and the executor is shut down.
 */
public final class RingChannelGroup extends AsynchronousChannelGroup implements Executor {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String kind;
    private final Engine engine;
    private final ExecutorService executor;
    private final Crew crew;
    private final List<EventLoop> loops = new ArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final Membership<Endpoint> endpoints = new Membership<>();

    private RingChannelGroup(AsynchronousChannelProvider provider, String kind, ExecutorService executor, int loopCount,
            LoopOptions options, Function<Runnable, Crew> newCrew) throws IOException {
        super(provider);
        this.kind = kind;
        engine = options.engine();
        this.executor = executor;
        crew = newCrew.apply(executor::shutdown);
        int number = NUMBER.incrementAndGet();
        boolean complete = false;
        try {
            for (int i = 1; i <= loopCount; i++) {
                loops.add(new EventLoop("nio2uring-" + number + "-" + i, crew, options));
            }
            complete = true;
        } finally {
            if (!complete) {
                loops.forEach(EventLoop::discard);
            }
        }
        boolean attended = false;
        try {
            crew.attend(loops);
            attended = true;
        } finally {
            if (!attended) {
                // No thread could be had, or not enough. One that could may lead a loop already: let that end by itself.
                loops.forEach(EventLoop::close);
            }
        }
    }

    /**
     * Opens a group with a pool of its own.
     *
     * @param provider of the group
     * @param threads  number of threads, 1 or more
     * @param factory  makes them
     * @param options  of its loops
     * @return a group that is at work
     * @throws IOException when a ring cannot be set up
     */
    public static RingChannelGroup fixed(AsynchronousChannelProvider provider, int threads, ThreadFactory factory,
            LoopOptions options) throws IOException {
        if (threads <= 0) {
            throw new IllegalArgumentException("'nThreads' must be > 0");
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads, factory);
        int loopCount = Math.min(threads, Runtime.getRuntime().availableProcessors());
        return open(executor,
                () -> new RingChannelGroup(provider, "fixed, threads " + threads, executor, loopCount, options,
                        afterwards -> new FixedCrew(executor, threads, afterwards)));
    }

    /**
     * Opens a group that uses an executor of the user's.
     *
     * @param provider    of the group
     * @param executor    runs handlers; shut down with the group
     * @param initialSize how many of its threads may be occupied while nothing happens; below 0 for our own choice. As with
     *                    the JDK's provider, a pool without bounds is not occupied to the end on the user's choice: its
     *                    threads, if they are no daemons, would keep a process alive that has nothing left to do
     * @param options     of its loops
     * @return a group that is at work
     * @throws IOException when a ring cannot be set up
     */
    public static RingChannelGroup elastic(AsynchronousChannelProvider provider, ExecutorService executor,
            int initialSize, LoopOptions options) throws IOException {
        Objects.requireNonNull(executor, "'executor' is null");
        boolean isCached = executor instanceof ThreadPoolExecutor pool && limit(pool) == Integer.MAX_VALUE;
        if (initialSize < 0) {
            int size = isCached ? Runtime.getRuntime().availableProcessors() : 0;
            return elastic(provider, executor, initialSize, size, Stay.ALWAYS, options);
        }
        return elastic(provider, executor, initialSize, initialSize, isCached ? Stay.IN_USE : Stay.ALWAYS, options);
    }

    /**
     * Opens a group that uses a pool of its own, which makes daemon threads as needed.
     *
     * @param provider    of the group
     * @param executor    runs handlers; shut down with the group
     * @param initialSize how many of its threads may be occupied while nothing happens
     * @param options     of its loops
     * @return a group that is at work
     * @throws IOException when a ring cannot be set up
     */
    public static RingChannelGroup cached(AsynchronousChannelProvider provider, ExecutorService executor,
            int initialSize, LoopOptions options) throws IOException {
        return elastic(provider, executor, initialSize, initialSize, Stay.ALWAYS, options);
    }

    private static RingChannelGroup elastic(AsynchronousChannelProvider provider, ExecutorService executor,
            int initialSize, int size, Stay stay, LoopOptions options) throws IOException {
        int limit = limit(executor);
        int loopCount = Math.min(Runtime.getRuntime().availableProcessors(), size > 0 ? Math.min(size, limit) : limit);
        return new RingChannelGroup(provider,
                "executor " + executor.getClass().getName() + ", initialSize " + initialSize, executor, loopCount,
                options,
                afterwards -> new ElasticCrew(executor, size > 0 ? stay : Stay.SPELL, afterwards));
    }

    private static int limit(ExecutorService executor) {
        return executor instanceof ThreadPoolExecutor pool ? pool.getMaximumPoolSize() : Integer.MAX_VALUE;
    }

    private interface Opening {
        RingChannelGroup open() throws IOException;
    }

    private static RingChannelGroup open(ExecutorService own, Opening opening) throws IOException {
        boolean opened = false;
        try {
            RingChannelGroup group = opening.open();
            opened = true;
            return group;
        } finally {
            if (!opened) {
                own.shutdown();
            }
        }
    }

    // ---- channels

    /** The home loop of the next channel. */
    EventLoop nextLoop() {
        return loops.get(Integer.remainderUnsigned(opened.getAndIncrement(), loops.size()));
    }

    void add(Endpoint endpoint) {
        if (!endpoints.add(endpoint)) {
            throw new ShutdownChannelGroupException();
        }
    }

    void remove(Endpoint endpoint) {
        if (endpoints.remove(endpoint)) {
            terminate();
        }
    }

    /**
     * Brings an outcome that is certain to a handler, on a thread of the group.
     *
     * @throws ShutdownChannelGroupException when the group has terminated, or its executor refuses, so that there is no thread
     */
    <V> void deliver(Endpoint endpoint, CompletionHandler<? super V, ?> handler, Object attachment, V value,
            Throwable failure) {
        deliver(endpoint, new ImmediateOutcome<>(handler, attachment, value, failure));
    }

    /** The same for an outcome that is one already. */
    void deliver(Endpoint endpoint, Operation outcome) {
        boolean accepted;
        try {
            accepted = crew.deliver(endpoint.loop, outcome);
        } catch (RejectedExecutionException e) {
            accepted = false;
        }
        if (!accepted) {
            throw new ShutdownChannelGroupException();
        }
    }

    // ---- group

    @Override
    public void execute(Runnable task) {
        crew.execute(Objects.requireNonNull(task, "task"));
    }

    @Override
    public boolean isShutdown() {
        return endpoints.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return executor.isTerminated();
    }

    @Override
    public void shutdown() {
        if (endpoints.shutDown()) {
            terminate();
        }
    }

    @Override
    public void shutdownNow() {
        shutdown();
        // None comes after this.
        for (Endpoint endpoint : endpoints.snapshot()) {
            endpoint.close();
        }
    }

    private void terminate() {
        loops.forEach(EventLoop::close);
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, unit);
    }

    /**
     * Tells whether nothing of the group is left but its executor's threads. True before {@link EventLoop#onActivity} tells
     * for the last time.
     *
     * @return true from then on
     */
    public boolean hasEnded() {
        return crew.hasEnded();
    }

    /**
     * What the group's loops have done.
     *
     * @return one for each loop
     */
    public List<LoopStatistics> statistics() {
        return loops.stream().map(EventLoop::statistics).toList();
    }

    /**
     * What the group's loops run on.
     *
     * @return the engine of the options that it was opened with
     */
    public Engine engine() {
        return engine;
    }

    /**
     * How the group was opened, for people.
     *
     * @return kind of pool and its size
     */
    public String kind() {
        return kind;
    }

    /**
     * Names of the group's loops.
     *
     * @return joined by commas
     */
    public String loopNames() {
        return loops.stream().map(EventLoop::name).collect(Collectors.joining(", "));
    }

    /**
     * Flags that the rings of the group's loops were set up with.
     *
     * @return names
     */
    public String ringFlags() {
        return RingParameters.flagNames(loops.getFirst().statistics().setupFlags());
    }

    /**
     * The loops that the group's channels live on, for those who look.
     *
     * @return all of them, also those that have ended
     */
    public List<EventLoop> loops() {
        return List.copyOf(loops);
    }

    /**
     * Channels of the group.
     *
     * @return those whose descriptor has not been released
     */
    public int channels() {
        return endpoints.size();
    }
}
