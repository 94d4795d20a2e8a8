package io.nio2uring;

import java.util.Map;
import java.util.Set;

/** What to look at when something did not happen in time: threads, and what is in flight on the rings. */
public final class ProcessDump {
    /** Threads of the JVM, whose stacks tell nothing. */
    private static final Set<String> ALWAYS_THERE = Set.of("Reference Handler", "Finalizer", "Signal Dispatcher",
            "Common-Cleaner", "Notification Thread");

    private ProcessDump() {
    }

    /** The stacks of all platform threads but those of the JVM itself, and the dump of each provider in use. */
    public static String now() {
        StringBuilder text = new StringBuilder("Threads at that moment:\n");
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            if (!ALWAYS_THERE.contains(thread.getName())) {
                text.append('"').append(thread.getName()).append("\" ").append(thread.getState())
                        .append(thread.isDaemon() ? " daemon\n" : "\n");
                for (StackTraceElement frame : entry.getValue()) {
                    text.append("    at ").append(frame).append('\n');
                }
            }
        }
        for (OpenProviders.Numbered each : OpenProviders.inUse()) {
            text.append("Provider ").append(each.number()).append(":\n").append(each.provider().dump());
        }
        return text.toString();
    }
}
