package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;

import io.nio2uring.abi.Feature;
import io.nio2uring.abi.Opcode;
import io.nio2uring.sys.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningTest {
    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, RingParameters.MAX_ENTRIES + 1})
    void a_size_out_of_range_is_refused(int entries) {
        assertThrows(IllegalArgumentException.class, () -> new IoUring(entries));
        assertThrows(IllegalArgumentException.class, () -> IoUring.newSqpoll(entries, 1));
        assertThrows(IllegalArgumentException.class, () -> RingParameters.of(entries));
    }

    @Test
    void a_size_that_is_not_a_power_of_two_is_rounded_up() throws IOException {
        try (IoUring ring = new IoUring(5)) {
            assertEquals(8, ring.submissionEntries());
            assertEquals(16, ring.completionEntries());
        }
    }

    @Test
    void the_largest_ring_opens() throws IOException {
        try (IoUring ring = new IoUring(RingParameters.MAX_ENTRIES)) {
            assertEquals(RingParameters.MAX_ENTRIES, ring.submissionEntries());
        }
    }

    @Test
    void clamping_lowers_a_size_to_the_limit() throws IOException {
        RingParameters parameters = new RingParameters(100_000, 0, RingParameters.CLAMP, 0, -1);
        try (IoUring ring = IoUring.open(parameters)) {
            assertEquals(RingParameters.MAX_ENTRIES, ring.submissionEntries());
        }
    }

    @Test
    void the_completion_queue_has_the_size_asked_for() throws IOException {
        try (IoUring ring = IoUring.open(RingParameters.of(2).withCompletionEntries(64))) {
            assertEquals(2, ring.submissionEntries());
            assertEquals(64, ring.completionEntries());
        }
        assertThrows(IllegalArgumentException.class, () -> RingParameters.of(8).withCompletionEntries(4));
    }

    @Test
    void parameters_that_say_nothing_sensible_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> RingParameters.of(8).withSetupFlags(1 << 30));
        assertThrows(IllegalArgumentException.class, () -> RingParameters.of(8).withSqpoll(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> RingParameters.of(8).withSqpoll(0, -2));
        assertThrows(IllegalArgumentException.class, () -> new RingParameters(8, 0, 0, 10, -1));
    }

    @Test
    void a_refusal_of_the_kernel_names_call_errno_and_parameters() {
        // DEFER_TASKRUN without SINGLE_ISSUER.
        IOException e = assertThrows(IOException.class,
                () -> IoUring.open(RingParameters.of(8).withSetupFlags(RingParameters.DEFER_TASKRUN)));
        assertTrue(e.getMessage().matches("io_uring_setup with .*entries=8.*EINVAL \\(Invalid argument\\)"),
                e.getMessage());
    }

    @Test
    void a_processor_that_does_not_exist_is_refused_with_its_number() {
        IOException e = assertThrows(IOException.class, () -> IoUring.newSqpoll(8, 10, 100_000));
        assertTrue(e.getMessage().contains("sqThreadCpu=100000"), e.getMessage());
    }

    @Test
    void exactly_the_flags_asked_for_are_set() throws IOException {
        try (IoUring ring = IoUring.open(RingParameters.of(8))) {
            assertEquals(0, ring.setupFlags());
        }
        int flags = RingParameters.COOP_TASKRUN | RingParameters.TASKRUN_FLAG | RingParameters.SUBMIT_ALL;
        try (IoUring ring = IoUring.open(RingParameters.of(8).withSetupFlags(flags))) {
            assertEquals(flags, ring.setupFlags());
        }
    }

    @Test
    void every_flag_that_the_kernel_is_said_to_have_opens_a_ring() throws IOException {
        int all = IoUring.supportedSetupFlags(-1);
        assertEquals(0, IoUring.supportedSetupFlags(0));
        assertEquals(RingParameters.SUBMIT_ALL, IoUring.supportedSetupFlags(RingParameters.SUBMIT_ALL));
        for (int flag = 1; flag > 0; flag <<= 1) {
            if ((all & flag) != 0) {
                int needed = flag == RingParameters.TASKRUN_FLAG ? RingParameters.COOP_TASKRUN
                        : flag == RingParameters.DEFER_TASKRUN ? RingParameters.SINGLE_ISSUER
                                : 0;
                try (IoUring ring = IoUring.open(RingParameters.of(2).withSetupFlags(flag | needed))) {
                    assertTrue(ring.prepNop(1));
                    assertEquals(Cqe.of(1, 0), Reaping.takeOne(ring));
                }
            }
        }
    }

    @Test
    void the_probe_knows_what_this_kernel_has() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            RingProbe probe = ring.probe();
            assertTrue(probe.supports(Opcode.NOP) && probe.supports(Opcode.RECV), probe.toString());
            assertEquals(false, probe.supports(255));
            assertEquals(false, probe.supports(1_000));
            assertThrows(IndexOutOfBoundsException.class, () -> probe.supports(-1));
            assertTrue(probe.toString().contains(" RECV "), probe.toString());
        }
    }

    @Test
    void an_operation_that_the_probe_denies_completes_with_einval() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            int opcode = 255;
            assertFalse(ring.probe().supports(opcode));
            assertTrue(ring.prepare(opcode, 0, 0, -1, 0, 0, 0, 0, 1, 0));
            assertEquals(Cqe.of(1, -Errno.EINVAL), Reaping.takeOne(ring));
        }
    }

    @Test
    void a_probe_of_an_older_kernel_names_what_that_lacks() {
        BitSet operationsOfLinux5_4 = new BitSet();
        operationsOfLinux5_4.set(Opcode.NOP, Opcode.ACCEPT);
        RingProbe probe = new RingProbe(operationsOfLinux5_4);
        assertTrue(probe.supports(Opcode.SENDMSG));
        assertFalse(probe.supports(Opcode.ACCEPT));
        assertTrue(probe.toString().matches(".* SENDMSG .*; missing:.* ACCEPT .* SEND_ZC.*"), probe.toString());
    }

    @Test
    void a_kernel_without_what_every_ring_needs_is_refused_with_the_release_that_has_it() throws IOException {
        int allButOne = 0xffff & ~Feature.NODROP;
        IOException e = assertThrows(IOException.class, () -> RingMemory.requireFeatures(allButOne));
        assertTrue(e.getMessage().contains("Linux 5.11"), e.getMessage());
        assertTrue(e.getMessage().contains(Integer.toHexString(allButOne)), e.getMessage());
        RingMemory.requireFeatures(0xffff);
    }

    @Test
    void a_closed_ring_refuses_everything_and_closes_again() throws IOException {
        IoUring ring = new IoUring(2);
        ring.close();
        ring.close();
        int tried = 0;
        for (Method method : IoUring.class.getMethods()) {
            if (method.getName()
                    .matches("(prep|register|update|await|submitAnd|forEach|probe|ready|pending).*|submit")) {
                InvocationTargetException e = assertThrows(InvocationTargetException.class,
                        () -> method.invoke(ring, harmlessArguments(method)), method::toString);
                assertInstanceOf(IllegalStateException.class, e.getCause(), method::toString);
                assertEquals("ring is closed", e.getCause().getMessage());
                tried++;
            }
        }
        assertTrue(tried >= 50, "methods tried: " + tried);
        assertTrue(ring.toString().contains("closed"));
    }

    private static Object[] harmlessArguments(Method method) {
        Consumer<Completion> nothing = completion -> {};
        return Arrays.stream(method.getParameterTypes())
                .map(type -> type == int.class ? (Object) 0
                        : type == long.class ? (Object) 0L
                                : type == boolean.class ? (Object) false
                                        : type == FileSlot.class ? new FileSlot(0)
                                                : type == MemorySegment.class ? MemorySegment.NULL : nothing)
                .toArray();
    }
}
