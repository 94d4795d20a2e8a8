package io.nio2uring.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The buffers of an operation.
 *
 * @param array  whether they go to the method with an array
 * @param sizes  bytes of each; one entry unless {@code array}
 * @param direct bit i tells whether buffer i is direct
 * @param margin elements of the array before and after those to be used
 */
record Layout(boolean array, int[] sizes, int direct, int margin) {
    /** Bytes of each buffer before and after those that take part; nobody may touch them. */
    private static final int GUARD = 3;

    private static final byte UNTOUCHED = (byte) 0xA5;

    static Layout single(int size, boolean direct) {
        return new Layout(false, new int[] {size}, direct ? 1 : 0, 0);
    }

    int bytes() {
        return IntStream.of(sizes).sum();
    }

    /** Empty buffers. */
    ByteBuffer[] allocate() {
        ByteBuffer[] buffers = new ByteBuffer[sizes.length + 2 * margin];
        for (int i = 0; i < buffers.length; i++) {
            boolean used = i >= margin && i < margin + sizes.length;
            int capacity = (used ? sizes[i - margin] : 1) + 2 * GUARD;
            boolean isDirect = (direct >> (i & 31) & 1) != 0;
            ByteBuffer buffer = isDirect ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
            while (buffer.hasRemaining()) {
                buffer.put(UNTOUCHED);
            }
            buffers[i] = buffer.position(GUARD).limit(capacity - GUARD);
        }
        return buffers;
    }

    /** Fills the buffers with what a sender writes from a position of its stream on. */
    void fill(ByteBuffer[] buffers, int sender, long position) {
        long at = position;
        for (int i = margin; i < margin + sizes.length; i++) {
            for (int p = buffers[i].position(); p < buffers[i].limit(); p++) {
                buffers[i].put(p, contentAt(sender, at++));
            }
        }
    }

    /** Bytes that operations have moved so far. */
    int moved(ByteBuffer[] buffers) {
        return IntStream.range(margin, margin + sizes.length).map(i -> buffers[i].position() - GUARD).sum();
    }

    /** Fails unless the buffers hold what the sender wrote from that position on, in order, and nothing else. */
    void check(ByteBuffer[] buffers, int sender, long position) {
        long at = position;
        boolean full = true;
        for (int i = 0; i < buffers.length; i++) {
            ByteBuffer buffer = buffers[i];
            ByteBuffer all = buffer.duplicate().clear();
            boolean used = i >= margin && i < margin + sizes.length;
            for (int p = 0; p < buffer.capacity(); p++) {
                boolean received = p >= GUARD && p < buffer.position();
                if (received && (!used || !full)) {
                    throw new AssertionError("buffer " + i + " was filled before an earlier one was full");
                }
                byte expected = received ? contentAt(sender, at++) : UNTOUCHED;
                if (all.get(p) != expected) {
                    throw new AssertionError("wrong byte at " + p + " of buffer " + i + ", " + buffer + " of " + this);
                }
            }
            full &= !used || !buffer.hasRemaining();
        }
    }

    /** The byte at a position of the stream that a sender writes; neighbours and streams differ. */
    private static byte contentAt(int sender, long position) {
        return (byte) (position * 31 + sender * 17 + (position >>> 8) * 7);
    }

    @Override
    public String toString() {
        String shown = sizes.length > 8 ? sizes.length + " buffers" : Arrays.toString(sizes);
        return array ? shown + "+" + margin : String.valueOf(sizes[0]);
    }
}
