package io.nio2uring.simulation;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The buffers of one read or write, and what is known about their content. */
final class Transfer {
    private static final int MAX_BYTES = 200;
    private static final byte UNTOUCHED = 0x55;
    /** Direct buffers are dear; each run uses them anew, each once. */
    private static final List<ByteBuffer> DIRECT = new ArrayList<>();

    private final World world;
    final ByteBuffer[] buffers;
    private final int[] starts;
    private byte[][] reported;

    Transfer(World world, boolean several) {
        this.world = world;
        Rng rng = world.scheduler.rng;
        buffers = new ByteBuffer[several ? rng.between(1, 4) : 1];
        starts = new int[buffers.length];
        boolean direct = rng.oneIn(2);
        for (int i = 0; i < buffers.length; i++) {
            int size = rng.between(1, MAX_BYTES);
            int offset = rng.below(3);
            ByteBuffer buffer = (several && rng.oneIn(8) ? !direct : direct) ? direct() : ByteBuffer.allocate(256);
            fill(buffer, UNTOUCHED);
            starts[i] = offset;
            buffers[i] = buffer.limit(offset + size).position(offset);
        }
    }

    private ByteBuffer direct() {
        if (world.directUsed == DIRECT.size()) {
            DIRECT.add(ByteBuffer.allocateDirect(256));
        }
        ByteBuffer buffer = DIRECT.get(world.directUsed++).clear();
        world.simulation.kernel.memory.lend(MemorySegment.ofBuffer(buffer).address(), buffer.capacity());
        return buffer;
    }

    int remaining() {
        int sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    /** Fills the buffers with the next bytes of a stream. */
    void fill(Stream stream) {
        long position = stream.written;
        for (ByteBuffer buffer : buffers) {
            for (int i = buffer.position(); i < buffer.limit(); i++) {
                buffer.put(i, stream.at(position++));
            }
        }
        stream.offered = Math.max(stream.offered, position);
    }

    /** Compares what was read with a stream, and advances it. */
    void verify(Stream stream, long count) {
        long left = count;
        for (int b = 0; b < buffers.length; b++) {
            ByteBuffer buffer = buffers[b];
            int end = starts[b] + (int) Math.min(left, buffer.limit() - starts[b]);
            if (buffer.position() != end) {
                throw world.scheduler.fail("position " + buffer.position() + " instead of " + end);
            }
            for (int i = starts[b]; i < end; i++) {
                if (buffer.get(i) != stream.at(stream.read++)) {
                    throw world.scheduler.fail("byte " + (stream.read - 1) + " of the stream is wrong");
                }
            }
            left -= end - starts[b];
            byte[] content = content(buffer);
            for (int i = 0; i < content.length; i++) {
                if ((i < starts[b] || i >= end) && content[i] != UNTOUCHED) {
                    throw world.scheduler.fail("written outside of what was read, at " + i + " of " + buffer);
                }
            }
        }
    }

    /** The operation's outcome is known: from here on the buffers are the user's alone. */
    void report(boolean written) {
        reported = new byte[buffers.length][];
        for (int b = 0; b < buffers.length; b++) {
            ByteBuffer buffer = buffers[b];
            if (buffer.isDirect()) {
                // Of the whole buffer, whatever its position and limit.
                long address = MemorySegment.ofBuffer(buffer.duplicate().clear()).address();
                Request user = world.simulation.kernel.userOf(address, buffer.capacity());
                if (user != null) {
                    throw world.scheduler.fail("reported, but the kernel still has the buffer: " + user);
                }
            }
            if (written) {
                // Whoever still reads this sends garbage.
                fill(buffer, (byte) 0xEE);
            }
            reported[b] = content(buffer);
        }
        world.reported.add(this);
    }

    // The whole of a buffer, whatever its position and limit.

    private static void fill(ByteBuffer buffer, byte value) {
        ByteBuffer whole = buffer.duplicate().clear();
        while (whole.hasRemaining()) {
            whole.put(value);
        }
    }

    private static byte[] content(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(bytes);
        return bytes;
    }

    /** At the end: nobody has touched the buffers since. */
    void verifyUntouched() {
        for (int b = 0; b < buffers.length; b++) {
            if (!java.util.Arrays.equals(content(buffers[b]), reported[b])) {
                throw world.scheduler.fail("a buffer was touched after its operation was reported");
            }
        }
    }
}
