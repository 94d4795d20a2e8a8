package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;

import io.nio2uring.sys.RawMemory;

/** Plays a kernel that has no room in the completion queue, and no memory for more. */
public final class LostCompletions {
    private LostCompletions() {
    }

    /** Waits for so many completions, of which nobody but the kernel's counter is to tell then. */
    public static void lose(IoUring ring, int count) throws IOException {
        while (ring.readyCompletions() < count) {
            ring.submitAndWait(count);
        }
        assertEquals(count, ring.readyCompletions());
        CompletionQueue completions = ring.memory.completions;
        for (int i = 0; i < count; i++) {
            completions.take(new Completion());
        }
        RawMemory.putInt(completions.overflowAddress, completions.lost() + count);
    }
}
