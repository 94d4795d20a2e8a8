package io.nio2uring.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * While this is open, memory that the product frees is filled with a pattern and kept, and with it memory of arenas that
 * {@link #allocate} has given out. Whoever writes into it afterwards, the kernel above all, is found by {@link #verify};
 * whoever sends it sends the pattern.
 */
@SuppressWarnings("restricted")
public final class FreedMemory implements AutoCloseable {
    /** What freed memory holds. */
    public static final byte PATTERN = (byte) 0xDB;

    private record Kept(MemorySegment memory, Consumer<MemorySegment> giveBack) {
    }

    private final NativeMemory.Disposal usual = NativeMemory.disposal;
    private final Queue<Kept> kept = new ConcurrentLinkedQueue<>();
    private final Queue<Kept> keptOfArenas = new ConcurrentLinkedQueue<>();

    private FreedMemory() {
        NativeMemory.disposal = (memory, giveBack) -> keep(kept, memory, giveBack);
    }

    /** Begins to keep. */
    public static FreedMemory keep() {
        return new FreedMemory();
    }

    private static void keep(Queue<Kept> where, MemorySegment memory, Consumer<MemorySegment> giveBack) {
        where.add(new Kept(memory.fill(PATTERN), giveBack));
    }

    /** Memory that is kept when its arena ends: is closed, or is no longer reachable. */
    public MemorySegment allocate(Arena arena, long bytes) {
        MemorySegment memory = NativeMemory.calloc(bytes);
        return memory.reinterpret(arena, end -> keep(keptOfArenas, end, whole -> NativeMemory.free(whole)));
    }

    /** How many pieces of memory the product has freed. */
    public int count() {
        return kept.size();
    }

    /** How many pieces of {@link #allocate} are free. */
    public int countOfArenas() {
        return keptOfArenas.size();
    }

    /** Fails if anybody has written into memory after it was freed. */
    public void verify() {
        kept.forEach(FreedMemory::verify);
        keptOfArenas.forEach(FreedMemory::verify);
    }

    private static void verify(Kept each) {
        MemorySegment memory = each.memory();
        for (long i = 0; i < memory.byteSize(); i++) {
            byte found = memory.get(ValueLayout.JAVA_BYTE, i);
            if (found != PATTERN) {
                throw new AssertionError("byte " + i + " of " + memory.byteSize() + " that were freed is " + found
                        + ": somebody has written there since");
            }
        }
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        NativeMemory.disposal = usual;
        kept.forEach(each -> each.giveBack().accept(each.memory()));
        keptOfArenas.forEach(each -> each.giveBack().accept(each.memory()));
    }
}
