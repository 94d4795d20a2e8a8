package io.nio2uring;

import java.net.URL;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Assertions of the library that did not hold. They end a thread of the group, or are logged by one of the library's own, and
 * the work goes on: the test has to ask.
 */
public final class Invariants {
    private static final Queue<Throwable> BROKEN = new ConcurrentLinkedQueue<>();
    /** Kept, since the log manager does not keep it. */
    private static final Logger LOGGER = Logger.getLogger("io.nio2uring");

    static {
        LOGGER.addHandler(new Handler() {
            @Override
            public void publish(LogRecord logged) {
                if (logged.getThrown() != null) {
                    note(logged.getThrown());
                }
            }

            @Override
            public void flush() {
                // Nothing is kept back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        });
    }

    private Invariants() {
    }

    /** To be called before what may break one: from then on the log is looked at. */
    public static void watch() {
        // That this class is there is all it takes.
    }

    /** For what ended a thread, or was caught where it should not: kept, if it is an assertion of the library's. */
    public static void note(Throwable thrown) {
        if (thrown instanceof AssertionError && isOfTheLibrary(thrown.getStackTrace())) {
            BROKEN.add(thrown);
        }
    }

    private static boolean isOfTheLibrary(StackTraceElement[] frames) {
        if (frames.length == 0) {
            return false;
        }
        try {
            return origin(Class.forName(frames[0].getClassName())).equals(origin(OpenProviders.class));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static URL origin(Class<?> loaded) {
        return loaded.getProtectionDomain().getCodeSource().getLocation();
    }

    /** Fails if anything has been noted; once. */
    public static void assertHeld() {
        List<Throwable> broken = List.copyOf(BROKEN);
        BROKEN.clear();
        if (!broken.isEmpty()) {
            AssertionError failure = new AssertionError("assertions of the library did not hold");
            broken.forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
