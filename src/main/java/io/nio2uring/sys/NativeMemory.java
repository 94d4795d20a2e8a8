package io.nio2uring.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Memory outside the Java heap, from the C library and from the kernel, counted. Thread-safe.
 */
@SuppressWarnings("restricted")
public final class NativeMemory {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;

    private static final MethodHandle MMAP = NativeFunctions.capturing("mmap");
    private static final MethodHandle MUNMAP = NativeFunctions.capturing("munmap");
    private static final MethodHandle CALLOC = NativeFunctions.plain("calloc");
    private static final MethodHandle FREE = NativeFunctions.plain("free");

    /** No adder, which takes memory of its own where threads compete: there may be none when this is to be freed. */
    private static final AtomicLong ALLOCATED_BYTES = new AtomicLong();

    /** What becomes of memory that is no longer in use. */
    interface Disposal {
        /**
         * Gives memory back, now or later.
         *
         * @param memory   nobody has a right to it any more
         * @param giveBack what gives it to the system
         */
        void dispose(MemorySegment memory, Consumer<MemorySegment> giveBack);
    }

    /** Tests put another in its place, which keeps the memory and looks whether anybody still writes it. */
    static volatile Disposal disposal = (memory, giveBack) -> giveBack.accept(memory);

    private NativeMemory() {
    }

    /**
     * Allocates zeroed memory, counted by {@link #allocatedBytes}.
     *
     * @param bytes how much, more than 0
     * @return the memory, in the global scope, aligned to 16 bytes; the caller owns it until {@link #free}
     * @throws OutOfMemoryError if the system has none
     */
    public static MemorySegment calloc(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("bytes: " + bytes);
        }
        long address;
        try {
            address = (long) CALLOC.invokeExact(1L, bytes, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw NativeFunctions.unexpected(t);
        }
        if (address == 0) {
            throw new OutOfMemoryError("calloc: " + bytes + " bytes");
        }
        ALLOCATED_BYTES.addAndGet(bytes);
        // Safe: the memory has just been allocated with this size.
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /**
     * Frees memory of {@link #calloc}. The caller guarantees that nobody uses it any more, the kernel included.
     *
     * @param memory exactly the segment that {@link #calloc} returned
     */
    public static void free(MemorySegment memory) {
        ALLOCATED_BYTES.addAndGet(-memory.byteSize());
        disposal.dispose(memory, NativeMemory::giveBack);
    }

    private static void giveBack(MemorySegment memory) {
        try {
            long nothing = (long) FREE.invokeExact(memory.address(), 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw NativeFunctions.unexpected(t);
        }
    }

    /**
     * Maps zeroed pages, counted by {@link #allocatedBytes}. They take up memory when first written.
     *
     * @param bytes how much, more than 0
     * @param arena owner of the memory, which unmaps it; when it does, the kernel must not use it any more
     * @return the memory, aligned to a page
     * @throws OutOfMemoryError if the system has none
     */
    public static MemorySegment mapAnonymous(long bytes, Arena arena) {
        long address = mmap(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (address < 0) {
            throw new OutOfMemoryError(Errno.message("mmap of " + bytes + " bytes", (int) -address));
        }
        ALLOCATED_BYTES.addAndGet(bytes);
        // Safe: the mapping has just been made with this size, and only the arena's end unmaps it.
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, memory -> {
            ALLOCATED_BYTES.addAndGet(-bytes);
            disposal.dispose(memory, NativeMemory::unmap);
        });
    }

    /**
     * How much memory of {@link #calloc} and {@link #mapAnonymous} is not freed yet.
     *
     * @return bytes
     */
    public static long allocatedBytes() {
        return ALLOCATED_BYTES.get();
    }

    /** Readable and writable pages: the address, or {@code -errno} (more than -4096 and less than 0). */
    static long mmap(long lengthBytes, int flags, int fd, long offset) {
        return NativeFunctions.call(MMAP, 0, lengthBytes, PROT_READ | PROT_WRITE, flags, fd, offset);
    }

    private static void unmap(MemorySegment memory) {
        munmap(memory.address(), memory.byteSize());
    }

    static void munmap(long address, long lengthBytes) {
        int result = NativeFunctions.callForInt(MUNMAP, address, lengthBytes, 0, 0, 0);
        assert result == 0 : Errno.message("munmap", -result);
    }
}
