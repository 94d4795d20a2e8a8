package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import io.nio2uring.Invariants;
import io.nio2uring.ProcessDump;

/** A group with what a test wants to see of it: its threads, and what its handlers threw. */
final class TestGroup implements AutoCloseable {
    /** The context class loader of all threads that the test's factories make. */
    static final ClassLoader LOADER = new URLClassLoader(new URL[0], TestGroup.class.getClassLoader());

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private final Thread creator = Thread.currentThread();
    private final AsynchronousChannelGroup group;
    private final ExecutorService executor;
    /** Gives the process back the uncaught handler that it had. */
    private Runnable restoration = () -> {};

    private TestGroup(Opening opening) throws IOException {
        Invariants.watch();
        this.executor = opening.executor(this);
        this.group = opening.group(this, executor);
    }

    private interface Opening {
        default ExecutorService executor(TestGroup test) {
            return null;
        }

        AsynchronousChannelGroup group(TestGroup test, ExecutorService executor) throws IOException;
    }

    static TestGroup of(GroupKind kind) throws IOException {
        return switch (kind) {
            case DEFAULT -> new TestGroup((test, executor) -> null);
            case FIXED_OF_ONE -> fixed(1);
            case FIXED_OF_THREE -> fixed(3);
            case CACHED -> cached(1);
            case CUSTOM -> over(3);
            case VIRTUAL -> virtual();
        };
    }

    static TestGroup fixed(int count) throws IOException {
        return new TestGroup((test, executor) -> AsynchronousChannelGroup.withFixedThreadPool(count,
                test.factory(Thread.ofPlatform().daemon())));
    }

    static TestGroup cached(int initialSize) throws IOException {
        return new TestGroup(new Opening() {
            @Override
            public ExecutorService executor(TestGroup test) {
                return Executors.newCachedThreadPool(test.factory(Thread.ofPlatform().daemon()));
            }

            @Override
            public AsynchronousChannelGroup group(TestGroup test, ExecutorService executor) throws IOException {
                return AsynchronousChannelGroup.withCachedThreadPool(executor, initialSize);
            }
        });
    }

    /** A group over an executor of the caller's with the given number of threads. */
    static TestGroup over(int count) throws IOException {
        return new TestGroup(new Opening() {
            @Override
            public ExecutorService executor(TestGroup test) {
                return Executors.newFixedThreadPool(count, test.factory(Thread.ofPlatform().daemon()));
            }

            @Override
            public AsynchronousChannelGroup group(TestGroup test, ExecutorService executor) throws IOException {
                return AsynchronousChannelGroup.withThreadPool(executor);
            }
        });
    }

    private static TestGroup virtual() throws IOException {
        return new TestGroup(new Opening() {
            @Override
            public ExecutorService executor(TestGroup test) {
                return Executors.newThreadPerTaskExecutor(test.factory(Thread.ofVirtual()));
            }

            @Override
            public AsynchronousChannelGroup group(TestGroup test, ExecutorService executor) throws IOException {
                return AsynchronousChannelGroup.withThreadPool(executor);
            }
        });
    }

    private ThreadFactory factory(Thread.Builder builder) {
        ThreadFactory plain = builder.uncaughtExceptionHandler((thread, thrown) -> {
            uncaught.add(thrown);
            Invariants.note(thrown);
        }).factory();
        return task -> {
            Thread thread = plain.newThread(task);
            thread.setContextClassLoader(LOADER);
            threads.add(thread);
            return thread;
        };
    }

    /** The group, null for the default group. */
    AsynchronousChannelGroup group() {
        return group;
    }

    /** The executor that the test gave to the group, null where the group made its own. */
    ExecutorService executor() {
        return executor;
    }

    /** The threads made so far, alive or not. */
    Set<Thread> threads() {
        return threads;
    }

    /** What handlers threw, once for each time that a thread's uncaught handler saw it. */
    Queue<Throwable> uncaught() {
        return uncaught;
    }

    /**
     * Has {@link #uncaught} hold what handlers of the default group throw, too, until this is closed: the threads of that
     * group have no uncaught handler but the one of the process.
     */
    TestGroup seeingUncaught() {
        if (group == null) {
            Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
            Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
            restoration = () -> Thread.setDefaultUncaughtExceptionHandler(before);
        }
        return this;
    }

    AsynchronousSocketChannel socket() throws IOException {
        return AsynchronousSocketChannel.open(group);
    }

    AsynchronousServerSocketChannel server() throws IOException {
        return AsynchronousServerSocketChannel.open(group);
    }

    /** Fails unless the thread is one of the group's own. The default group's are known only by not being ours. */
    void assertOwns(Thread thread) {
        if (group == null) {
            assertNotEquals(creator, thread, "a handler of the default group ran on the initiating thread");
        } else {
            assertTrue(threads.contains(thread), () -> "the handler ran on " + thread + ", not on one of " + threads);
        }
    }

    /** Closes what is open and waits for the end of every thread; a group that does not terminate fails the test. */
    @Override
    public void close() throws IOException {
        restoration.run();
        if (group == null) {
            return;
        }
        group.shutdownNow();
        boolean terminated = false;
        try {
            terminated = group.awaitTermination(Eventually.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertTrue(terminated,
                () -> "the group did not terminate after shutdownNow; its handlers or threads threw " + uncaught + "\n"
                        + ProcessDump.now());
    }
}
