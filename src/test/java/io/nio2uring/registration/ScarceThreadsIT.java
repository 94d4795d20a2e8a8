package io.nio2uring.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups and handlers that need threads when the system refuses to create them. */
@TimeLimit
class ScarceThreadsIT {
    private static final int LIMIT = 80;

    @Test
    void what_lacks_threads_fails_or_waits_and_is_released_or_goes_on_when_there_are_some(@TempDir Path directory)
            throws Exception {
        // So many threads of the JVM's own as there are at its start, and no output of it when there are no more.
        List<String> command = new ArrayList<>(List.of(ChildJvm.NATIVE_ACCESS, "-Xlog:disable", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-XX:-UseDynamicNumberOfCompilerThreads"));
        command.addAll(ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS));
        command.add(ScarceThreadsProgram.class.getName());
        try (ChildJvm child = new ChildJvm(directory, ChildJvm.withFewThreads(LIMIT, command))) {
            assertEquals(0, child.awaitExit(), child::toString);
            List<String> lines = child.output();
            for (String line : lines.subList(0, lines.size() - 2)) {
                assertTrue(line.matches("\\d: unable to create native thread.*"), child::toString);
            }
            assertTrue(lines.size() >= 4, child::toString);
            assertTrue(lines.get(lines.size() - 2).endsWith(": opened"), child::toString);
            assertEquals("a handler that came due without a thread: 5 bytes", lines.getLast());
            assertTrue(child.errors().stream().anyMatch(line -> line.matches(
                    "WARNING: nio2uring-\\d+-\\d-watcher cannot be started; nothing is lost.* Remedy: let the process have "
                            + "more threads.*")),
                    child::toString);
            assertTrue(child.errors().stream().noneMatch(line -> line.startsWith("Exception in thread")),
                    child::toString);
        }
    }
}
