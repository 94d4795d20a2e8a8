package io.nio2uring.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.Test;

/** What users get: the contents of the built jar. */
class JarIT {
    private static final String SERVICE = "java.nio.channels.spi.AsynchronousChannelProvider";
    private static final String PROVIDER = "io.nio2uring.UringAsynchronousChannelProvider";

    private final Path jar = Path.of(System.getProperty("nio2uring.jar"));

    @Test
    void registersTheProviderForTheClassPath() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry registration = file.getEntry("META-INF/services/" + SERVICE);
            assertEquals(PROVIDER, new String(file.getInputStream(registration).readAllBytes()).strip());
        }
    }

    @Test
    void isTheNamedModuleWithItsVersionAndNoForeignRequirement() {
        ModuleDescriptor module = ModuleFinder.of(jar).findAll().iterator().next().descriptor();
        assertEquals("io.nio2uring", module.name());
        assertTrue(module.rawVersion().isPresent(), "the module has a version");
        Set<String> required = module.requires().stream().map(ModuleDescriptor.Requires::name)
                .collect(Collectors.toSet());
        assertTrue(required.stream().allMatch(name -> name.startsWith("java.") || name.startsWith("jdk.")),
                () -> "modules of the JDK only: " + required);
    }

    @Test
    void exportsThePublicPackagesAloneAndProvidesTheProvider() {
        ModuleDescriptor module = ModuleFinder.of(jar).findAll().iterator().next().descriptor();
        assertEquals(Set.of("io.nio2uring", "io.nio2uring.ring"),
                module.exports().stream().map(ModuleDescriptor.Exports::source).collect(Collectors.toSet()));
        assertEquals(Map.of(SERVICE, List.of(PROVIDER)), module.provides().stream().collect(
                Collectors.toMap(ModuleDescriptor.Provides::service, ModuleDescriptor.Provides::providers)));
    }

    @Test
    void holdsNothingButTheProductAndItsMetadata() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> strangers = file.stream().map(ZipEntry::getName)
                    .filter(name -> !name.startsWith("META-INF/") && !name.equals("module-info.class"))
                    .filter(name -> !"io/nio2uring/".startsWith(name) && !name.startsWith("io/nio2uring/")
                            || name.contains("/jcstress/") || name.endsWith("Test.class"))
                    .toList();
            assertEquals(List.of(), strangers);
        }
    }

    @Test
    void namesItselfInTheManifest() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            var attributes = file.getManifest().getMainAttributes();
            assertEquals("nio2-uring", attributes.getValue("Implementation-Title"));
            assertTrue(jar.endsWith("nio2-uring-" + attributes.getValue("Implementation-Version") + ".jar"),
                    "version in the manifest and in the file name");
            assertEquals("ALL-UNNAMED", attributes.getValue("Enable-Native-Access"));
        }
    }
}
