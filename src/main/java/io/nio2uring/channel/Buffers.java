package io.nio2uring.channel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

import io.nio2uring.sys.RawMemory;

/** What there is to know about users' buffers. */
final class Buffers {
    /**
     * The class of the scope of buffers that {@link ByteBuffer#allocateDirect} made, and of memory that lives for ever
     * or as long as it is reachable. Memory of any other scope can be freed while the kernel uses it: nothing public
     * keeps an arena open.
     */
    private static final Class<?> DIRECT_SCOPE = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1)).scope()
            .getClass();
    private static final Class<?> AUTO_SCOPE = Arena.ofAuto().scope().getClass();
    private static final Class<?> GLOBAL_SCOPE = Arena.global().scope().getClass();

    private Buffers() {
    }

    /**
     * Address of a buffer's first remaining byte.
     *
     * @return 0 when the kernel must not be given this buffer: it is on the heap, or its memory can be freed
     */
    static long address(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return 0;
        }
        MemorySegment segment = MemorySegment.ofBuffer(buffer);
        Class<?> scope = segment.scope().getClass();
        return scope == DIRECT_SCOPE || scope == AUTO_SCOPE || scope == GLOBAL_SCOPE ? segment.address() : 0;
    }

    /** Address of a buffer's byte 0, with the exception of {@link #address}. */
    static long start(ByteBuffer buffer) {
        // Of a duplicate, whose position nobody changes meanwhile.
        return buffer.isDirect() ? address(buffer.duplicate().clear()) : 0;
    }

    /** Why an operation cannot use a buffer: it is null, or its memory is one thread's, or gone. Null when it can. */
    static RuntimeException refusal(ByteBuffer buffer) {
        if (buffer == null) {
            return new NullPointerException("one of the buffers is null");
        }
        if (!buffer.isDirect() || address(buffer) != 0) {
            return null;
        }
        MemorySegment segment = MemorySegment.ofBuffer(buffer);
        if (!segment.scope().isAlive()) {
            return new IllegalStateException("the buffer's arena is closed");
        }
        return segment.isAccessibleBy(ANY_THREAD) ? null
                : new IllegalStateException("the buffer's arena is confined to one thread, and no loop could touch it");
    }

    /** Never started; it owns no arena, so what it may touch is not confined. */
    private static final Thread ANY_THREAD = Thread.ofPlatform().unstarted(() -> {
    });

    /** Copies from native memory into the buffer, which has room for it, and advances it. */
    static void put(ByteBuffer target, long source, int lengthBytes) {
        int position = target.position();
        if (target.hasArray()) {
            RawMemory.copyTo(source, target.array(), target.arrayOffset() + position, lengthBytes);
        } else {
            RawMemory.copyTo(source, MemorySegment.ofBuffer(target), 0, lengthBytes);
        }
        target.position(position + lengthBytes);
    }

    /** Copies the first remaining bytes of the buffer, which it has, to native memory; the position stays. */
    static void get(ByteBuffer source, long target, int lengthBytes) {
        if (source.hasArray()) {
            RawMemory.copyFrom(source.array(), source.arrayOffset() + source.position(), target, lengthBytes);
        } else {
            RawMemory.copyFrom(MemorySegment.ofBuffer(source), 0, target, lengthBytes);
        }
    }

    /** Copies as much as both have room and bytes for into the target, and advances both. */
    static void put(ByteBuffer target, ByteBuffer source) {
        int part = Math.min(target.remaining(), source.remaining());
        int position = target.position();
        target.put(position, source, source.position(), part);
        target.position(position + part);
        source.position(source.position() + part);
    }

    /** Copies as many of the source's remaining bytes as the target has room for, and advances the target only. */
    static void get(ByteBuffer source, ByteBuffer target) {
        int part = Math.min(source.remaining(), target.remaining());
        int position = target.position();
        target.put(position, source, source.position(), part);
        target.position(position + part);
    }
}
