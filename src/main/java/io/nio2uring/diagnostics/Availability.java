package io.nio2uring.diagnostics;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

import io.nio2uring.abi.Opcode;
import io.nio2uring.diagnostics.Report.Verdict;
import io.nio2uring.ring.IoUring;
import io.nio2uring.ring.RingParameters;
import io.nio2uring.ring.RingProbe;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.SystemCallException;

/** Finds out, by doing once all that the channels need, whether io_uring can be used by this process. */
public final class Availability {
    /** The operations that the channels use. */
    static final List<Need> OPERATIONS = List.of(
            new Need("ACCEPT", Opcode.ACCEPT, "Linux 5.5"),
            new Need("CONNECT", Opcode.CONNECT, "Linux 5.5"),
            new Need("RECV", Opcode.RECV, "reads; Linux 5.6"),
            new Need("SEND", Opcode.SEND, "writes; Linux 5.6"),
            new Need("RECVMSG", Opcode.RECVMSG, "scattering reads; Linux 5.3"),
            new Need("SENDMSG", Opcode.SENDMSG, "gathering writes; Linux 5.3"),
            new Need("POLL_ADD", Opcode.POLL_ADD, "wake-up of a sleeping loop; Linux 5.1"),
            new Need("ASYNC_CANCEL", Opcode.ASYNC_CANCEL, "close, time limits; Linux 5.5"));
    private static final List<String> NEWER = List.of("Use Linux 5.19 or later.");

    private Availability() {
    }

    /**
     * An operation of the kernel.
     *
     * @param name   of its opcode
     * @param opcode its number
     * @param note   what for, and since when it is there
     */
    record Need(String name, int opcode, String note) {
    }

    /**
     * Tries.
     *
     * @param host where this runs
     * @return whether io_uring can be used, and if not, why and what to change
     * @throws SystemCallException when that cannot be told because something has run out: files, memory
     */
    public static Verdict probe(Host host) throws SystemCallException {
        String system = System.getProperty("os.name");
        if (!system.equals("Linux")) {
            return new Verdict(false, "This is " + system + "; io_uring is a part of Linux.",
                    List.of("Run the program on Linux."));
        }
        if (ValueLayout.ADDRESS.byteSize() != Long.BYTES || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return new Verdict(false, "The processor (" + System.getProperty("os.arch")
                    + ") is not of 64 bits and little-endian.", List.of("Run the program on x86-64 or aarch64."));
        }
        try {
            return tryRing();
        } catch (SystemCallException e) {
            if (SystemCallException.isExhaustion(e.errno())) {
                throw e;
            }
            return e.getMessage().startsWith("io_uring_setup") ? Refusal.of(system, e.errno(), host)
                    : refused(e, host);
        } catch (IOException e) {
            return new Verdict(false, e.getMessage() + ".", NEWER);
        } catch (IllegalCallerException | UnsupportedOperationException | LinkageError e) {
            return withoutNativeAccess(e);
        }
    }

    private static Verdict tryRing() throws IOException {
        try (IoUring ring = IoUring.open(RingParameters.of(1))) {
            RingProbe probe = ring.probe();
            List<String> missing = OPERATIONS.stream().filter(each -> !probe.supports(each.opcode())).map(Need::name)
                    .sorted().toList();
            if (!missing.isEmpty()) {
                return new Verdict(false, "io_uring of this kernel lacks " + String.join(", ", missing) + ".", NEWER);
            }
            ring.registerBufRing(1, Long.BYTES, 0).close();
            ring.prepNop(0);
            ring.submitAndWait(1);
            loadWhatTellsOfExhaustion();
            return Verdict.USABLE;
        }
    }

    /** Without a descriptor no class can be loaded from a directory, and then nobody would be told that there is none. */
    private static void loadWhatTellsOfExhaustion() {
        Throwable nobodys = new SystemCallException("open", Errno.EMFILE);
        assert nobodys.getMessage().contains("EMFILE");
    }

    private static Verdict refused(SystemCallException cause, Host host) {
        return switch (cause.errno()) {
            case Errno.EPERM, Errno.EACCES, Errno.ENOSYS -> new Verdict(false, cause.getMessage()
                    + (host.hasSeccompFilter() ? ": a seccomp filter is there, and refuses it." : "."),
                    List.of(Refusal.SECCOMP_PROFILE));
            default -> new Verdict(false, cause.getMessage() + ".", NEWER);
        };
    }

    private static Verdict withoutNativeAccess(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        Module module = Availability.class.getModule();
        return new Verdict(false, "Native functions cannot be called: " + cause.getMessage() + ".",
                List.of("Start java with --enable-native-access="
                        + (module.isNamed() ? module.getName() : "ALL-UNNAMED")
                        + "."));
    }
}
