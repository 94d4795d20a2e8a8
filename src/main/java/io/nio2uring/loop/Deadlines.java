package io.nio2uring.loop;

import java.util.Arrays;

/**
 * The deadlines of a loop's operations: a binary heap in which each operation knows its own place, so that adding,
 * removing and asking for the earliest take no allocation. Used under ownership of the loop only.
 *
 * <p>Deadlines are values of {@link System#nanoTime} and are compared by difference, since they may wrap.
 */
final class Deadlines {
    private Operation[] heap = new Operation[16];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** The earliest deadline; only when not empty. */
    long earliestNanos() {
        return heap[0].deadlineNanos;
    }

    void add(Operation operation) {
        assert operation.deadlineIndex < 0 : "deadline added twice";
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, operation);
    }

    /** Removes an operation's deadline if it has one here. */
    void remove(Operation operation) {
        int index = operation.deadlineIndex;
        if (index < 0) {
            return;
        }
        operation.deadlineIndex = -1;
        Operation last = heap[--size];
        heap[size] = null;
        if (last == operation) {
            return;
        }
        siftDown(index, last);
        if (heap[index] == last) {
            siftUp(index, last);
        }
    }

    /** Removes and returns the earliest operation if its deadline has come, else null. */
    Operation pollExpired(long nowNanos) {
        if (size == 0 || heap[0].deadlineNanos - nowNanos > 0) {
            return null;
        }
        Operation expired = heap[0];
        remove(expired);
        return expired;
    }

    private void siftUp(int from, Operation operation) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (heap[parent].deadlineNanos - operation.deadlineNanos <= 0) {
                break;
            }
            put(index, heap[parent]);
            index = parent;
        }
        put(index, operation);
    }

    private void siftDown(int from, Operation operation) {
        int index = from;
        for (;;) {
            int child = 2 * index + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1].deadlineNanos - heap[child].deadlineNanos < 0) {
                child++;
            }
            if (operation.deadlineNanos - heap[child].deadlineNanos <= 0) {
                break;
            }
            put(index, heap[child]);
            index = child;
        }
        put(index, operation);
    }

    private void put(int index, Operation operation) {
        heap[index] = operation;
        operation.deadlineIndex = index;
    }
}
