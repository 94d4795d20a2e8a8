package io.nio2uring.frameworks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Bytes that follow from a seed and their place, so that each one can be checked wherever it arrives. */
public final class Payload {
    private Payload() {
    }

    /** The byte at {@code index} of the stream that {@code seed} names. */
    public static byte at(long seed, long index) {
        long mixed = (index + seed * 31) * 0x9E37_79B9_7F4A_7C15L;
        return (byte) (mixed >>> 56 ^ mixed >>> 21);
    }

    /** The first {@code length} bytes. */
    public static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(seed, i);
        }
        return bytes;
    }

    /** The first {@code length} bytes as a stream. */
    public static InputStream stream(long seed, long length) {
        return new Source(seed, length);
    }

    /** Reads to the end; fails unless that were exactly the first {@code length} bytes. */
    public static void check(InputStream in, long seed, long length) throws IOException {
        Check check = new Check(seed);
        in.transferTo(check);
        check.assertLength(length);
    }

    private static final class Source extends InputStream {
        private final long seed;
        private final long length;
        private long index;

        Source(long seed, long length) {
            this.seed = seed;
            this.length = length;
        }

        @Override
        public int read() {
            return index == length ? -1 : at(seed, index++) & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) {
            if (count == 0) {
                return 0;
            }
            int read = (int) Math.min(count, length - index);
            for (int i = 0; i < read; i++) {
                bytes[offset + i] = at(seed, index++);
            }
            return read == 0 ? -1 : read;
        }
    }

    /** Compares each byte that is written to it; fails at the first wrong one. */
    public static final class Check extends OutputStream {
        private final long seed;
        private long index;

        /** Expects the stream that {@code seed} names. */
        public Check(long seed) {
            this.seed = seed;
        }

        @Override
        public void write(int value) {
            if ((byte) value != at(seed, index)) {
                throw new AssertionError("byte " + index + " of payload " + seed + " is wrong");
            }
            index++;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            for (int i = 0; i < count; i++) {
                write(bytes[offset + i]);
            }
        }

        /** The bytes that were written so far, all of them right. */
        public long length() {
            return index;
        }

        /** Fails unless exactly {@code length} bytes were written. */
        public void assertLength(long length) {
            if (index != length) {
                throw new AssertionError(index + " bytes of payload " + seed + " instead of " + length);
            }
        }
    }
}
