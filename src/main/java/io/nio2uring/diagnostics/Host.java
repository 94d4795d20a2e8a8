package io.nio2uring.diagnostics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.nio2uring.diagnostics.Fact.Mark;

/**
 * What the system says about itself, in files under a root that a test may choose. What cannot be read counts as not
 * there: this is to help on systems of which nothing is certain.
 */
public final class Host {
    private static final String SYSCTL = "proc/sys/kernel/io_uring_disabled";

    private final Path root;
    private final Map<String, String> environment;

    Host(Path root, Map<String, String> environment) {
        this.root = root;
        this.environment = environment;
    }

    /**
     * The system that this runs on.
     *
     * @return the host
     */
    public static Host current() {
        return new Host(Path.of("/"), System.getenv());
    }

    /** Value of {@code kernel.io_uring_disabled}, which Linux 6.6 and later have. */
    Optional<String> ioUringDisabled() {
        return read(SYSCTL).map(String::strip);
    }

    /** Whether a seccomp filter decides which system calls this process may make. */
    boolean hasSeccompFilter() {
        return read("proc/self/status").stream().flatMap(String::lines)
                .anyMatch(line -> line.matches("Seccomp:\\s+2"));
    }

    /** Signs that this process runs in a container. */
    List<String> containerHints() {
        List<String> hints = new ArrayList<>();
        if (Files.exists(root.resolve(".dockerenv"))) {
            hints.add("Docker (/.dockerenv)");
        }
        if (Files.exists(root.resolve("run/.containerenv"))) {
            hints.add("Podman (/run/.containerenv)");
        }
        if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
            hints.add("Kubernetes (KUBERNETES_SERVICE_HOST)");
        }
        read("proc/1/cgroup").filter(text -> text.contains("docker") || text.contains("kubepods")
                || text.contains("containerd")).ifPresent(text -> hints.add("control group of process 1"));
        return hints;
    }

    /**
     * The system, and who may use io_uring on it.
     *
     * @return a section
     */
    public Section describe() {
        List<String> containers = containerHints();
        String container = containers.isEmpty() ? "no sign of one" : String.join(", ", containers);
        return new Section("host", "System", List.of(
                Fact.of("system", "System", System.getProperty("os.name"), ""),
                Fact.of("kernel", "Kernel release", System.getProperty("os.version"), ""),
                Fact.of("architecture", "Architecture", System.getProperty("os.arch"), ""),
                Fact.of("java", "Java", Runtime.version().toString(), System.getProperty("java.vendor")),
                Fact.of("processors", "Processors", Runtime.getRuntime().availableProcessors(), ""),
                sysctl(),
                new Fact("seccompFilter", "Seccomp filter", hasSeccompFilter(), hasSeccompFilter() ? "yes" : "no",
                        Mark.NEUTRAL, hasSeccompFilter() ? "it decides which system calls are allowed" : ""),
                new Fact("container", "Container", containers, container, Mark.NEUTRAL, "")));
    }

    private Fact sysctl() {
        String name = "kernel.io_uring_disabled";
        return switch (ioUringDisabled().orElse(null)) {
            case null -> new Fact("ioUringDisabled", name, null, "not there", Mark.NEUTRAL,
                    "as on kernels before 6.6");
            case "0" -> new Fact("ioUringDisabled", name, 0, "0", Mark.NEUTRAL, "everybody may use io_uring");
            case "1" -> new Fact("ioUringDisabled", name, 1, "1", Mark.NEUTRAL,
                    "only CAP_SYS_ADMIN and the group in kernel.io_uring_group may");
            case "2" -> new Fact("ioUringDisabled", name, 2, "2", Mark.NEUTRAL, "nobody may use io_uring");
            case String other -> Fact.of("ioUringDisabled", name, other, "");
        };
    }

    /**
     * Limits of the process that the library may reach.
     *
     * @return a section
     */
    public Section limits() {
        Map<String, String[]> limits = new LinkedHashMap<>();
        read("proc/self/limits").stream().flatMap(String::lines).forEach(line -> {
            String[] columns = line.split("\\s{2,}");
            if (columns.length >= 3) {
                limits.put(columns[0], columns);
            }
        });
        return new Section("limits", "Limits", List.of(
                limit("nofile", "Open files (nofile)", limits.get("Max open files"),
                        "soft and hard; each connection takes one, each loop two"),
                limit("memlock", "Locked memory (memlock)", limits.get("Max locked memory"),
                        "bytes; rings do not count here since Linux 5.12, zero-copy sends do")));
    }

    private static Fact limit(String key, String label, String[] columns, String note) {
        if (columns == null) {
            return new Fact(key, label, null, "cannot be read", Mark.NEUTRAL, "");
        }
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("soft", number(columns[1]));
        value.put("hard", number(columns[2]));
        return new Fact(key, label, value, columns[1] + " / " + columns[2], Mark.NEUTRAL, note);
    }

    private static Object number(String text) {
        return text.matches("\\d{1,18}") ? (Object) Long.valueOf(text) : text;
    }

    private Optional<String> read(String path) {
        try {
            return Optional.of(Files.readString(root.resolve(path)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
