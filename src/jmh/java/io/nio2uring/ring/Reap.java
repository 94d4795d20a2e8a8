package io.nio2uring.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import io.nio2uring.abi.Cqe;
import io.nio2uring.sys.RawMemory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Taking completions out of a queue that the benchmark fills in the kernel's place. */
@State(Scope.Thread)
public class Reap {
    private static final int ENTRIES = 256;
    /** The cursors are apart from each other and from the entries, as the kernel has them. */
    private static final int LINE_BYTES = 64;

    private final Completion completion = new Completion();
    private Arena arena;
    private long tailAddress;
    private CompletionQueue queue;

    @Setup
    public void open() {
        arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(2 * LINE_BYTES + ENTRIES * Cqe.SIZE_BYTES, LINE_BYTES);
        tailAddress = memory.address() + LINE_BYTES;
        long entries = tailAddress + LINE_BYTES;
        for (int i = 0; i < ENTRIES; i++) {
            RawMemory.putLong(entries + i * Cqe.SIZE_BYTES + Cqe.USER_DATA_OFFSET, i);
        }
        queue = new CompletionQueue(memory.address(), tailAddress, memory.address() + Integer.BYTES, entries, ENTRIES);
    }

    @TearDown
    public void close() {
        arena.close();
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long completions() {
        Cursors.publish(tailAddress, queue.head() + ENTRIES);
        long sum = 0;
        for (int end = queue.tail(); queue.head() != end;) {
            queue.take(completion);
            sum += completion.userData();
        }
        return sum;
    }
}
