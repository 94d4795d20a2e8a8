package io.nio2uring.loop;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** Something that a person has to look at and that a thread of ours survives: the log is told of it once. Thread-safe. */
public final class Trouble {
    private static final System.Logger LOGGER = System.getLogger("io.nio2uring");

    private final String message;
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * There before it is needed: where memory is lacking, there is none for a message either, not even for a constant that
     * the virtual machine has not yet come across.
     *
     * @param message what it is, what becomes of it, and the remedy
     */
    public Trouble(String message) {
        this.message = message;
    }

    /**
     * Logs a warning if this is the first time, or the first since it was {@link #over}. Never throws.
     *
     * @param failure what was thrown; null when nothing was
     */
    public void tell(Throwable failure) {
        try {
            if (told.compareAndSet(false, true)) {
                LOGGER.log(Level.WARNING, message, failure);
            }
        } catch (Throwable ignored) {
            // Whatever is lacking, the log lacks it, too.
        }
    }

    /** All is well: when it comes back, the log is told again. */
    public void over() {
        told.set(false);
    }
}
