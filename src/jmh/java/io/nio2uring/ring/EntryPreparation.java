package io.nio2uring.ring;

import java.io.IOException;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Writing submission queue entries, which the kernel never sees. */
@State(Scope.Thread)
public class EntryPreparation {
    private static final int ENTRIES = 256;
    /** Nobody reads or writes there. */
    private static final long ADDRESS = 4096;

    private IoUring ring;

    @Setup
    public void open() throws IOException {
        ring = new IoUring(ENTRIES);
    }

    @TearDown
    public void close() {
        ring.close();
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void receives() {
        for (int i = 0; i < ENTRIES; i++) {
            if (!ring.prepRecv(3, ADDRESS, 64, 0, i)) {
                throw new AssertionError("the queue is full after " + i + " entries");
            }
        }
        ring.submissions.withdraw();
    }
}
