package io.nio2uring.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which an unmodified program gets the provider, each tried in a JVM of its own on the built jar. */
@TimeLimit
class RegistrationIT {
    private static final String OURS = "io.nio2uring.UringAsynchronousChannelProvider";
    private static final String OF_THE_JDK = "sun.nio.ch.LinuxAsynchronousChannelProvider";
    private static final String ECHO = EchoProgram.class.getName();
    private static final String NATIVE_ACCESS_OF_CLASS_PATH = "--enable-native-access=ALL-UNNAMED";
    private static final String NATIVE_ACCESS_OF_MODULE = "--enable-native-access=io.nio2uring";

    @TempDir
    private Path directory;

    @Test
    void theJarOnTheClassPathIsEnough() throws Exception {
        assertServed(OURS, null, List.of(NATIVE_ACCESS_OF_CLASS_PATH),
                ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS), List.of(ECHO));
    }

    @Test
    void thePropertyIsEnoughWhereTheRegistrationFileWasLost() throws Exception {
        Path bare = jarWithoutServices();
        assertServed(OF_THE_JDK, "java.base", List.of(), ChildJvm.classPath(bare, ChildJvm.PROGRAMS), List.of(ECHO));
        assertServed(OURS, null, List.of(NATIVE_ACCESS_OF_CLASS_PATH, ChildJvm.providerProperty(OURS)),
                ChildJvm.classPath(bare, ChildJvm.PROGRAMS), List.of(ECHO));
    }

    @Test
    void thePropertyGoesBeforeTheJar() throws Exception {
        assertServed(OF_THE_JDK, "java.base", List.of(ChildJvm.providerProperty(OF_THE_JDK)),
                ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS), List.of(ECHO));
    }

    @Test
    void theJarOnTheModulePathIsEnoughForAProgramOnTheClassPath() throws Exception {
        List<String> paths = new ArrayList<>(ChildJvm.modulePath(ChildJvm.JAR));
        paths.addAll(ChildJvm.classPath(ChildJvm.PROGRAMS));
        // java.base uses the service, so the module is resolved without --add-modules.
        assertServed(OURS, "io.nio2uring", List.of(NATIVE_ACCESS_OF_MODULE), paths, List.of(ECHO));
        assertServed(OURS, "io.nio2uring", List.of(NATIVE_ACCESS_OF_MODULE, ChildJvm.providerProperty(OURS)), paths,
                List.of(ECHO));
    }

    @Test
    void theJarOnTheModulePathIsEnoughForAnAutomaticModule() throws Exception {
        Path program = jarOfPrograms("program.jar", List.of());
        assertServed(OURS, "io.nio2uring", List.of(NATIVE_ACCESS_OF_MODULE),
                ChildJvm.modulePath(ChildJvm.JAR, program), List.of("-m", "program/" + ECHO));
    }

    @Test
    void theJarOnTheModulePathIsEnoughForAModuleThatDoesNotRequireIt() throws Exception {
        Path source = Files.writeString(directory.resolve("module-info.java"), "module program {}");
        Path classes = directory.resolve("module");
        run("javac", "-d", classes.toString(), source.toString());
        Path program = jarOfPrograms("modular.jar", List.of("-C", classes.toString(), "module-info.class"));
        assertServed(OURS, "io.nio2uring", List.of(NATIVE_ACCESS_OF_MODULE),
                ChildJvm.modulePath(ChildJvm.JAR, program), List.of("-m", "program/" + ECHO));
    }

    /** Java 25 only warns of native access that nobody granted; that its text is all there is proves our silence. */
    @Test
    void withoutTheGrantOfNativeAccessOnlyJavaItselfComplains() throws Exception {
        List<String> command = command(ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS), List.of(ECHO));
        try (ChildJvm child = new ChildJvm(directory, command)) {
            assertEquals(0, child.awaitExit(), child::toString);
            assertEquals("provider " + OURS, child.output().getFirst());
            assertTrue(child.errors().stream().allMatch(line -> line.isEmpty() || line.startsWith("WARNING: ")),
                    child::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.nio2uring.NoSuchProvider", "java.lang.String", ""})
    void aPropertyThatNamesNoProviderFailsAsItDoesOnTheJdk(String name) throws Exception {
        List<String> options = List.of(NATIVE_ACCESS_OF_CLASS_PATH, ChildJvm.providerProperty(name));
        List<String> program = List.of(ProviderProgram.class.getName());
        List<String> onJdk = outputOf(command(options, ChildJvm.classPath(ChildJvm.PROGRAMS), program));
        List<String> ours = outputOf(command(options, ChildJvm.classPath(ChildJvm.JAR, ChildJvm.PROGRAMS), program));
        assertEquals(onJdk, ours);
        assertTrue(ours.getFirst().contains("Error"), () -> "an error is thrown: " + ours);
        if (name.endsWith("NoSuchProvider")) {
            assertEquals(List.of("java.util.ServiceConfigurationError: null",
                    "java.lang.ClassNotFoundException: io.nio2uring.NoSuchProvider"), ours);
        }
    }

    /** The program echoed its line, said nothing else, and exited with status 0 though an accept was pending. */
    private void assertServed(String provider, String module, List<String> options, List<String> paths,
            List<String> program) throws IOException, InterruptedException {
        assertEquals(List.of("provider " + provider, "module " + module, "echo every byte comes back"),
                outputOf(command(options, paths, program)));
    }

    /** What the program prints on standard output, given that it exits with status 0 and prints no errors. */
    private List<String> outputOf(List<String> command) throws IOException, InterruptedException {
        try (ChildJvm child = new ChildJvm(directory, command)) {
            assertEquals(0, child.awaitExit(), child::toString);
            assertEquals(List.of(), child.errors(), "standard error");
            return child.output();
        }
    }

    @SafeVarargs
    private static List<String> command(List<String>... parts) {
        List<String> command = new ArrayList<>();
        for (List<String> part : parts) {
            command.addAll(part);
        }
        return command;
    }

    /** The built jar as a careless merge of jars leaves it. */
    private Path jarWithoutServices() throws IOException {
        Path bare = directory.resolve("bare.jar");
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(ChildJvm.JAR));
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(bare))) {
            int left = 0;
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().startsWith("META-INF/services/")) {
                    left++;
                    continue;
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                in.transferTo(out);
            }
            assertTrue(left > 0, "the built jar has a registration file");
        }
        return bare;
    }

    /** The programs of this package as a jar, whose name makes it the automatic module that is called like it. */
    private Path jarOfPrograms(String name, List<String> more) {
        Path jar = directory.resolve(name);
        String programs = RegistrationIT.class.getPackageName().replace('.', '/');
        List<String> arguments = new ArrayList<>(List.of("--create", "--file", jar.toString(), "-C",
                ChildJvm.PROGRAMS.toString(), programs));
        arguments.addAll(more);
        run("jar", arguments.toArray(String[]::new));
        return jar;
    }

    private static void run(String tool, String... arguments) {
        assertEquals(0, ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, arguments), tool);
    }
}
