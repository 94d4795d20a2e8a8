package io.nio2uring.simulation;

/** The bytes that one side of a connection sends: each is known by its position, so the other side can tell. */
final class Stream {
    private final int salt;
    /** What the writer has handed to writes; what these have reported; what the reader has seen. */
    long offered;
    long written;
    long read;
    /** Whether a write ended without telling how much it had sent. */
    boolean uncertain;

    Stream(int salt) {
        this.salt = salt;
    }

    byte at(long position) {
        return (byte) (position * 31 + (position >>> 8) * 7 + salt * 101L);
    }
}
