package io.nio2uring;

/** Throws what the compiler would have declared. */
public final class Thrown {
    private Thrown() {
    }

    /** Throws it, whatever it is. */
    public static void now(Throwable any) {
        throwAny(any);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void throwAny(Throwable any) throws X {
        throw (X) any;
    }
}
