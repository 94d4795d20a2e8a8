package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** The README's table of what the ring can do. */
class ReadmeTableTest {
    /** Asks for no service of the kernel. */
    private static final String QUERIES = "fd|features|setupFlags|submissionEntries|completionEntries|enterCalls|"
            + "submittedEntries|reapedCompletions|readyCompletions|hasOverflow|lostCompletions|pendingSubmissions|toString";

    private static List<String> rows() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String table = readme.substring(readme.indexOf("| method | Linux | what |"));
        return table.substring(0, table.indexOf("\n\n")).lines().skip(2).toList();
    }

    @Test
    void each_row_names_the_first_kernel() throws IOException {
        Pattern row = Pattern.compile("\\| [^|]*`[^|]* \\| \\d\\.\\d+(, \\d\\.\\d+)* \\|.*\\|");
        assertEquals(List.of(), rows().stream().filter(line -> !row.matcher(line).matches()).toList());
    }

    @Test
    void each_public_method_has_a_row() throws IOException {
        String names = String.join("\n", rows().stream().map(line -> line.split("\\|")[1]).toList());
        TreeSet<String> missing = new TreeSet<>();
        Stream.of(IoUring.class, ProvidedBufferRing.class, Completion.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .filter(method -> method.getDeclaringClass().getPackage() == IoUring.class.getPackage())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName).filter(name -> !name.matches(QUERIES))
                .filter(name -> !Pattern.compile("\\b" + name + "\\b").matcher(names).find())
                .forEach(missing::add);
        assertTrue(missing.isEmpty(), missing::toString);
    }
}
