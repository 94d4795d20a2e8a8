package io.nio2uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The patches that break the product for a measurement fit its sources, so that whoever changes these changes the
 * patches, too.
 */
class PatchesApplyTest {
    private static final List<Path> DIRECTORIES = List.of(Path.of("src/simulation/traps"), Path.of("src/bench"));

    static Stream<Path> patches() throws IOException {
        Stream<Path> all = Stream.of();
        for (Path directory : DIRECTORIES) {
            try (Stream<Path> files = Files.list(directory)) {
                all = Stream.concat(all, files.filter(file -> file.toString().endsWith(".patch")).sorted().toList()
                        .stream());
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("patches")
    void each_patch_fits_the_sources(Path patch) throws Exception {
        Process process = new ProcessBuilder("patch", "--dry-run", "--force", "-p1").redirectErrorStream(true)
                .redirectInput(new File(patch.toString())).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }
}
