package io.nio2uring.simulation;

/** Something that must never be has been seen; ends the run of the seed. */
final class Violation extends Error {
    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
