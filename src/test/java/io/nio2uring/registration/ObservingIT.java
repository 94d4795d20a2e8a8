package io.nio2uring.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.sun.tools.attach.VirtualMachine;
import io.nio2uring.traffic.TimeLimit;
import io.nio2uring.traffic.Waiting;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JMX and the flight recorder cost nothing where nobody wants them, and are not needed. */
@TimeLimit
class ObservingIT {
    @TempDir
    private Path directory;

    @Test
    void theJarServesWhereJfrAndJmxAreMissing() throws Exception {
        try (ChildJvm child = start(List.of("--limit-modules", "java.base,jdk.net"), EchoProgram.class)) {
            assertEquals(0, child.awaitExit(), child::toString);
            assertEquals(List.of(), child.errors(), "standard error");
            assertEquals("echo every byte comes back", child.output().getLast());
        }
    }

    private ChildJvm start(List<String> options, Class<?> program, String... programArguments) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
        arguments.addAll(options);
        arguments.addAll(ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS));
        arguments.add(program.getName());
        arguments.addAll(List.of(programArguments));
        return new ChildJvm(directory, arguments);
    }

    /** A server that waits for a connection which never comes, and for the signal to end. */
    private ChildJvm listening(String... options) throws Exception {
        return start(List.of(options), ListeningProgram.class, "SIGNAL", "0");
    }

    @Test
    void neitherIsBroughtToLifeByUs() throws Exception {
        Path log = directory.resolve("classes.txt");
        try (ChildJvm child = listening("-Xlog:class+load:file=" + log)) {
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
            throw new UncheckedIOException(e);
        }
    }

    /** The case of a server that waits, or hangs: nothing happens in it by itself. */
    @Test
    void anIdleProcessIsNotWokenAndShowsItsBeansAfterACollection() throws Exception {
        try (ChildJvm child = listening()) {
            child.awaitLine("listening");
            Waiting.until("our threads have come to rest", () -> switchesDuring(child.pid(), 200) == 0);
            assertEquals(0, switchesDuring(child.pid(), 3000), "context switches of our threads in 3 s");

            VirtualMachine machine = VirtualMachine.attach(Long.toString(child.pid()));
            JMXServiceURL url = new JMXServiceURL(machine.startLocalManagementAgent());
            machine.detach();
            try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
                MBeanServerConnection server = connector.getMBeanServerConnection();
                server.invoke(new ObjectName("java.lang:type=Memory"), "gc", null, null);
                ObjectName provider = new ObjectName("io.nio2uring:type=Provider,name=1");
                Waiting.until("the provider's bean", () -> isRegistered(server, provider));
                String dump = (String) server.invoke(provider, "dump", null, null);
                assertTrue(dump.contains("accept on descriptor"), dump);
            }
            child.terminate();
            child.awaitExit();
            assertEquals(List.of(), child.errors(), "standard error");
        }
    }

    /** What java -jar of the library prints about another process, or its complaint. */
    private List<String> dumpOf(String pid, int status) throws Exception {
        try (ChildJvm asking = new ChildJvm(directory, List.of("-jar", ChildJvm.JAR.toString(), "--dump", pid))) {
            assertEquals(status, asking.awaitExit(), asking::toString);
            assertEquals(List.of(), status == 0 ? asking.errors() : asking.output());
            return status == 0 ? asking.output() : asking.errors();
        }
    }

    @Test
    void aProcessInWhichNothingMovesTellsWhatIsInFlightWithoutACollection() throws Exception {
        Path collections = directory.resolve("collections.txt");
        try (ChildJvm child = listening("-Xlog:gc:file=" + collections)) {
            child.awaitLine("listening");
            Waiting.until("our threads have come to rest", () -> switchesDuring(child.pid(), 200) == 0);
            for (int i = 0; i < 2; i++) {
                String dump = String.join("\n", dumpOf(Long.toString(child.pid()), 0));
                assertTrue(dump.startsWith("provider 1 on io_uring\nloop nio2uring-"), dump);
                assertTrue(dump.contains("accept on descriptor") && dump.contains(", in the kernel"), dump);
            }
            assertEquals(List.of(), Files.readAllLines(collections).stream()
                    .filter(line -> line.contains("System.gc") || line.contains("Diagnostic Command")).toList());
            child.terminate();
            child.awaitExit();
            assertEquals(List.of(), child.errors(), "standard error");
        }
    }

    @Test
    void aProcessWithoutUringDoesNotClaimThatOperationsAreInTheKernel() throws Exception {
        try (ChildJvm child = listening("-Dnio2uring.mode=portable")) {
            child.awaitLine("listening");
            String dump = String.join("\n", dumpOf(Long.toString(child.pid()), 0));
            assertTrue(dump.startsWith("provider 1 on java.nio\nloop nio2uring-"), dump);
            assertTrue(dump.contains(", waits for its socket") && !dump.contains(", in the kernel"), dump);
            child.terminate();
            child.awaitExit();
            assertEquals(List.of(), child.errors(), "standard error");
        }
    }

    @Test
    void aProcessThatIsStuckInAHandlerTellsWhatWaitsForIt() throws Exception {
        try (ChildJvm child = start(List.of(), StuckProgram.class)) {
            child.awaitLine("stuck");
            // The monitor has to find that the handler does not come back, and the watcher to take what has ended.
            Waiting.until("the outcome of the second read", () -> stuckDump(child.pid()).contains(", to be delivered"));
            String dump = stuckDump(child.pid());
            assertTrue(dump.contains(": led by nio2uring-1-1-watcher, which waits in the kernel"), dump);
            assertTrue(dump.contains("; 1 to be delivered;"), dump);
            assertTrue(dump.contains("    read on descriptor "), dump);
            child.terminate();
            child.awaitExit();
            assertEquals(List.of(), child.errors(), "standard error");
        }
    }

    private String stuckDump(long pid) {
        try {
            return String.join("\n", dumpOf(Long.toString(pid), 0));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aProcessThatCannotBeAskedIsNamedWithTheReason() throws Exception {
        List<String> arguments = new ArrayList<>(ChildJvm.classPath(ChildJvm.PROGRAMS));
        arguments.addAll(List.of(ListeningProgram.class.getName(), "SIGNAL", "0"));
        try (ChildJvm child = new ChildJvm(directory, arguments)) {
            child.awaitLine("listening");
            String pid = Long.toString(child.pid());
            assertEquals(
                    List.of("Process " + pid + " has no nio2-uring on its class path or module path, or one before "
                            + "0.1.0."),
                    dumpOf(pid, 1));
            child.terminate();
            child.awaitExit();
            String complaint = String.join("\n", dumpOf(pid, 1));
            assertTrue(complaint.startsWith("Cannot attach to process " + pid + ", which has to be"), complaint);
        }
        for (String wrong : List.of("0", "-1", "java", "12345678901234567890")) {
            assertTrue(dumpOf(wrong, 2).getFirst().startsWith("--dump takes one argument"), wrong);
        }
    }

    private static boolean isRegistered(MBeanServerConnection server, ObjectName name) {
        try {
            return server.isRegistered(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often the kernel has switched to a thread of the library in the next milliseconds. */
    private static long switchesDuring(long pid, long millis) {
        long before = switches(pid);
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return switches(pid) - before;
    }

    private static long switches(long pid) {
        Path[] tasks;
        try (Stream<Path> list = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            tasks = list.toArray(Path[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long sum = 0;
        int ours = 0;
        for (Path task : tasks) {
            try {
                if (Files.readString(task.resolve("comm")).startsWith("nio2uring-")) {
                    ours++;
                    sum += Files.readAllLines(task.resolve("status")).stream()
                            .filter(line -> line.contains("ctxt_switches:"))
                            .mapToLong(line -> Long.parseLong(line.split("\\s+")[1])).sum();
                }
            } catch (NoSuchFileException e) {
                // A thread that has ended wakes nobody.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertTrue(ours >= 2, "the registrar and the monitor at least");
        return sum;
    }

    @Test
    void eventsAreRecordedFromTheModulePathToo() throws Exception {
        Path file = directory.resolve("recording.jfr");
        List<String> arguments = new ArrayList<>(List.of("--enable-native-access=io.nio2uring",
                "-XX:StartFlightRecording=filename=" + file));
        arguments.addAll(ChildJvm.modulePath(ChildJvm.JAR));
        arguments.addAll(ChildJvm.classPath(ChildJvm.PROGRAMS));
        arguments.add(EchoProgram.class.getName());
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
