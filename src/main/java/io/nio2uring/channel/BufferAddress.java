package io.nio2uring.channel;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/**
 * Where the buffer lies that one direction of a channel has used last: most channels use the same again and again, and
 * {@link Buffers#address} makes objects, which compilers do not remove in every place. A buffer's memory never moves.
 *
 * <p>Remembering a buffer does not keep it alive. It takes an object, too, and so is done for one that comes twice in a
 * row. Used by one thread at a time.
 */
final class BufferAddress {
    /** The buffer whose address is known; null for none. */
    private WeakReference<ByteBuffer> known;
    private long knownStart;
    /** The last buffer that was not the known one, by its hash: if another has the same, no harm is done. */
    private int lastHash;

    /**
     * Address of a buffer's byte 0.
     *
     * @return 0 when the kernel must not be given this buffer, as {@link Buffers#address} says
     */
    long startOf(ByteBuffer buffer) {
        WeakReference<ByteBuffer> reference = known;
        if (reference != null && reference.refersTo(buffer)) {
            return knownStart;
        }
        return buffer.isDirect() ? find(buffer) : 0;
    }

    private long find(ByteBuffer buffer) {
        long start = Buffers.start(buffer);
        if (start == 0) {
            return 0;
        }
        int hash = System.identityHashCode(buffer);
        if (hash != lastHash) {
            lastHash = hash;
        } else {
            knownStart = start;
            known = new WeakReference<>(buffer);
        }
        return start;
    }
}
