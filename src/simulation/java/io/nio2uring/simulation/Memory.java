package io.nio2uring.simulation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.nio2uring.sys.NativeMemory;

/** Native memory of the simulated process: what is allocated, so that the kernel never touches anything else. */
final class Memory {
    private static final byte FREED = (byte) 0xDB;
    /** More than is ever allocated at once: the queues of the largest ring. */
    private static final MemorySegment PATTERN = Arena.global().allocate(1 << 20).fill(FREED);

    private final Scheduler scheduler;
    private final TreeMap<Long, MemorySegment> allocated = new TreeMap<>();
    private final Map<Long, MemorySegment> freed = new TreeMap<>();
    /** Of what is allocated, what need not be freed. */
    private final Set<Long> exempt = new HashSet<>();
    /** Direct buffers of the users. */
    private final TreeMap<Long, Integer> lent = new TreeMap<>();

    Memory(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    long allocate(long bytes) {
        MemorySegment memory = NativeMemory.calloc(bytes);
        allocated.put(memory.address(), memory);
        return memory.address();
    }

    /** Memory that was freed stays ours until the run ends, filled with a pattern. */
    void free(long address) {
        MemorySegment memory = allocated.remove(address);
        if (memory == null) {
            throw scheduler.fail("freed, but not allocated: 0x" + Long.toHexString(address));
        }
        memory.fill(FREED);
        freed.put(address, memory);
    }

    void exempt(long address) {
        exempt.add(address);
    }

    void lend(long address, int bytes) {
        lent.put(address, bytes);
    }

    /** Makes sure that the kernel may use some memory. */
    void check(long address, int bytes, Request request) {
        Map.Entry<Long, MemorySegment> ours = allocated.floorEntry(address);
        Map.Entry<Long, Integer> theirs = lent.floorEntry(address);
        boolean legal = ours != null && address + bytes <= ours.getKey() + ours.getValue().byteSize()
                || theirs != null && address + bytes <= theirs.getKey() + theirs.getValue();
        if (!legal) {
            throw scheduler.fail("the kernel is given memory that is not, or no longer, allocated: " + request);
        }
    }

    long allocatedBytes() {
        return allocated.values().stream().filter(memory -> !exempt.contains(memory.address()))
                .mapToLong(MemorySegment::byteSize).sum();
    }

    /** At the end of the run. */
    void release() {
        for (MemorySegment memory : freed.values()) {
            if (memory.mismatch(PATTERN.asSlice(0, memory.byteSize())) >= 0) {
                scheduler.fail("freed memory was written");
            }
        }
        freed.values().forEach(NativeMemory::free);
        allocated.values().forEach(NativeMemory::free);
    }
}
