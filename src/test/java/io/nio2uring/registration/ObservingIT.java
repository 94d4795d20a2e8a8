package io.nio2uring.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.nio2uring.traffic.TimeLimit;
import io.nio2uring.traffic.Waiting;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JMX and the flight recorder cost nothing where nobody wants them, and are not needed. */
@TimeLimit
class ObservingIT {
    private static final String ECHO = EchoProgram.class.getName();

    @TempDir
    private Path directory;

    @Test
    void theJarServesWhereJfrAndJmxAreMissing() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "--limit-modules",
                "java.base,jdk.net"));
        arguments.addAll(ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS));
        arguments.add(ECHO);
        try (ChildJvm child = new ChildJvm(directory, arguments)) {
            assertEquals(0, child.awaitExit(), child::toString);
            assertEquals(List.of(), child.errors(), "standard error");
            assertEquals("echo every byte comes back", child.output().getLast());
        }
    }

    @Test
    void neitherIsBroughtToLifeByUs() throws Exception {
        Path log = directory.resolve("classes.txt");
        List<String> arguments = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-Xlog:class+load:file="
                + log));
        arguments.addAll(ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS));
        arguments.addAll(List.of(ListeningProgram.class.getName(), "SIGNAL", "0"));
        try (ChildJvm child = new ChildJvm(directory, arguments)) {
            child.awaitLine("listening");
            // Loaded when it has been found that nobody has made a server.
            Waiting.until("the registrar has looked",
                    () -> loaded(log).contains("javax.management.MBeanServerFactory"));
            child.terminate();
            child.awaitExit();
            Set<String> loaded = loaded(log);
            assertTrue(loaded.contains("io.nio2uring.jfr.Recorder"), "what would touch the flight recorder was used");
            assertEquals(List.of(), loaded.stream().filter(name -> name.equals("com.sun.jmx.mbeanserver.JmxMBeanServer")
                    || name.equals("sun.management.ManagementFactoryHelper")
                    || name.equals("jdk.jfr.internal.MetadataRepository")
                    || name.startsWith("io.nio2uring.jfr.") && name.endsWith("Event")).toList());
        }
    }

    private static Set<String> loaded(Path log) {
        try {
            return Files.readAllLines(log).stream().filter(line -> line.contains(" source: "))
                    .map(line -> line.substring(line.lastIndexOf(']') + 2, line.indexOf(" source: ")))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void eventsAreRecordedFromTheModulePathToo() throws Exception {
        Path file = directory.resolve("recording.jfr");
        List<String> arguments = new ArrayList<>(List.of("--enable-native-access=io.nio2uring",
                "-XX:StartFlightRecording=filename=" + file));
        arguments.addAll(ChildJvm.modulePath(ChildJvm.JAR));
        arguments.addAll(ChildJvm.classPath(ChildJvm.PROGRAMS));
        arguments.add(ECHO);
        try (ChildJvm child = new ChildJvm(directory, arguments)) {
            assertEquals(0, child.awaitExit(), child::toString);
            assertEquals(List.of(), child.errors(), "standard error");
        }
        List<RecordedEvent> ours = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.nio2uring.")).toList();
        Set<String> names = ours.stream().map(event -> event.getEventType().getLabel()).collect(Collectors.toSet());
        assertTrue(names.containsAll(Set.of("Engine Chosen", "Connection Opened", "Connection Closed")),
                names::toString);
    }
}
