package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

class OperationQueueTest {
    private final OperationQueue queue = new OperationQueue();

    @Test
    void isFirstInFirstOut() {
        SplittableRandom random = new SplittableRandom(7);
        ArrayDeque<Operation> expected = new ArrayDeque<>();
        for (int step = 0; step < 10_000; step++) {
            if (expected.isEmpty() || random.nextBoolean()) {
                StubOperation operation = new StubOperation(step);
                queue.add(operation);
                expected.add(operation);
            } else {
                assertSame(expected.remove(), queue.remove());
            }
            assertEquals(expected.size(), queue.size());
            assertEquals(expected.isEmpty(), queue.isEmpty());
        }
    }

    @Test
    void whatWasRemovedCanBeAddedToAnotherQueue() {
        StubOperation operation = new StubOperation(1);
        queue.add(operation);
        queue.add(new StubOperation(2));
        OperationQueue other = new OperationQueue();
        other.add(queue.remove());

        assertNull(operation.nextInQueue);
        assertSame(operation, other.remove());
        assertTrue(other.isEmpty());
        assertFalse(queue.isEmpty());
    }

    @Test
    void anOperationThatIsQueuedIsRefused() {
        StubOperation operation = new StubOperation(1);
        queue.add(operation);
        assertThrows(AssertionError.class, () -> queue.add(operation));
        queue.add(new StubOperation(2));
        assertThrows(AssertionError.class, () -> queue.add(operation));
    }
}
