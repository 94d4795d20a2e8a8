package io.nio2uring.diagnostics;

/**
 * One thing that was found out.
 *
 * @param key   its name for machines
 * @param label its name for people
 * @param value for machines: a string, number, boolean, null, or lists and maps of these
 * @param text  the same for people
 * @param mark  what it means for the use of io_uring
 * @param note  what to know about it, or empty
 */
public record Fact(String key, String label, Object value, String text, Mark mark, String note) {
    /** Whether something is as it should be. */
    public enum Mark {
        /** Neither good nor bad. */
        NEUTRAL,
        /** As it should be. */
        GOOD,
        /** Keeps something from working. */
        BAD
    }

    /**
     * A fact that is neither good nor bad.
     *
     * @param key   its name for machines
     * @param label its name for people
     * @param value as above
     * @param note  what to know about it, or empty
     * @return the fact
     */
    public static Fact of(String key, String label, Object value, String note) {
        return new Fact(key, label, value, String.valueOf(value), Mark.NEUTRAL, note);
    }

    /**
     * Whether something is there that the library does without if need be.
     *
     * @param name  for both
     * @param there if it is
     * @param note  what it is, and what happens without
     * @return the fact
     */
    static Fact optional(String name, boolean there, String note) {
        return new Fact(name, name, there, there ? "yes" : "no", there ? Mark.GOOD : Mark.NEUTRAL, note);
    }

    /**
     * Whether something is there that is needed.
     *
     * @param name  for both
     * @param there if it is
     * @param note  what it is
     * @return the fact
     */
    static Fact needed(String name, boolean there, String note) {
        return new Fact(name, name, there, there ? "yes" : "no", there ? Mark.GOOD : Mark.BAD, note);
    }
}
