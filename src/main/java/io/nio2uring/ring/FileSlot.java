package io.nio2uring.ring;

/**
 * A slot in the table of registered files: another kind of thing than a file descriptor, which is why it has a type.
 *
 * <p>Source: {@code io_uring_register(2)}, {@code IORING_REGISTER_FILES}.
 *
 * @param index its position in the table, from 0
 */
public record FileSlot(int index) {
    /**
     * Checks the index.
     *
     * @param index the position in the table, from 0
     * @throws IllegalArgumentException if {@code index} is negative
     */
    public FileSlot {
        if (index < 0) {
            throw new IllegalArgumentException("file slot: " + index);
        }
    }
}
