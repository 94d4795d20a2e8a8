package io.nio2uring.loop;

import java.util.function.Consumer;

/** A first-in-first-out list of operations, linked through them; an operation is in one such list at a time. */
final class OperationQueue {
    private Operation first;
    private Operation last;
    /** Written by the owner of the loop; volatile because the monitor and deposed workers look at it. */
    private volatile int size;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    void add(Operation operation) {
        assert operation.nextInQueue == null && last != operation : "operation queued twice";
        if (first == null) {
            first = operation;
        } else {
            last.nextInQueue = operation;
        }
        last = operation;
        setSize(size + 1);
    }

    void addFirst(Operation operation) {
        assert operation.nextInQueue == null && last != operation : "operation queued twice";
        operation.nextInQueue = first;
        first = operation;
        if (last == null) {
            last = operation;
        }
        setSize(size + 1);
    }

    Operation remove() {
        Operation operation = first;
        first = operation.nextInQueue;
        operation.nextInQueue = null;
        if (first == null) {
            last = null;
        }
        setSize(size - 1);
        return operation;
    }

    /** In one place: where a variable handle is first used, that takes memory, and later there may be none. */
    private void setSize(int newSize) {
        SIZE.setOpaque(this, newSize);
    }

    /** Calls the consumer for each, first to last. */
    void forEach(Consumer<? super Operation> consumer) {
        for (Operation operation = first; operation != null; operation = operation.nextInQueue) {
            consumer.accept(operation);
        }
    }

    private static final java.lang.invoke.VarHandle SIZE;

    static {
        try {
            SIZE = java.lang.invoke.MethodHandles.lookup().findVarHandle(OperationQueue.class, "size", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
