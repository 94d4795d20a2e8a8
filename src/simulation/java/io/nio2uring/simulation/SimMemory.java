package io.nio2uring.simulation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Stands for {@link io.nio2uring.sys.NativeMemory}. */
@SuppressWarnings("restricted")
public final class SimMemory {
    private SimMemory() {
    }

    private static Memory memory() {
        return Hooks.simulation.kernel.memory;
    }

    public static MemorySegment calloc(long bytes) {
        return MemorySegment.ofAddress(memory().allocate(bytes)).reinterpret(bytes);
    }

    public static void free(MemorySegment segment) {
        memory().free(segment.address());
    }

    public static MemorySegment mapAnonymous(long bytes, Arena arena) {
        return MemorySegment.ofAddress(memory().allocate(bytes)).reinterpret(bytes, arena,
                segment -> memory().free(segment.address()));
    }

    public static long allocatedBytes() {
        return memory().allocatedBytes();
    }
}
