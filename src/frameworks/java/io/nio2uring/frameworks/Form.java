package io.nio2uring.frameworks;

/** How much is run: the short form in every build, the long one in a profile of its own. */
public enum Form {
    /** A few seconds for each piece of software. */
    SHORT,
    /** Some minutes. */
    LONG;

    /** The form that the system property {@code frameworks.form} names. */
    public static Form running() {
        return valueOf(System.getProperty("frameworks.form", "unset").toUpperCase(java.util.Locale.ROOT));
    }

    /** One of two amounts, by the form that runs. */
    public static int choose(int whenShort, int whenLong) {
        return running() == SHORT ? whenShort : whenLong;
    }

    /** Mebibytes, by the form that runs, as bytes. */
    public static long mebibytes(int whenShort, int whenLong) {
        return (long) choose(whenShort, whenLong) << 20;
    }
}
