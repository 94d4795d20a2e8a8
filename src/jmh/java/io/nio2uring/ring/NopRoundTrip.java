package io.nio2uring.ring;

import java.io.IOException;
import java.util.function.Consumer;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Operations that do nothing, to the kernel and back: what the ring itself costs. {@link NopFloor} is the same in C. */
@State(Scope.Thread)
public class NopRoundTrip {
    private IoUring ring;
    private long sum;
    private final Consumer<Completion> consumer = completion -> sum += completion.userData();

    @Setup
    public void open() throws IOException {
        ring = new IoUring(256);
    }

    @TearDown
    public void close() {
        ring.close();
    }

    @Benchmark
    public long oneByOne() throws IOException {
        return run(1);
    }

    @Benchmark
    @OperationsPerInvocation(16)
    public long batchesOf16() throws IOException {
        return run(16);
    }

    @Benchmark
    @OperationsPerInvocation(256)
    public long batchesOf256() throws IOException {
        return run(256);
    }

    private long run(int batch) throws IOException {
        for (int i = 0; i < batch; i++) {
            ring.prepNop(i);
        }
        ring.submitAndWait(batch);
        ring.forEachCompletion(consumer);
        return sum;
    }
}
