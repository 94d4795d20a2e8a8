package io.nio2uring.reliability;

import java.nio.ByteBuffer;

/** The bytes of one connection, each determined by the connection's seed and its position. */
record Stream(long seed) {
    byte at(long position) {
        long word = (seed + (position >>> 3)) * 0x9E37_79B9_7F4A_7C15L;
        return (byte) (word >>> ((position & 7) * 8));
    }

    /** Fills what remains of {@code buffer} and flips it. */
    ByteBuffer fill(ByteBuffer buffer, long position) {
        for (long i = position; buffer.hasRemaining(); i++) {
            buffer.put(at(i));
        }
        return buffer.flip();
    }

    /** Fails unless what remains of {@code buffer} is the stream's from {@code position} on. */
    void compare(ByteBuffer buffer, long position) {
        for (long i = position; buffer.hasRemaining(); i++) {
            byte found = buffer.get();
            if (found != at(i)) {
                throw new AssertionError(
                        "byte " + i + " of the stream with seed " + seed + " is " + found + " but must be " + at(i));
            }
        }
    }
}
