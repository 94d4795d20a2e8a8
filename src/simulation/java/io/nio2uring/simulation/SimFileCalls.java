package io.nio2uring.simulation;

import io.nio2uring.sys.Errno;

/** Stands for {@link io.nio2uring.sys.FileCalls}. */
public final class SimFileCalls {
    private SimFileCalls() {
    }

    private static Kernel kernel() {
        return Hooks.simulation.kernel;
    }

    public static int close(int fd) {
        return kernel().close(fd);
    }

    public static int dup3(int oldFd, int newFd, int flags) {
        SimSocket replacing = kernel().socket(oldFd);
        if (!replacing.isUnix()) {
            throw kernel().scheduler.fail("nothing but a Unix-domain socket takes another's place");
        }
        // The users know the socket already: it changes its kind instead.
        kernel().socket(newFd).becomeUnix();
        return newFd;
    }

    public static int eventfd(int initial, int flags) {
        return kernel().isExhausted() ? -Errno.EMFILE : kernel().install(new SimEventFd(kernel()));
    }

    public static void signalEventfd(int fd) {
        Hooks.point();
        if (!(kernel().file(fd) instanceof SimEventFd event)) {
            throw kernel().scheduler.fail("signals descriptor " + fd + ", which is no open event descriptor");
        }
        event.signal();
    }

    public static long readEventfd(int fd) {
        // Who asks again and again waits for another thread.
        kernel().scheduler.pause();
        return kernel().file(fd) instanceof SimEventFd event ? event.take() : -Errno.EBADF;
    }

    public static long openFilesLimit() {
        return Long.MAX_VALUE;
    }
}
