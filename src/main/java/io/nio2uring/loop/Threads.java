package io.nio2uring.loop;

/** Makes the threads that are ours: daemon, named, and without the class loader of whoever happened to create them. */
public final class Threads {
    private Threads() {
    }

    /**
     * Creates a platform thread of ours, not started.
     *
     * @param task to run
     * @param name of the thread
     * @return a daemon thread
     */
    public static Thread daemon(Runnable task, String name) {
        Thread thread = Thread.ofPlatform().name(name).daemon(true).inheritInheritableThreadLocals(false)
                .unstarted(task);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }
}
