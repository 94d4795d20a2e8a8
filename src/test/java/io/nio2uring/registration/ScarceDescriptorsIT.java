package io.nio2uring.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group whose first loop has its descriptors when there are none left for the second. */
@TimeLimit
class ScarceDescriptorsIT {
    private static final int LIMIT = 100;

    @Test
    void a_group_that_cannot_have_all_its_loops_releases_those_it_has_and_says_why(@TempDir Path directory)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(ChildJvm.NATIVE_ACCESS));
        command.addAll(ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS));
        command.add(ScarceDescriptorsProgram.class.getName());
        try (ChildJvm child = new ChildJvm(directory, ChildJvm.withFewFiles(LIMIT, command))) {
            assertEquals(0, child.awaitExit(), child::toString);
            assertEquals(List.of(), child.errors());
            List<String> lines = child.output();
            for (String line : lines) {
                assertTrue(line.endsWith("; left over: 0 descriptors, 0 bytes"), child::toString);
            }
            // A ring and an event descriptor for each loop.
            assertEquals(5, lines.size(), child::toString);
            for (int left = 0; left < 4; left++) {
                String call = left % 2 == 0 ? "io_uring_setup" : "eventfd";
                assertTrue(lines.get(left).startsWith(left + ": " + call)
                        && lines.get(left).contains("Too many open files"), child::toString);
            }
            assertTrue(lines.getLast().startsWith("4: opened;"), child::toString);
        }
    }
}
