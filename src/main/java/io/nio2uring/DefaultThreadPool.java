package io.nio2uring;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import io.nio2uring.loop.Threads;

/**
 * The thread pool of the default group, as {@link java.nio.channels.AsynchronousChannelGroup} specifies it.
 *
 * @param executor    makes threads as needed
 * @param initialSize how many of them may be occupied while nothing happens
 */
record DefaultThreadPool(ExecutorService executor, int initialSize) {
    static final String THREAD_FACTORY = "java.nio.channels.DefaultThreadPool.threadFactory";
    static final String INITIAL_SIZE = "java.nio.channels.DefaultThreadPool.initialSize";

    /**
     * Reads the properties.
     *
     * @throws Error if one of them cannot be used; that is what the specification asks for
     */
    static DefaultThreadPool fromSystemProperties() {
        int size = readInitialSize();
        return new DefaultThreadPool(Executors.newCachedThreadPool(readThreadFactory()), size);
    }

    private static int readInitialSize() {
        String value = System.getProperty(INITIAL_SIZE);
        if (value == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            int size = Integer.parseInt(value);
            return size < 0 ? Runtime.getRuntime().availableProcessors() : size;
        } catch (NumberFormatException e) {
            throw new Error("Value of property '" + INITIAL_SIZE + "' is not a whole number: '" + value + "'", e);
        }
    }

    private static ThreadFactory readThreadFactory() {
        String name = System.getProperty(THREAD_FACTORY);
        if (name == null) {
            AtomicInteger number = new AtomicInteger();
            return task -> Threads.daemon(task, "nio2uring-default-" + number.incrementAndGet());
        }
        try {
            return (ThreadFactory) Class.forName(name, true, ClassLoader.getSystemClassLoader())
                    .getDeclaredConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new Error("Value of property '" + THREAD_FACTORY + "' cannot be used: " + name, e.getCause());
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new Error("Value of property '" + THREAD_FACTORY + "' cannot be used: " + name, e);
        }
    }
}
