package io.nio2uring.diagnostics;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import io.nio2uring.abi.Feature;
import io.nio2uring.abi.Params;
import io.nio2uring.diagnostics.Report.Verdict;
import io.nio2uring.ring.IoUring;
import io.nio2uring.ring.RingParameters;
import io.nio2uring.ring.RingProbe;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.RingCalls;
import io.nio2uring.sys.SystemCallException;

/**
 * What the kernel can do of that which the channels use, found by trying.
 *
 * @param verdict   whether that is enough, and if not, why
 * @param exhausted whether it cannot be told, since something has run out
 * @param sections  the details, as far as there are any
 */
public record Abilities(Verdict verdict, boolean exhausted, List<Section> sections) {
    /**
     * Tries.
     *
     * @param host where this runs
     * @return what was found
     */
    public static Abilities probe(Host host) {
        try {
            return new Abilities(Availability.probe(host), false, details());
        } catch (SystemCallException e) {
            return new Abilities(Refusal.of(System.getProperty("os.name"), e.errno(), host), true, List.of());
        }
    }

    private static List<Section> details() {
        List<Section> sections = new ArrayList<>();
        try {
            int features = features();
            if (features >= 0) {
                sections.add(describeFeatures(features));
                try (IoUring ring = IoUring.open(RingParameters.of(1))) {
                    sections.add(describeOperations(ring.probe()));
                    sections.add(describeFlags());
                    sections.add(describeRegistrations(ring));
                }
            }
        } catch (IOException | IllegalCallerException | UnsupportedOperationException | LinkageError e) {
            // What cannot be called has no details; the verdict says why.
            return sections;
        }
        return sections;
    }

    /** The features of a ring that is set up for this, or {@code -errno}; none of them is the sign bit. */
    private static int features() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(Params.SIZE_BYTES, Long.BYTES);
            int fd = RingCalls.ioUringSetup(1, params);
            if (fd < 0) {
                return fd;
            }
            FileCalls.close(fd);
            return params.get(ValueLayout.JAVA_INT, Params.FEATURES_OFFSET);
        }
    }

    private static Section describeFeatures(int features) {
        return new Section("features", "Features of io_uring", List.of(
                Fact.needed("SINGLE_MMAP", has(features, Feature.SINGLE_MMAP), "one mapping for both rings; Linux 5.4"),
                Fact.needed("NODROP", has(features, Feature.NODROP), "no completion is lost; Linux 5.5"),
                Fact.needed("SUBMIT_STABLE", has(features, Feature.SUBMIT_STABLE), "addresses are copied; Linux 5.5"),
                Fact.needed("EXT_ARG", has(features, Feature.EXT_ARG), "waits with a time limit; Linux 5.11"),
                Fact.optional("MIN_TIMEOUT", has(features, Feature.MIN_TIMEOUT),
                        "gathers bursts, and handlers that wait for a disk hold up nobody; Linux 6.12"),
                Fact.optional("NO_IOWAIT", has(features, Feature.NO_IOWAIT),
                        "idle loops do not count as waiting for a disk; Linux 6.15")));
    }

    private static boolean has(int features, int feature) {
        return (features & feature) != 0;
    }

    private static Section describeOperations(RingProbe probe) {
        return new Section("operations", "Operations that the channels use", Availability.OPERATIONS.stream()
                .map(each -> Fact.needed(each.name(), probe.supports(each.opcode()), each.note())).toList());
    }

    private static Section describeFlags() {
        return new Section("setupFlags", "Set-up flags of rings", List.of(
                flag("CLAMP", RingParameters.CLAMP, "sizes are lowered to the limit; Linux 5.6"),
                flag("SUBMIT_ALL", RingParameters.SUBMIT_ALL, "Linux 5.18"),
                flag("COOP_TASKRUN", RingParameters.COOP_TASKRUN, "no interrupts of the submitter; Linux 5.19"),
                flag("TASKRUN_FLAG", RingParameters.TASKRUN_FLAG, "tells of work that is due; Linux 5.19"),
                flag("NO_SQARRAY", RingParameters.NO_SQARRAY, "no index array; Linux 6.6"),
                flag("SQPOLL", RingParameters.SQPOLL, "for nio2uring.sqpoll; Linux 5.1")));
    }

    private static Fact flag(String name, int flag, String note) {
        return Fact.optional(name, IoUring.supportedSetupFlags(flag) == flag, note);
    }

    private static Section describeRegistrations(IoUring ring) {
        return new Section("registrations", "Registrations", List.of(
                Fact.needed("PBUF_RING", succeeds(() -> ring.registerBufRing(1, Long.BYTES, 0).close()),
                        "buffers that the kernel picks; Linux 5.19"),
                Fact.optional("NAPI", succeeds(() -> ring.registerNapi(0)), "for nio2uring.napi; Linux 6.9")));
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException;
    }

    private static boolean succeeds(Attempt attempt) {
        try {
            attempt.run();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
