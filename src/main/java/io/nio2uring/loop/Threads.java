package io.nio2uring.loop;

/** Makes the threads that are ours: daemon, named, and without group and class loader of whoever happened to create them. */
public final class Threads {
    /** The topmost group: that of whoever opened a channel may be watched, interrupted or waited for by its owner. */
    private static final ThreadGroup TOP = top();

    private Threads() {
    }

    private static ThreadGroup top() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /**
     * Creates a platform thread of ours, not started.
     *
     * @param task to run
     * @param name of the thread
     * @return a daemon thread
     */
    public static Thread daemon(Runnable task, String name) {
        Thread thread = Thread.ofPlatform().group(TOP).name(name).daemon(true).inheritInheritableThreadLocals(false)
                .unstarted(task);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }
}
