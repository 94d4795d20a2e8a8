import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies class files of the running Java's base module into a directory: the tool that compares the public API with its
 * list finds in them what the API's classes inherit.
 */
final class JavaClasses {
    private static final List<String> PACKAGES = List.of("java/io", "java/lang", "java/nio", "java/util");

    private JavaClasses() {}

    static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        Path module = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
        for (String name : PACKAGES) {
            try (Stream<Path> found = Files.walk(module.resolve(name))) {
                for (Path file : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
                    Path copy = target.resolve(module.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
