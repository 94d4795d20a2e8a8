package io.nio2uring.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** The page about differences is true: it names each test that asks for the provider, and none that is not there. */
class DifferencesTest {
    private static final Path SOURCES = Path.of("src/test/java/io/nio2uring/conformance");
    private static final Path PAGE = Path.of("docs/conformance.md");
    private static final Pattern QUESTION = Pattern.compile("Provider\\.isTheJdks\\(\\)");
    private static final Pattern METHOD = Pattern.compile("^    (?:static )?void (\\w+)\\(", Pattern.MULTILINE);
    private static final Pattern ROW = Pattern.compile("^\\| `(\\w+)\\.(\\w+)` \\|", Pattern.MULTILINE);

    /** The tests whose code asks which provider it runs on. */
    private static Set<String> asking() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
                String source = Files.readString(file);
                String type = file.getFileName().toString().replace(".java", "");
                Matcher question = QUESTION.matcher(source);
                while (question.find()) {
                    Matcher method = METHOD.matcher(source.substring(0, question.start()));
                    String name = "none";
                    while (method.find()) {
                        name = method.group(1);
                    }
                    names.add(type + "." + name);
                }
            }
        }
        return names;
    }

    private static Set<String> rows(String text) {
        Set<String> names = new TreeSet<>();
        Matcher row = ROW.matcher(text);
        while (row.find()) {
            names.add(row.group(1) + "." + row.group(2));
        }
        return names;
    }

    @Test
    void each_test_that_asks_for_the_provider_has_a_row_and_no_other() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("## Tests that ask which provider");
        Set<String> asking = asking();
        assertFalse(asking.isEmpty());
        assertEquals(asking, rows(page.substring(start, page.indexOf("## ", start + 3))));
    }

    @Test
    void each_row_names_a_test_that_exists() throws Exception {
        for (String name : rows(Files.readString(PAGE))) {
            int dot = name.indexOf('.');
            Class<?> type = Class.forName(getClass().getPackageName() + "." + name.substring(0, dot));
            assertTrue(Arrays.stream(type.getDeclaredMethods())
                    .anyMatch(method -> method.getName().equals(name.substring(dot + 1))), name);
        }
    }
}
