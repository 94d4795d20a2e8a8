package io.nio2uring.fuzz;

import java.util.Map;

/** Something did not happen in time; carries the stacks of all platform threads at that moment. */
final class HangException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HangException(String what) {
        super(what + "\n" + stacks());
    }

    private static String stacks() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            text.append(entry.getKey()).append(' ').append(entry.getKey().getState()).append('\n');
            for (StackTraceElement frame : entry.getValue()) {
                text.append("    at ").append(frame).append('\n');
            }
        }
        return text.toString();
    }
}
