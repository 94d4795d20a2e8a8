package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.nio2uring.abi.EnterFlag;
import io.nio2uring.sys.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnterArgumentsTest {
    private static final int NO_RING = -1;
    private static final long OVERFLOW = 8;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment words = arena.allocate(128, 64);
    private final EnterArguments arguments = new EnterArguments(new CompletionQueue(words.address(),
            words.address() + 4, words.address() + OVERFLOW, words.address() + 64, 1));

    @AfterEach
    void free() {
        arguments.close();
        arena.close();
    }

    @Test
    void the_reason_of_a_refusal_is_told() {
        assertEquals(-Errno.EBADF, arguments.enter(NO_RING, 0, 1, EnterFlag.GETEVENTS));
        assertEquals(-Errno.EBADF, arguments.enterTimed(NO_RING, 0, 1, EnterFlag.GETEVENTS, 1));
        assertEquals(4, arguments.calls());
    }

    /** The kernel would not tell a second time. */
    @Test
    void lost_completions_are_reported_once() {
        words.set(ValueLayout.JAVA_INT, OVERFLOW, 1);
        assertEquals(-Errno.EBADR, arguments.enter(NO_RING, 0, 1, EnterFlag.GETEVENTS));
        assertEquals(-Errno.EBADF, arguments.enter(NO_RING, 0, 1, EnterFlag.GETEVENTS));

        words.set(ValueLayout.JAVA_INT, OVERFLOW, 3);
        assertEquals(-Errno.EBADR, arguments.enterTimed(NO_RING, 0, 1, EnterFlag.GETEVENTS, 1));
        assertEquals(-Errno.EBADF, arguments.enterTimed(NO_RING, 0, 1, EnterFlag.GETEVENTS, 1));
    }

    @Test
    void a_call_that_another_one_follows_tells_of_lost_completions_only() {
        assertEquals(0, arguments.enterForBurst(NO_RING, 0, 1, EnterFlag.GETEVENTS, 1));
        assertEquals(1, arguments.calls());
        words.set(ValueLayout.JAVA_INT, OVERFLOW, 1);
        assertEquals(-Errno.EBADR, arguments.enterForBurst(NO_RING, 0, 1, EnterFlag.GETEVENTS, 1));
    }

    @Test
    void a_reason_that_has_passed_is_none() throws IOException {
        try (IoUring ring = new IoUring(4)) {
            // Nothing comes, so the wait ends by its time limit; that it did does not matter to anybody.
            assertEquals(0, arguments.enterTimed(ring.fd(), 0, 1, EnterFlag.GETEVENTS, 1));
            // What could not wait for room is taken all the same.
            ring.prepNop(1);
            assertEquals(1, ring.submitAndWait(2, 1_000_000));
        }
    }
}
