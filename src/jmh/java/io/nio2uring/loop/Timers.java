package io.nio2uring.loop;

import java.util.SplittableRandom;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Time limits of operations: set and taken back, while so many others are set. */
@State(Scope.Thread)
public class Timers {
    private static final int DEADLINES = 1024;

    @Param({"1", "1000", "100000"})
    private int pending;

    private final Deadlines deadlines = new Deadlines();
    private final long[] nanos = new long[DEADLINES];
    private final StubOperation operation = new StubOperation(0);
    private int next;

    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 1; i <= pending; i++) {
            deadlines.add(new StubOperation(i).withDeadline(random.nextLong(1L << 40)));
        }
        for (int i = 0; i < DEADLINES; i++) {
            nanos[i] = random.nextLong(1L << 40);
        }
    }

    @Benchmark
    public long insertAndCancel() {
        deadlines.add(operation.withDeadline(nanos[next++ & DEADLINES - 1]));
        long earliest = deadlines.earliestNanos();
        deadlines.remove(operation);
        return earliest;
    }

    /** What most time limits see: set to the same time from now, and taken back before the others. */
    @Benchmark
    public long insertAndCancelLatest() {
        deadlines.add(operation.withDeadline(1L << 41));
        long earliest = deadlines.earliestNanos();
        deadlines.remove(operation);
        return earliest;
    }
}
