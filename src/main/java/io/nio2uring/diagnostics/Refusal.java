package io.nio2uring.diagnostics;

import java.util.ArrayList;
import java.util.List;

import io.nio2uring.diagnostics.Report.Verdict;
import io.nio2uring.sys.Errno;

/** Explains why the kernel gives this process no ring. */
final class Refusal {
    static final String SECCOMP_PROFILE = "Give the container a seccomp profile that allows io_uring_setup, "
            + "io_uring_enter and io_uring_register: docker run --security-opt seccomp=PROFILE.json; in Kubernetes "
            + "securityContext.seccompProfile of type Localhost. The default profiles of Docker and containerd "
            + "refuse them.";

    private Refusal() {
    }

    static Verdict of(String system, int errno, Host host) {
        String said = Errno.message("io_uring_setup", errno);
        List<String> advice = new ArrayList<>();
        String reason;
        switch (errno) {
            case Errno.EPERM, Errno.EACCES -> reason = refused(said, host, advice);
            case Errno.ENOSYS -> {
                advice.add("Use Linux 5.19 or later, built with CONFIG_IO_URING.");
                if (host.hasSeccompFilter() || !host.containerHints().isEmpty()) {
                    advice.add(SECCOMP_PROFILE);
                }
                reason = said + ": this " + system
                        + " has no io_uring, or something between it and the process (gVisor, a seccomp filter) hides "
                        + "it.";
            }
            case Errno.EMFILE -> {
                advice.add("Raise the limit of open files (ulimit -n, LimitNOFILE= of systemd), or find out what "
                        + "keeps so many open. io_uring itself is not refused.");
                reason = said + ": the process has as many files open as it may.";
            }
            case Errno.ENFILE -> {
                advice.add("Raise fs.file-max, or find out which process keeps so many files open. io_uring itself is "
                        + "not refused.");
                reason = said + ": the system has as many files open as it may.";
            }
            case Errno.ENOMEM -> {
                advice.add("Give the process or its control group more memory; before Linux 5.12, a higher limit of "
                        + "locked memory (ulimit -l). io_uring itself is not refused.");
                reason = said + ": there is no memory for a ring.";
            }
            default -> {
                advice.add(
                        "Look for what refuses it, such as a seccomp filter, a security module or a sandbox; or report "
                                + "it with the output of java -jar nio2-uring.jar.");
                reason = said + ".";
            }
        }
        return new Verdict(false, reason, List.copyOf(advice));
    }

    private static String refused(String said, Host host, List<String> advice) {
        String disabled = host.ioUringDisabled().orElse("0");
        if (disabled.equals("2")) {
            advice.add("As root: sysctl -w kernel.io_uring_disabled=0");
            return said + ": the sysctl kernel.io_uring_disabled is 2, so nobody may use it.";
        }
        if (disabled.equals("1")) {
            advice.add("As root: sysctl -w kernel.io_uring_disabled=0");
            advice.add("Or put the user into the group whose number kernel.io_uring_group holds.");
            return said + ": the sysctl kernel.io_uring_disabled is 1, so only privileged users may use it.";
        }
        if (host.hasSeccompFilter()) {
            advice.add(SECCOMP_PROFILE);
            advice.add("Under systemd: look for SystemCallFilter= in the unit, and add io_uring_setup "
                    + "io_uring_enter io_uring_register.");
            return said + ": a seccomp filter refuses the system call" + (host.containerHints().isEmpty() ? "."
                    : ", as the default profiles of container engines do.");
        }
        advice.add("Look for what refuses it (SELinux, AppArmor, another security module) in the kernel's log: "
                + "journalctl -k, or ausearch -m avc.");
        return said + ": neither a sysctl nor a seccomp filter is to be seen that does it.";
    }
}
