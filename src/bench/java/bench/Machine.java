package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What the figures were measured on. */
record Machine(String processor, int processors, long memoryMebibytes, String kernel, String java, String measuredAt) {

    static Machine current() throws BenchException {
        try {
            String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
            String memory = Files.readAllLines(Path.of("/proc/meminfo")).getFirst().replaceAll("\\D", "");
            return new Machine(processor, Runtime.getRuntime().availableProcessors(), Long.parseLong(memory) / 1024,
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    System.getProperty("java.vm.vendor") + " " + Runtime.version(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        } catch (IOException e) {
            throw new BenchException("what machine this is: " + e.getMessage(), e);
        }
    }
}
