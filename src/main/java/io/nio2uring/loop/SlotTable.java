package io.nio2uring.loop;

import java.util.Arrays;

/**
 * Maps the {@code user_data} of completions to operations.
 *
 * <p>{@code user_data} is the slot number in the low half and the slot's generation in the high half. The generation
 * changes with each submission, so a completion of an earlier use never reaches the later one: it finds no
 * operation. Used under ownership of the loop only.
 */
public final class SlotTable {
    private static final long SLOT_MASK = 0xFFFF_FFFFL;

    private Operation[] operations;
    private int[] generations;
    /** Free slots as a stack, the most recently used on top since it is the one still cached. */
    private int[] free;
    private int freeCount;

    /**
     * Creates an empty table.
     *
     * @param initialCapacity slots to begin with; the table grows as needed
     */
    public SlotTable(int initialCapacity) {
        operations = new Operation[0];
        generations = new int[0];
        free = new int[0];
        grow(Math.max(1, initialCapacity));
    }

    private void grow(int capacity) {
        int old = operations.length;
        // All or none: there may be memory for the first only.
        Operation[] moreOperations = Arrays.copyOf(operations, capacity);
        int[] moreGenerations = Arrays.copyOf(generations, capacity);
        free = Arrays.copyOf(free, capacity);
        operations = moreOperations;
        generations = moreGenerations;
        for (int slot = capacity - 1; slot >= old; slot--) {
            free[freeCount++] = slot;
        }
    }

    /**
     * Gives an operation a slot.
     *
     * @param operation has none yet
     */
    public void acquire(Operation operation) {
        assert operation.slot < 0 : "operation has a slot already";
        if (freeCount == 0) {
            grow(operations.length * 2);
        }
        int slot = free[--freeCount];
        operations[slot] = operation;
        operation.slot = slot;
    }

    /**
     * Starts a new generation for an operation that is submitted anew under the same slot.
     *
     * @param operation has a slot
     */
    public void renew(Operation operation) {
        generations[operation.slot]++;
    }

    /**
     * Frees an operation's slot; what still arrives for it finds nothing.
     *
     * @param operation has a slot
     */
    public void release(Operation operation) {
        int slot = operation.slot;
        assert operations[slot] == operation : "slot belongs to another operation";
        generations[slot]++;
        operations[slot] = null;
        operation.slot = -1;
        free[freeCount++] = slot;
    }

    /**
     * The {@code user_data} of an operation's present generation.
     *
     * @param operation has a slot
     * @return slot and generation
     */
    public long userData(Operation operation) {
        int slot = operation.slot;
        return (long) generations[slot] << 32 | slot;
    }

    /**
     * Finds the operation that a completion is for.
     *
     * @param userData of the completion
     * @return null when that generation of the slot has ended
     */
    public Operation find(long userData) {
        int slot = (int) (userData & SLOT_MASK);
        if (slot < 0 || slot >= operations.length || generations[slot] != (int) (userData >>> 32)) {
            return null;
        }
        return operations[slot];
    }

    /**
     * Slots in use.
     *
     * @return the number of operations that have one
     */
    public int inUse() {
        return operations.length - freeCount;
    }

    /** How many slots there are, in use or not. */
    int capacity() {
        return operations.length;
    }

    /** The operation that has the slot; null for none. */
    Operation at(int slot) {
        return operations[slot];
    }

    /** Has those whose entries the kernel has not taken be somebody else's: that with this number, and those after it. */
    void passOn(long firstEntry, Thread to) {
        for (Operation operation : operations) {
            if (operation != null && operation.inKernel && operation.entry >= firstEntry) {
                operation.submitter = to;
            }
        }
    }

    /** Calls the consumer for each operation that has a slot. */
    void forEach(java.util.function.Consumer<? super Operation> consumer) {
        for (Operation operation : operations) {
            if (operation != null) {
                consumer.accept(operation);
            }
        }
    }
}
