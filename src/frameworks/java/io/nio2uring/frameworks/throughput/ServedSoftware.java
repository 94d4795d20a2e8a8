package io.nio2uring.frameworks.throughput;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import io.nio2uring.frameworks.Payload;
import io.nio2uring.frameworks.sshd.Keys;
import io.nio2uring.frameworks.sshd.SshdServer;
import io.nio2uring.frameworks.tomcat.TomcatServer;

/**
 * The program of a server's JVM. Arguments: the software, and a directory for its files. Prints the provider that serves
 * and the port, and ends with its standard input.
 */
final class ServedSoftware {
    private ServedSoftware() {
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "tomcat" -> {
                try (TomcatServer server = new TomcatServer(directory, null)) {
                    serve(server.port());
                }
            }
            case "sshd" -> {
                try (InputStream content = Payload.stream(SftpLoad.SEED, SftpLoad.FILE_BYTES)) {
                    Files.copy(content, directory.resolve(SftpLoad.FILE));
                }
                try (SshdServer server = new SshdServer(Keys.generate(), Keys.generate().getPublic(), directory)) {
                    serve(server.port());
                }
            }
            default -> throw new IllegalArgumentException("software is " + arguments[0] + ", not tomcat or sshd");
        }
        // Threads that the software leaves for a while are not waited for.
        System.exit(0);
    }

    private static void serve(int port) throws IOException {
        try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
            System.out.println(channel.provider().getClass().getName());
        }
        System.out.println(port);
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
}
