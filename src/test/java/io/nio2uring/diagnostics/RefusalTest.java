package io.nio2uring.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.nio2uring.diagnostics.Report.Verdict;
import io.nio2uring.sys.Errno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The explanation of each refusal, on hosts that are made up of files. */
class RefusalTest {
    @TempDir
    private Path root;

    private Host host;

    @BeforeEach
    void aHostWithoutAnything() {
        host = new Host(root, Map.of());
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Verdict verdict(int errno, String reason) {
        Verdict verdict = Refusal.of("Linux", errno, host);
        assertFalse(verdict.usable());
        assertTrue(verdict.reason().startsWith("io_uring_setup: " + Errno.name(errno)), verdict.reason());
        assertTrue(verdict.reason().contains(reason), verdict.reason());
        assertFalse(verdict.advice().isEmpty(), "there is something to do");
        return verdict;
    }

    @Test
    void theSysctlIsNamedWithTheCommandThatChangesIt() throws IOException {
        file("proc/sys/kernel/io_uring_disabled", "2\n");
        assertEquals(List.of("As root: sysctl -w kernel.io_uring_disabled=0"),
                verdict(Errno.EPERM, "kernel.io_uring_disabled is 2").advice());
        file("proc/sys/kernel/io_uring_disabled", "1\n");
        assertTrue(verdict(Errno.EPERM, "kernel.io_uring_disabled is 1").advice().getLast()
                .contains("kernel.io_uring_group"));
    }

    @Test
    void aSeccompFilterIsToldFromASecurityModule() throws IOException {
        file("proc/sys/kernel/io_uring_disabled", "0\n");
        file("proc/self/status", "Name:\tjava\nSeccomp:\t2\n");
        assertTrue(verdict(Errno.EPERM, "a seccomp filter").advice().getFirst().contains("--security-opt seccomp="));
        file("proc/self/status", "Name:\tjava\nSeccomp:\t0\n");
        assertTrue(verdict(Errno.EPERM, "neither a sysctl nor a seccomp filter").advice().getFirst()
                .contains("SELinux"));
    }

    @Test
    void aContainerIsSeenByItsTraces() throws IOException {
        assertEquals(List.of(), host.containerHints());
        file(".dockerenv", "");
        file("run/.containerenv", "");
        file("proc/1/cgroup", "0::/kubepods/besteffort/pod1\n");
        Host inside = new Host(root, Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"));
        assertEquals(4, inside.containerHints().size(), inside.containerHints()::toString);
    }

    @Test
    void aMissingSystemCallAsksForANewerKernel() {
        assertTrue(verdict(Errno.ENOSYS, "has no io_uring").advice().getFirst().contains("Linux 5.19"));
    }

    @Test
    void exhaustionIsNotTakenForRefusal() {
        assertTrue(verdict(Errno.EMFILE, "as many files open").advice().getFirst().contains("ulimit -n"));
        assertTrue(verdict(Errno.ENFILE, "as many files open").advice().getFirst().contains("fs.file-max"));
        assertTrue(verdict(Errno.ENOMEM, "no memory").advice().getFirst().contains("control group"));
    }

    @Test
    void limitsAreReadWithTheirUnits() throws IOException {
        file("proc/self/limits", """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            1024                 524288               files
                Max locked memory         unlimited            unlimited            bytes
                """);
        List<Fact> facts = host.limits().facts();
        assertEquals(Map.of("soft", 1024L, "hard", 524_288L), facts.getFirst().value());
        assertEquals("1024 / 524288", facts.getFirst().text());
        assertEquals(Map.of("soft", "unlimited", "hard", "unlimited"), facts.getLast().value());
    }

    @Test
    void whatCannotBeReadIsSaidToBeSo() {
        assertEquals("cannot be read", host.limits().facts().getFirst().text());
        assertEquals("not there", host.describe().facts().stream()
                .filter(fact -> fact.key().equals("ioUringDisabled")).findFirst().orElseThrow().text());
    }
}
