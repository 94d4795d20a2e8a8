package io.nio2uring.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.nio2uring.traffic.Waiting;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of the examples that never read what they are sent: each holds a bounded amount of the server's memory, is
 * dropped in the end, and holds up nobody else. The servers have heaps that would not do if they kept what is not read.
 */
@Timeout(120)
class SlowClientsIT {
    private static final List<String> SMALL = List.of("-Xmx24m", "-XX:MaxDirectMemorySize=8m");
    private static final int SILENT = 20;

    @TempDir
    private Path directory;
    private final List<Socket> silent = new ArrayList<>();

    @AfterEach
    void closeTheSilent() throws IOException {
        for (Socket each : silent) {
            each.close();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private Socket silent(ExampleServer server) throws IOException {
        Socket socket = server.connect(4096);
        silent.add(socket);
        return socket;
    }

    @Test
    void a_member_who_never_reads_is_dropped_from_the_chat_and_the_others_miss_no_line() throws Exception {
        try (ExampleServer server = new ExampleServer(directory, SMALL, "chat.ChatServer", "0");
                Socket talker = server.connect(); Socket listener = server.connect()) {
            BufferedReader toTalker = ExampleServer.reader(talker);
            BufferedReader toListener = ExampleServer.reader(listener);
            ExampleServer.send(talker, "talker\n");
            assertEquals("* welcome, talker", toTalker.readLine());
            ExampleServer.send(listener, "listener\n");
            assertEquals("* welcome, listener", toListener.readLine());
            assertEquals("* listener has come", toTalker.readLine());
            for (int i = 0; i < SILENT; i++) {
                ExampleServer.send(silent(server), "silent\n");
                assertEquals("* silent has come", toTalker.readLine());
                assertEquals("* silent has come", toListener.readLine());
            }
            int gone = 0;
            for (long line = 0; gone < SILENT; line++) {
                String text = "line " + line + " " + "x".repeat(1000);
                ExampleServer.send(talker, text + "\n");
                // No faster than this one reads, which is to stay.
                String heard = toListener.readLine();
                while (heard.equals("* silent has gone")) {
                    gone++;
                    heard = toListener.readLine();
                }
                assertEquals("talker: " + text, heard);
            }
            assertEquals(List.of(), server.errors());
        }
    }

    @Test
    void who_asks_for_a_file_and_never_reads_it_is_dropped_and_others_are_served() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(root.resolve("small"), "a small file");
        try (RandomAccessFile large = new RandomAccessFile(root.resolve("large").toFile(), "rw")) {
            large.setLength(64 << 20);
        }
        try (ExampleServer server = new ExampleServer(directory, SMALL, "files.FileServer", "0", root.toString())) {
            String head = "HTTP/1.0 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\n";
            assertEquals(head + "a small file", text(server.ask("GET /small HTTP/1.0\r\n\r\n")));
            Waiting.until("the connection is closed", () -> connections(server) == 0);
            for (int i = 0; i < SILENT; i++) {
                ExampleServer.send(silent(server), "GET /large HTTP/1.0\r\n\r\n");
            }
            Waiting.until("all are connected", () -> connections(server) == SILENT);
            for (int i = 0; i < 100; i++) {
                assertEquals(head + "a small file", text(server.ask("GET /small HTTP/1.0\r\n\r\n")));
            }
            assertTrue(connections(server) >= SILENT, "they were there all the time");
            Waiting.until("those who do not read are dropped", () -> connections(server) == 0);
            assertEquals(List.of(), server.errors());
        }
    }

    @Test
    void who_writes_by_tls_and_never_reads_the_echo_is_dropped_and_others_are_served() throws Exception {
        Path keys = ExampleServer.newKey(directory);
        try (ExampleServer server =
                new ExampleServer(directory, SMALL, "tls.TlsEchoServer", "0", keys.toString(),
                        ExampleServer.PASSWORD)) {
            List<Thread> writers = new ArrayList<>();
            List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < SILENT; i++) {
                SSLSocket socket = ExampleServer.withTls(silent(server), keys);
                socket.startHandshake();
                writers.add(Thread.ofPlatform().daemon().start(() -> ends.add(assertThrows(IOException.class, () -> {
                    byte[] message = new byte[16_000];
                    while (true) {
                        socket.getOutputStream().write(message);
                    }
                }))));
            }
            try (SSLSocket other = ExampleServer.withTls(server.connect(), keys)) {
                for (int i = 0; i < 100; i++) {
                    other.getOutputStream().write(i);
                    assertEquals(i, other.getInputStream().read());
                }
            }
            for (Thread writer : writers) {
                writer.join();
            }
            assertEquals(SILENT, ends.size(), ends::toString);
            assertEquals(List.of(), server.errors());
        }
    }

    /** How many connections the server has: sockets, without the one that listens. */
    private static int connections(ExampleServer server) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return (int) descriptors.filter(SlowClientsIT::isSocket).count() - 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // Closed meanwhile.
        }
    }
}
