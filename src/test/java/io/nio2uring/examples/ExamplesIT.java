package io.nio2uring.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples as a user starts them, in virtual machines of their own on the built jar, with real clients. */
@Timeout(120)
class ExamplesIT {
    @TempDir
    private Path directory;

    // ---- chat

    @Test
    void what_one_member_of_the_chat_says_reaches_the_others() throws Exception {
        try (ExampleServer server = start("chat.ChatServer", "0"); Socket ann = server.connect();
                Socket bob = server.connect()) {
            BufferedReader toAnn = ExampleServer.reader(ann);
            BufferedReader toBob = ExampleServer.reader(bob);
            ExampleServer.send(ann, "ann\n");
            assertEquals("* welcome, ann", toAnn.readLine());
            ExampleServer.send(bob, "bob\n");
            assertEquals("* welcome, bob", toBob.readLine());
            assertEquals("* bob has come", toAnn.readLine());
            ExampleServer.send(ann, "a line in ");
            ExampleServer.send(ann, "two pieces\nand another\n");
            assertEquals("ann: a line in two pieces", toBob.readLine());
            assertEquals("ann: and another", toBob.readLine());
            ann.shutdownOutput();
            assertEquals("* ann has gone", toBob.readLine());
            ExampleServer.send(bob, "x".repeat(1025));
            assertNull(toBob.readLine(), "who sends a line without end is dropped");
            assertEquals(List.of(), server.errors());
        }
    }

    // ---- files

    @Test
    void files_arrive_byte_for_byte() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        byte[] content = new byte[3_000_001];
        new Random(1).nextBytes(content);
        Files.write(root.resolve("a file"), content);
        Files.createFile(root.resolve("empty"));
        try (ExampleServer server = start("files.FileServer", "0", root.toString())) {
            byte[] answer = server.ask("GET /a%20file HTTP/1.0\r\n\r\n");
            String head = "HTTP/1.0 200 OK\r\nContent-Length: 3000001\r\nConnection: close\r\n\r\n";
            assertTrue(text(answer).startsWith(head), () -> status(answer));
            assertArrayEquals(content, Arrays.copyOfRange(answer, head.length(), answer.length));
            assertEquals(head, text(server.ask("HEAD /a%20file HTTP/1.0\r\n\r\n")));
            assertTrue(status(server.ask("GET /empty HTTP/1.0\r\n\r\n")).endsWith("200 OK"));
            assertEquals(List.of(), server.errors());
        }
    }

    @Test
    void nothing_outside_of_the_directory_is_served() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.createDirectory(root.resolve("sub"));
        Path secret = Files.writeString(directory.resolve("secret"), "not to be seen");
        Files.createSymbolicLink(root.resolve("link"), secret);
        List<String> targets = List.of("/../secret", "/%2e%2e/secret", "/link", "/sub/../../secret", "/", "/none",
                "//etc/passwd", "/%00", "secret", "%");
        try (ExampleServer server = start("files.FileServer", "0", root.toString())) {
            for (String target : targets) {
                assertEquals("HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                        text(server.ask("GET " + target + " HTTP/1.0\r\n\r\n")), target);
            }
            assertEquals(List.of(), server.errors());
        }
    }

    @Test
    void bad_requests_are_refused() throws Exception {
        try (ExampleServer server = start("files.FileServer", "0", directory.toString())) {
            assertTrue(status(server.ask("nonsense\r\n\r\n")).endsWith("400 Bad Request"));
            assertTrue(status(server.ask("POST / HTTP/1.0\r\n\r\n")).endsWith("405 Method Not Allowed"));
            assertTrue(status(server.ask("x".repeat(8192))).endsWith("431 Request Header Fields Too Large"));
            assertEquals(List.of(), server.errors());
        }
    }

    // ---- TLS

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_with_tls_gets_its_bytes_back_and_a_close_notify(String protocol) throws Exception {
        Path keys = ExampleServer.newKey(directory);
        byte[] message = new byte[20_000];
        new Random(2).nextBytes(message);
        try (ExampleServer server = start("tls.TlsEchoServer", "0", keys.toString(), ExampleServer.PASSWORD);
                SSLSocket socket = ExampleServer.withTls(server.connect(), keys)) {
            socket.setEnabledProtocols(new String[] {protocol});
            for (int i = 0; i < 50; i++) {
                socket.getOutputStream().write(message);
                assertArrayEquals(message, socket.getInputStream().readNBytes(message.length));
            }
            assertEquals(protocol, socket.getSession().getProtocol());
            socket.shutdownOutput();
            assertEquals(-1, socket.getInputStream().read(), "an end without close_notify would be an exception");
            assertEquals(List.of(), server.errors());
        }
    }

    @Test
    void who_speaks_no_tls_gets_an_alert_and_others_are_served() throws Exception {
        Path keys = ExampleServer.newKey(directory);
        try (ExampleServer server = start("tls.TlsEchoServer", "0", keys.toString(), ExampleServer.PASSWORD)) {
            byte[] answer = server.ask("GET / HTTP/1.0\r\n\r\n");
            assertEquals(21, answer[0], "a record of the type alert");
            try (SSLSocket socket = ExampleServer.withTls(server.connect(), keys)) {
                socket.getOutputStream().write(7);
                assertEquals(7, socket.getInputStream().read());
            }
            assertEquals(List.of(), server.errors());
        }
    }

    // ---- what they share

    private ExampleServer start(String program, String... arguments) throws IOException {
        return new ExampleServer(directory, List.of(), program, arguments);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String status(byte[] answer) {
        return text(answer).lines().findFirst().orElse("");
    }
}
