package io.nio2uring.fuzz;

/**
 * How an operation is started.
 *
 * @param future whether its outcome goes to a future; else to a handler
 * @param place  the group in one of whose handlers the call is made, or {@link #OUTSIDE}
 */
record How(boolean future, int place) {
    static final int OUTSIDE = -1;

    @Override
    public String toString() {
        return (future ? "future" : "handler") + (place == OUTSIDE ? "" : "@G" + place);
    }
}
