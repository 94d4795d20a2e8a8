package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final int OPERATIONS = 100_000;

    private long sum;

    @Test
    void nothing_on_the_way_of_an_operation_allocates() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (IoUring ring = new IoUring(4)) {
            Consumer<Completion> consumer = completion -> sum += completion.userData();
            long allocated = Long.MAX_VALUE;
            // Warm-up allocates: the linking of call sites, and what the interpreter does not optimise away.
            for (int round = 0; round < 20 && allocated > OPERATIONS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                operate(ring, consumer);
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            long bytes = allocated;
            // Less than a byte for each operation: none of them allocates.
            assertTrue(bytes <= OPERATIONS, () -> bytes + " bytes for " + OPERATIONS + " operations");
        }
    }

    private void operate(IoUring ring, Consumer<Completion> consumer) throws IOException {
        for (int i = 0; i < OPERATIONS; i++) {
            ring.prepNop(i);
            ring.submitAndWait(1, 1_000_000_000L);
            ring.forEachCompletion(consumer);
        }
    }
}
