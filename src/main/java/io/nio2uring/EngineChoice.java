package io.nio2uring;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Locale;

import io.nio2uring.diagnostics.Availability;
import io.nio2uring.diagnostics.Host;
import io.nio2uring.diagnostics.Report.Verdict;
import io.nio2uring.loop.Engine;

/**
 * What a provider runs on, and why. Whether io_uring can be used is found out once in a process.
 *
 * @param engine what
 * @param reason why, for people
 */
record EngineChoice(Engine engine, String reason) {
    private static final System.Logger LOGGER = System.getLogger("io.nio2uring");

    /** What the user wants: a value of the property {@code nio2uring.mode}. */
    enum Mode {
        /** Whatever is possible, io_uring first. */
        AUTO,
        /** io_uring or nothing. */
        URING,
        /** {@code java.nio}, even where io_uring can be used. */
        PORTABLE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Null until found out; guarded by the class. */
    private static Verdict verdict;
    private static boolean warned;

    /**
     * Chooses.
     *
     * @param mode what the user wants
     * @throws IOException if that cannot be had, or if it cannot be told because something has run out
     */
    static synchronized EngineChoice of(Mode mode) throws IOException {
        if (mode == Mode.PORTABLE) {
            return new EngineChoice(Engine.PORTABLE, "nio2uring.mode is portable");
        }
        if (verdict == null) {
            verdict = Availability.probe(Host.current());
        }
        if (verdict.usable()) {
            return new EngineChoice(Engine.IO_URING, "io_uring can be used");
        }
        if (mode == Mode.URING) {
            throw new IOException(
                    "nio2uring.mode is uring, but io_uring cannot be used. " + causeAndRemedy(verdict));
        }
        if (!warned) {
            warned = true;
            LOGGER.log(Level.WARNING, "Asynchronous channels run on java.nio, since io_uring cannot be used. {0} "
                    + "To leave it at that without this warning: -Dnio2uring.mode=portable", causeAndRemedy(verdict));
        }
        return new EngineChoice(Engine.PORTABLE, verdict.reason());
    }

    private static String causeAndRemedy(Verdict verdict) {
        return verdict.reason() + " Remedy: " + String.join(" ", verdict.advice());
    }
}
