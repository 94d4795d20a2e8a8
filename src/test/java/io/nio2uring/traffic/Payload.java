package io.nio2uring.traffic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An endless stream of seeded random bytes, of which any part can be made or checked alone: a lost, doubled or moved
 * byte is found at its offset.
 */
record Payload(long seed) {
    /** Fills {@code dst} from its position to its limit with the stream from {@code offset} on. */
    void fill(ByteBuffer dst, long offset) {
        ByteOrder order = dst.order();
        dst.order(ByteOrder.LITTLE_ENDIAN);
        long at = offset;
        while (dst.hasRemaining()) {
            if ((at & 7) == 0 && dst.remaining() >= Long.BYTES) {
                dst.putLong(word(at >>> 3));
                at += Long.BYTES;
            } else {
                dst.put(byteAt(at++));
            }
        }
        dst.order(order);
    }

    /** Fails unless the bytes of {@code src} from position to limit are the stream from {@code offset} on. */
    void check(ByteBuffer src, long offset) {
        ByteBuffer view = src.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long at = offset;
        while (view.hasRemaining()) {
            if ((at & 7) == 0 && view.remaining() >= Long.BYTES && view.getLong(view.position()) == word(at >>> 3)) {
                view.position(view.position() + Long.BYTES);
                at += Long.BYTES;
                continue;
            }
            byte got = view.get();
            byte expected = byteAt(at);
            if (got != expected) {
                throw new AssertionError("byte " + at + " of the stream: expected " + expected + ", got " + got
                        + " (buffer holds bytes " + offset + " to " + (offset + src.remaining()) + ")");
            }
            at++;
        }
    }

    /** The first {@code count} bytes. */
    byte[] first(int count) {
        byte[] bytes = new byte[count];
        fill(ByteBuffer.wrap(bytes), 0);
        return bytes;
    }

    private byte byteAt(long offset) {
        return (byte) (word(offset >>> 3) >>> ((offset & 7) << 3));
    }

    /** Eight bytes of the stream; neighbouring seeds give unrelated streams. */
    private long word(long index) {
        return mix(mix(seed) + index * 0x9E3779B97F4A7C15L);
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
