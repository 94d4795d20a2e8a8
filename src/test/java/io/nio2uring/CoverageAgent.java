package io.nio2uring;

import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * The agent that counts which branches were taken, where there is one ({@code mvn -Pcoverage}): virtual machines that a
 * test starts count as well, into the same file.
 */
public final class CoverageAgent {
    private CoverageAgent() {}

    /** The options of this virtual machine that load agents; empty in an ordinary run. */
    public static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-javaagent:"))
                .toList();
    }
}
