package io.nio2uring.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

import io.nio2uring.sys.SocketCalls;

/**
 * Memory for a system call that a thread makes by itself rather than leave it to the loop: a place for bytes that lie where
 * the kernel cannot be sent, and one for errno. A loop has several of it, so that nothing is allocated for a call; who finds
 * all taken leaves the call to the loop.
 */
public final class CallersMemory {
    private static final int COUNT = 8;
    private static final int SIZE_BYTES = 64 * 1024;

    private final AtomicBoolean taken = new AtomicBoolean();
    // Made when first needed, which is never in many programs, by whoever has taken this.
    private MemorySegment bytes;
    private MemorySegment errno;

    private CallersMemory() {
    }

    /** Makes those of a loop. */
    static CallersMemory[] several() {
        CallersMemory[] several = new CallersMemory[COUNT];
        for (int i = 0; i < COUNT; i++) {
            several[i] = new CallersMemory();
        }
        return several;
    }

    /** Takes one of several for the calling thread; null when others have all of them, or when there is no memory. */
    static CallersMemory tryTake(CallersMemory[] several) {
        for (CallersMemory each : several) {
            if (each.tryTake()) {
                return each;
            }
        }
        return null;
    }

    private boolean tryTake() {
        if (taken.get() || !taken.compareAndSet(false, true)) {
            return false;
        }
        try {
            if (errno == null) {
                errno = Arena.ofAuto().allocate(SocketCalls.ERRNO_LAYOUT);
            }
            return true;
        } catch (Throwable e) {
            release();
            return false;
        }
    }

    /** Gives it back. */
    void release() {
        taken.set(false);
    }

    /**
     * Where bytes can be put.
     *
     * @return address of {@link #sizeBytes} bytes
     */
    public long address() {
        if (bytes == null) {
            bytes = Arena.ofAuto().allocate(SIZE_BYTES, Long.BYTES);
        }
        return bytes.address();
    }

    /**
     * How many can.
     *
     * @return a number of bytes
     */
    public int sizeBytes() {
        return SIZE_BYTES;
    }

    /**
     * Where a call leaves the reason of its failure.
     *
     * @return of {@link SocketCalls#ERRNO_LAYOUT}
     */
    public MemorySegment errno() {
        return errno;
    }
}
