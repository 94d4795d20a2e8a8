package io.nio2uring.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is to serve the channels of this JVM, as the build says. */
public enum Engine {
    /** This project's provider on io_uring, found because the jar is on the class path. */
    URING("io.nio2uring.UringAsynchronousChannelProvider"),
    /** The same provider, found in the same way, told to run on {@code java.nio}. */
    PORTABLE("io.nio2uring.UringAsynchronousChannelProvider"),
    /** The JDK's own provider. */
    JDK("sun.nio.ch.LinuxAsynchronousChannelProvider");

    private final String provider;

    Engine(String provider) {
        this.provider = provider;
    }

    /** The engine that the system property {@code frameworks.engine} names. */
    public static Engine underTest() {
        return valueOf(System.getProperty("frameworks.engine", "unset").toUpperCase(java.util.Locale.ROOT));
    }

    /** The provider of the channels that any program in this JVM opens, which must be the one that was asked for. */
    AsynchronousChannelProvider provider() throws IOException {
        try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
            assertEquals(provider, channel.provider().getClass().getName(), "the provider that serves");
            if (this != JDK) {
                assertEquals(builtJar(), codeOf(channel.provider().getClass()), "where its class is from");
            }
            return channel.provider();
        }
    }

    private static Path builtJar() throws IOException {
        return Path.of(System.getProperty("nio2uring.jar")).toRealPath();
    }

    private static Path codeOf(Class<?> type) throws IOException {
        Path path = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
        return Files.isRegularFile(path) ? path.toRealPath() : path;
    }
}
