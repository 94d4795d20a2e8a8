package io.nio2uring.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.nio2uring.abi.RegisterOp;
import io.nio2uring.sys.Errno;
import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An unmodified program in a virtual machine that may not use io_uring, or not call native functions. */
@TimeLimit
class WithoutUringIT {
    private static final String ECHO = "echo every byte comes back";

    @TempDir
    private Path directory;

    /** The program with some options of java. */
    private static List<String> program(String... options) {
        List<String> command = new ArrayList<>(List.of(options));
        command.addAll(ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS));
        command.add(EchoProgram.class.getName());
        return command;
    }

    /** The same under a seccomp filter that answers {@code io_uring_setup} with an error. */
    private static List<String> refused(int errno, String... options) {
        List<String> command = new ArrayList<>(List.of(ChildJvm.NATIVE_ACCESS));
        command.addAll(program(options));
        return ChildJvm.withoutUring(errno, command);
    }

    /** The same for another call; -1 for all operations of it. */
    private static List<String> refused(int call, int operation, int errno, String... options) {
        List<String> command = new ArrayList<>(List.of(ChildJvm.NATIVE_ACCESS));
        command.addAll(program(options));
        return ChildJvm.refusing(call, operation, errno, command);
    }

    /** What the program, which does not end by itself, writes on standard error until it has echoed. */
    private String warningOf(List<String> command) throws Exception {
        try (ChildJvm child = new ChildJvm(directory, command)) {
            child.awaitLine(ECHO);
            assertTrue(child.output().contains("provider io.nio2uring.UringAsynchronousChannelProvider"),
                    child::toString);
            child.terminate();
            child.awaitExit();
            return String.join("\n", child.errors());
        }
    }

    private String failureOf(List<String> command) throws Exception {
        try (ChildJvm child = new ChildJvm(directory, command)) {
            assertEquals(1, child.awaitExit(), child::toString);
            return String.join("\n", child.errors());
        }
    }

    private static void assertSays(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
        }
        assertEquals(text.indexOf("WARNING"), text.lastIndexOf("WARNING"), text);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
    void a_refused_ring_is_told_once_and_the_program_runs(int errno) throws Exception {
        assertSays(warningOf(refused(errno)), "WARNING: Asynchronous channels run on java.nio",
                "io_uring_setup", Errno.name(errno), "seccomp", "Remedy: ", "-Dnio2uring.mode=portable");
    }

    @Test
    void without_native_access_the_program_runs_and_is_told_how_to_grant_it() throws Exception {
        assertSays(warningOf(program("--illegal-native-access=deny")), "WARNING: Asynchronous channels run on java.nio",
                "Native functions cannot be called", ChildJvm.NATIVE_ACCESS);
    }

    @Test
    void whoever_wants_the_portable_engine_is_not_warned() throws Exception {
        assertEquals("", warningOf(program("--illegal-native-access=deny", "-Dnio2uring.mode=portable")));
    }

    /** As by a filter that knows only the first of the three calls, or none of the later operations. */
    @ParameterizedTest
    @CsvSource({"io_uring_register, -1, " + Errno.EPERM, "io_uring_register, -1, " + Errno.ENOSYS,
        "io_uring_enter, -1, " + Errno.EPERM,
        "io_uring_register, " + RegisterOp.REGISTER_PROBE + ", " + Errno.EINVAL,
        "io_uring_register, " + RegisterOp.REGISTER_PBUF_RING + ", " + Errno.EINVAL})
    void a_ring_that_cannot_be_used_is_as_good_as_none(String call, int operation, int errno) throws Exception {
        int number = call.equals("io_uring_enter") ? ChildJvm.IO_URING_ENTER : ChildJvm.IO_URING_REGISTER;
        assertSays(warningOf(refused(number, operation, errno)), "WARNING: Asynchronous channels run on java.nio", call,
                Errno.name(errno), "Remedy: ", errno == Errno.EINVAL ? "Linux 5.19 or later" : "seccomp");
        assertSays(failureOf(refused(number, operation, errno, "-Dnio2uring.mode=uring")),
                "java.io.IOException: nio2uring.mode is uring, but io_uring cannot be used", call, Errno.name(errno));
    }

    @Test
    void a_registration_that_finds_no_memory_is_not_taken_for_absence() throws Exception {
        assertSays(failureOf(refused(ChildJvm.IO_URING_REGISTER, RegisterOp.REGISTER_PBUF_RING, Errno.ENOMEM)),
                "SystemCallException: io_uring_register", "ENOMEM");
    }

    @Test
    void whoever_wants_network_cards_polled_is_told_that_the_kernel_does_not() throws Exception {
        assertSays(failureOf(refused(ChildJvm.IO_URING_REGISTER, RegisterOp.REGISTER_NAPI, Errno.EINVAL,
                "-Dnio2uring.napi=50")), "java.io.IOException: io_uring_register of NAPI busy polling", "EINVAL");
    }

    @Test
    void whoever_wants_io_uring_is_told_why_not() throws Exception {
        assertSays(failureOf(refused(Errno.EPERM, "-Dnio2uring.mode=uring")),
                "java.io.IOException: nio2uring.mode is uring, but io_uring cannot be used", "EPERM", "Remedy: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENOMEM})
    void exhaustion_is_not_taken_for_absence(int errno) throws Exception {
        assertSays(failureOf(refused(errno)), "SystemCallException: io_uring_setup", Errno.name(errno));
    }

    @Test
    void a_mode_that_does_not_exist_is_named_with_those_that_do() throws Exception {
        assertSays(failureOf(program(ChildJvm.NATIVE_ACCESS, "-Dnio2uring.mode=fast")), "IllegalArgumentException",
                "nio2uring.mode is 'fast'", "[auto, uring, portable]");
    }
}
