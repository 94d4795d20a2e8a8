package io.nio2uring.ring;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.BitSet;

import io.nio2uring.abi.Opcode;

/**
 * Which operations the running kernel has; immutable.
 *
 * <p>Source: {@code io_uring_register(2)}, {@code IORING_REGISTER_PROBE} (Linux 5.6).
 */
public final class RingProbe {
    private final BitSet supported;

    RingProbe(BitSet supported) {
        this.supported = supported;
    }

    /**
     * Whether the kernel has an operation.
     *
     * @param opcode {@code IORING_OP_*}, 0 to 255
     * @return true if it has
     * @throws IndexOutOfBoundsException if {@code opcode} is negative
     */
    public boolean supports(int opcode) {
        return supported.get(opcode);
    }

    /**
     * The operations that the kernel has and those that it lacks of the ones known here, by name.
     *
     * @return one line for diagnostics
     */
    @Override
    public String toString() {
        StringBuilder has = new StringBuilder();
        StringBuilder lacks = new StringBuilder();
        try {
            for (Field field : Opcode.class.getFields()) {
                if (Modifier.isStatic(field.getModifiers()) && !field.getName().equals("LAST")) {
                    (supports(field.getInt(null)) ? has : lacks).append(' ').append(field.getName());
                }
            }
        } catch (IllegalAccessException e) {
            throw new AssertionError("the constants are public", e);
        }
        int newer = supported.length() - Opcode.LAST;
        return "io_uring operations:" + has + (newer > 0 ? " and " + newer + " newer ones" : "")
                + (lacks.isEmpty() ? "" : "; missing:" + lacks);
    }
}
