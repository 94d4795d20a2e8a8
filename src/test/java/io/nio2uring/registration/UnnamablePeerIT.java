package io.nio2uring.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.nio2uring.abi.SockaddrUn;
import io.nio2uring.abi.SocketConstant;
import io.nio2uring.sys.BlockingCalls;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.SocketCalls;
import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client chooses its own name, which need not be a path in the server's encoding of names. */
@TimeLimit(seconds = 60)
class UnnamablePeerIT {
    @TempDir
    private Path directory;

    /** On the portable engine the JDK's general channels fail that one accept. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {"uring, accepted ''", "portable, not accepted"})
    void aServerGoesOnAcceptingWhateverItsPeersAreCalled(String mode, String outcome) throws Exception {
        String path = directory.resolve("server").toString();
        List<String> arguments = new ArrayList<>(List.of(ChildJvm.NATIVE_ACCESS));
        arguments.add("-Dnio2uring.mode=" + mode);
        arguments.addAll(ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS));
        arguments.addAll(List.of(UnnamablePeerProgram.class.getName(), path));
        try (ChildJvm child = new ChildJvm(directory, ChildJvm.inAsciiLocale(arguments))) {
            child.awaitLine("listening");
            int named = connect(path, directory.resolve("n").toString().getBytes(StandardCharsets.UTF_8));
            child.awaitLine("accepted '" + directory.resolve("n") + "'");
            byte[] name = directory.resolve("u").toString().getBytes(StandardCharsets.UTF_8);
            name[name.length - 1] = (byte) 0xFC;
            int unnamable = connect(path, name);
            int nameless = connect(path, null);
            assertEquals(0, child.awaitExit(), child::toString);
            assertEquals(
                    List.of("listening", "accepted '" + directory.resolve("n") + "'", outcome, "accepted ''"),
                    child.output());
            for (int each : new int[] {named, unnamable, nameless}) {
                FileCalls.close(each);
            }
        }
    }

    /** A connection from a socket that is bound to the name, or to none; returns its descriptor. */
    private static int connect(String path, byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = SocketCalls.socket(SocketConstant.AF_UNIX,
                    SocketConstant.SOCK_STREAM | SocketConstant.SOCK_CLOEXEC, 0);
            if (name != null) {
                assertEquals(0, SocketCalls.bind(fd, address(arena, name), SockaddrUn.SIZE_BYTES));
            }
            assertEquals(0, BlockingCalls.connect(fd, address(arena, path.getBytes(StandardCharsets.UTF_8)),
                    SockaddrUn.SIZE_BYTES));
            return fd;
        }
    }

    private static MemorySegment address(Arena arena, byte[] path) {
        MemorySegment address = arena.allocate(SockaddrUn.SIZE_BYTES, Long.BYTES);
        address.set(ValueLayout.JAVA_SHORT, SockaddrUn.SUN_FAMILY_OFFSET, (short) SocketConstant.AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, SockaddrUn.SUN_PATH_OFFSET, path.length);
        return address;
    }
}
