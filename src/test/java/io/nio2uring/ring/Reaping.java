package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Takes completions in tests. */
final class Reaping {
    /** Longer than anything here takes on a loaded machine. */
    static final long DEADLINE_NANOS = 10_000_000_000L;

    private Reaping() {}

    /** Submits what is prepared, and waits for this many completions. */
    static List<Cqe> take(IoUring ring, int count) throws IOException {
        List<Cqe> taken = new ArrayList<>();
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (taken.size() < count) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                fail("only " + taken + " of " + count + " completions in time, of " + ring);
            }
            ring.submitAndWait(1, left);
            ring.forEachCompletion(completion -> taken.add(Cqe.of(completion)));
        }
        return taken;
    }

    /** Submits what is prepared, and waits for one completion. */
    static Cqe takeOne(IoUring ring) throws IOException {
        List<Cqe> taken = take(ring, 1);
        return taken.size() == 1 ? taken.getFirst() : fail("more than one: " + taken);
    }

    /** What is there without waiting. */
    static List<Cqe> takeReady(IoUring ring) throws IOException {
        List<Cqe> taken = new ArrayList<>();
        ring.submitAndWait(0);
        ring.forEachCompletion(completion -> taken.add(Cqe.of(completion)));
        return taken;
    }
}
