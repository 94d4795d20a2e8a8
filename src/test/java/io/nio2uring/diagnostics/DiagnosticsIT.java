package io.nio2uring.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nio2uring.registration.ChildJvm;
import io.nio2uring.sys.Errno;
import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar} of the built jar, as a user calls it. */
@TimeLimit
class DiagnosticsIT {
    private static final List<String> KINDS = List.of("fixed", "cached", "executor", "default");

    @TempDir
    private Path directory;

    /** What a run printed, having ended with the given status and written nothing on standard error. */
    private List<String> output(int status, List<String> arguments) throws Exception {
        try (ChildJvm child = new ChildJvm(directory, arguments)) {
            assertEquals(status, child.awaitExit(), child::toString);
            assertEquals(List.of(), child.errors(), "standard error");
            return child.output();
        }
    }

    private static List<String> jar(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(options);
        command.addAll(List.of("-jar", ChildJvm.JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> refused(int errno, String... arguments) {
        return ChildJvm.withoutUring(errno, jar(List.of(), arguments));
    }

    /** For people: the output fits a narrow terminal, and has no colours as it goes elsewhere. */
    private List<String> text(int status, List<String> command) throws Exception {
        List<String> lines = output(status, command);
        assertTrue(lines.stream().allMatch(line -> line.length() <= 80 && line.indexOf('\033') < 0), lines::toString);
        return lines;
    }

    private JsonObject json(int status, List<String> command) throws Exception {
        return JsonParser.parseString(String.join("\n", output(status, command))).getAsJsonObject();
    }

    @Test
    void tellsThatIoUringCanBeUsedAndShowsIt() throws Exception {
        List<String> lines = text(0, jar(List.of()));
        assertEquals("io_uring can be used.", lines.get(1));
        assertTrue(lines.getFirst().matches("nio2-uring \\d+\\.\\d+\\.\\d+.*"), lines.getFirst());
        assertEquals(KINDS.size(), lines.stream().filter(line -> line.contains("echo of 64 KiB right")).count());
        for (String title : List.of("System", "Limits", "Features of io_uring", "Operations that the channels use",
                "Set-up flags of rings", "Registrations", "Configuration", "Channel groups")) {
            assertTrue(lines.contains(title), title);
        }
    }

    @Test
    void tellsTheSameToMachines() throws Exception {
        JsonObject all = json(0, jar(List.of(), "--json"));
        assertTrue(all.get("usable").getAsBoolean());
        assertEquals(System.getProperty("os.version"), all.getAsJsonObject("host").get("kernel").getAsString());
        assertEquals("io_uring", engine(all));
        assertTrue(all.getAsJsonObject("operations").get("RECV").getAsBoolean());
        JsonObject groups = all.getAsJsonObject("groups");
        assertEquals("io.nio2uring.UringAsynchronousChannelProvider", groups.get("provider").getAsString());
        for (String kind : KINDS) {
            JsonObject group = groups.getAsJsonObject(kind);
            assertEquals("io_uring", group.get("engine").getAsString(), kind);
            assertTrue(group.get("echo").getAsBoolean() && group.get("failure").isJsonNull(), kind);
            assertTrue(group.get("ringFlags").getAsString().contains("SUBMIT_ALL"), kind);
        }
    }

    @Test
    void propertiesTakeEffectAndAreToldWithTheirOrigin() throws Exception {
        JsonObject all = json(0, jar(List.of("-Dnio2uring.ring.entries=64", "-Dnio2uring.sqpoll=100"), "--json"));
        JsonObject configuration = all.getAsJsonObject("configuration");
        JsonObject entries = configuration.getAsJsonObject("nio2uring.ring.entries");
        assertEquals(64, entries.get("value").getAsInt());
        assertEquals("system property", entries.get("origin").getAsString());
        assertEquals("default", configuration.getAsJsonObject("nio2uring.spin").get("origin").getAsString());
        assertTrue(all.getAsJsonObject("groups").getAsJsonObject("fixed").get("ringFlags").getAsString()
                .contains("SQPOLL"));
    }

    @Test
    void aBadPropertyIsTheReason() throws Exception {
        JsonObject all = json(1, jar(List.of("-Dnio2uring.spin=fast"), "--json"));
        assertFalse(all.get("usable").getAsBoolean());
        assertTrue(all.get("reason").getAsString().contains("nio2uring.spin is 'fast'"), all::toString);
    }

    /** Such properties make Java throw errors, of which the report is to tell like of anything else. */
    @Test
    void propertiesOfJavaThatCannotBeUsedAreToldOf() throws Exception {
        List<String> options = List.of("-Djava.nio.channels.spi.AsynchronousChannelProvider=no.such.Provider",
                "-Djava.nio.channels.DefaultThreadPool.initialSize=many");
        JsonObject all = json(1, jar(options, "--json"));
        String reason = all.get("reason").getAsString();
        assertTrue(reason.contains("no.such.Provider") && reason.contains("initialSize"), reason);
        JsonObject groups = all.getAsJsonObject("groups");
        assertTrue(groups.get("provider").isJsonNull(), groups::toString);
        assertTrue(groups.getAsJsonObject("default").get("failure").getAsString().contains("initialSize"),
                groups::toString);
        assertTrue(groups.getAsJsonObject("fixed").get("echo").getAsBoolean(), groups::toString);
        assertTrue(String.join(" ", text(1, jar(options))).contains("no.such.Provider"));
    }

    @Test
    void aSeccompFilterIsFoundOut() throws Exception {
        List<String> lines = text(1, refused(Errno.EPERM));
        String text = String.join(" ", lines).replaceAll("\\s+", " ");
        assertTrue(text.contains("io_uring cannot be used here. io_uring_setup: EPERM"), text);
        assertTrue(text.contains("a seccomp filter refuses the system call"), text);
        assertTrue(text.contains("--security-opt seccomp="), text);
        assertFalse(lines.contains("Channel groups"), "nothing is tried that cannot succeed");
        JsonObject all = json(1, refused(Errno.ENOSYS, "--json"));
        assertFalse(all.get("usable").getAsBoolean());
        assertTrue(all.get("reason").getAsString().startsWith("io_uring_setup: ENOSYS"), all::toString);
        assertFalse(all.getAsJsonArray("advice").isEmpty());
        assertEquals("java.nio", engine(all));
    }

    private static String engine(JsonObject report) {
        return report.getAsJsonObject("engine").get("engine").getAsString();
    }

    @Test
    void whatRanOutIsNeitherTakenForARefusalNorReplaced() throws Exception {
        JsonObject all = json(1, refused(Errno.EMFILE, "--json"));
        assertTrue(all.get("reason").getAsString().startsWith("io_uring_setup: EMFILE"), all::toString);
        assertEquals("none", engine(all));
    }

    @Test
    void aModeThatIsAskedForIsTried() throws Exception {
        JsonObject all = json(0, jar(List.of("-Dnio2uring.mode=portable"), "--json"));
        assertEquals("java.nio", engine(all));
        JsonObject fixed = all.getAsJsonObject("groups").getAsJsonObject("fixed");
        assertEquals("java.nio", fixed.get("engine").getAsString());
        assertTrue(fixed.get("echo").getAsBoolean(), all::toString);
    }

    @Test
    void helpIsGivenAndTellsHowToLookIntoAProcess() throws Exception {
        List<String> lines = text(0, jar(List.of(), "--help"));
        assertTrue(lines.getFirst().startsWith("Usage: java "), lines::toString);
        for (String word : List.of("--json", "--dump PID", "Exit status", "NO_COLOR", "jconsole", "dump")) {
            assertTrue(lines.stream().anyMatch(line -> line.contains(word)), word);
        }
    }

    @Test
    void anUnknownArgumentIsNamed() throws Exception {
        try (ChildJvm child = new ChildJvm(directory, jar(List.of(), "--josn"))) {
            assertEquals(2, child.awaitExit(), child::toString);
            assertEquals(List.of(), child.output());
            assertEquals(List.of("Unknown argument '--josn'. Known are --json, --dump PID and --help."),
                    child.errors());
        }
    }
}
