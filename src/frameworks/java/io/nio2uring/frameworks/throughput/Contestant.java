package io.nio2uring.frameworks.throughput;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A piece of software in a JVM of its own, on one of the providers. */
final class Contestant implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final Process process;
    private final int port;

    /**
     * Starts it, and sees that the provider serves.
     *
     * @param provider the name of its class
     */
    Contestant(String software, String provider, Path directory) throws IOException {
        process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Xms512m", "-Xmx512m",
                "-D" + java.nio.channels.spi.AsynchronousChannelProvider.class.getName() + "=" + provider,
                "-Dnio2uring.mode=uring", "-classpath", System.getProperty("java.class.path"),
                ServedSoftware.class.getName(), software, directory.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader output = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String serves = output.readLine();
        if (!provider.equals(serves)) {
            process.destroy();
            throw new IllegalStateException(software + " was to run on " + provider + ", not " + serves);
        }
        port = Integer.parseInt(output.readLine());
    }

    int port() {
        return port;
    }

    /** Of all its threads, in the kernel's count too, since it was started. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the server does not end within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
