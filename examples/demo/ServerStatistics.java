package demo;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who serves, and what it has cost so far.
 *
 * @param providerClass    binary name of the class of the provider in use
 * @param kernelRelease    release of the running kernel; empty if the provider keeps no statistics
 * @param ringFlags        flags that the rings were set up with; empty likewise
 * @param loops            event loops; 0 likewise, as all that follow
 * @param entriesSubmitted submission queue entries that the kernel took
 * @param completionsReaped completion queue entries that the kernel gave back
 * @param enterCalls       calls of {@code io_uring_enter}
 */
record ServerStatistics(String providerClass, String kernelRelease, String ringFlags, int loops, long entriesSubmitted,
        long completionsReaped, long enterCalls) {

    /** Of a provider that has no rings to tell of. */
    static ServerStatistics ofProviderWithout(String providerClass) {
        return new ServerStatistics(providerClass, "", "", 0, 0, 0, 0);
    }

    List<String> lines() {
        return List.of("providerClass=" + providerClass, "kernelRelease=" + kernelRelease, "ringFlags=" + ringFlags,
                "loops=" + loops, "entriesSubmitted=" + entriesSubmitted, "completionsReaped=" + completionsReaped,
                "enterCalls=" + enterCalls);
    }

    /**
     * Reads what {@link #lines()} wrote.
     *
     * @throws IllegalArgumentException if a line is missing or is not what its key calls for
     */
    static ServerStatistics of(List<String> lines) {
        if (!lines.stream().allMatch(line -> line.contains("="))) {
            throw new IllegalArgumentException("not key=value: " + lines);
        }
        Map<String, String> values = lines.stream().map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return new ServerStatistics(text(values, "providerClass"), text(values, "kernelRelease"),
                text(values, "ringFlags"), (int) number(values, "loops"), number(values, "entriesSubmitted"),
                number(values, "completionsReaped"), number(values, "enterCalls"));
    }

    private static String text(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key + " in " + values);
        }
        return value;
    }

    private static long number(Map<String, String> values, String key) {
        return Long.parseLong(text(values, key));
    }

    /** The same provider, with what was counted since {@code earlier}. */
    ServerStatistics since(ServerStatistics earlier) {
        return new ServerStatistics(providerClass, kernelRelease, ringFlags, loops,
                entriesSubmitted - earlier.entriesSubmitted, completionsReaped - earlier.completionsReaped,
                enterCalls - earlier.enterCalls);
    }

    /** The same provider, with what was counted here and there. */
    ServerStatistics plus(ServerStatistics other) {
        return new ServerStatistics(providerClass, kernelRelease, ringFlags, loops,
                entriesSubmitted + other.entriesSubmitted, completionsReaped + other.completionsReaped,
                enterCalls + other.enterCalls);
    }
}
