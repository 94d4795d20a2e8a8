package io.nio2uring.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.nio2uring.registration.ChildJvm;
import io.nio2uring.traffic.Waiting;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples as a user starts them, in virtual machines of their own on the built jar, with real clients. */
@Timeout(120)
class ExamplesIT {
    private static final Path EXAMPLES = Path.of(System.getProperty("nio2uring.examples"));
    private static final String LISTENING = "listening on 127.0.0.1:";
    private static final String PASSWORD = "password of the test";
    private static final int PATIENCE_MILLIS = 60_000;

    @TempDir
    private Path directory;

    // ---- chat

    @Test
    void what_one_member_of_the_chat_says_reaches_the_others() throws Exception {
        try (ChildJvm server = start("chat.ChatServer", "0"); Socket ann = connect(server);
                Socket bob = connect(server)) {
            BufferedReader toAnn = reader(ann);
            BufferedReader toBob = reader(bob);
            send(ann, "ann\n");
            assertEquals("* welcome, ann", toAnn.readLine());
            send(bob, "bob\n");
            assertEquals("* welcome, bob", toBob.readLine());
            assertEquals("* bob has come", toAnn.readLine());
            send(ann, "a line in ");
            send(ann, "two pieces\nand another\n");
            assertEquals("ann: a line in two pieces", toBob.readLine());
            assertEquals("ann: and another", toBob.readLine());
            ann.shutdownOutput();
            assertEquals("* ann has gone", toBob.readLine());
            send(bob, "x".repeat(1025));
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
        try (ChildJvm server = start("files.FileServer", "0", root.toString())) {
            byte[] answer = ask(server, "GET /a%20file HTTP/1.0\r\n\r\n");
            String head = "HTTP/1.0 200 OK\r\nContent-Length: 3000001\r\nConnection: close\r\n\r\n";
            assertTrue(text(answer).startsWith(head), () -> status(answer));
            assertArrayEquals(content, Arrays.copyOfRange(answer, head.length(), answer.length));
            assertEquals(head, text(ask(server, "HEAD /a%20file HTTP/1.0\r\n\r\n")));
            assertTrue(status(ask(server, "GET /empty HTTP/1.0\r\n\r\n")).endsWith("200 OK"));
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
        try (ChildJvm server = start("files.FileServer", "0", root.toString())) {
            for (String target : targets) {
                assertEquals("HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                        text(ask(server, "GET " + target + " HTTP/1.0\r\n\r\n")), target);
            }
            assertEquals(List.of(), server.errors());
        }
    }

    @Test
    void bad_requests_are_refused() throws Exception {
        try (ChildJvm server = start("files.FileServer", "0", directory.toString())) {
            assertTrue(status(ask(server, "nonsense\r\n\r\n")).endsWith("400 Bad Request"));
            assertTrue(status(ask(server, "POST / HTTP/1.0\r\n\r\n")).endsWith("405 Method Not Allowed"));
            assertTrue(status(ask(server, "x".repeat(8192))).endsWith("431 Request Header Fields Too Large"));
            assertEquals(List.of(), server.errors());
        }
    }

    // ---- TLS

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_with_tls_gets_its_bytes_back_and_a_close_notify(String protocol) throws Exception {
        Path keys = newKey();
        byte[] message = new byte[20_000];
        new Random(2).nextBytes(message);
        try (ChildJvm server = start("tls.TlsEchoServer", "0", keys.toString(), PASSWORD);
                SSLSocket socket = (SSLSocket) context(keys).getSocketFactory().createSocket(
                        connect(server), "localhost", 0, true)) {
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
        Path keys = newKey();
        try (ChildJvm server = start("tls.TlsEchoServer", "0", keys.toString(), PASSWORD)) {
            byte[] answer = ask(server, "GET / HTTP/1.0\r\n\r\n");
            assertEquals(21, answer[0], "a record of the type alert");
            try (SSLSocket socket = (SSLSocket) context(keys).getSocketFactory().createSocket(connect(server),
                    "localhost", 0, true)) {
                socket.getOutputStream().write(7);
                assertEquals(7, socket.getInputStream().read());
            }
            assertEquals(List.of(), server.errors());
        }
    }

    private Path newKey() throws Exception {
        Path file = directory.resolve("key.p12");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12",
                "-keystore", file.toString(), "-storepass", PASSWORD).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return file;
    }

    private static SSLContext context(Path keys) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore own = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("test", own.getCertificate("test"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    // ---- what they share

    private ChildJvm start(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
        command.addAll(ChildJvm.classPath(ChildJvm.JAR, EXAMPLES));
        command.add(program);
        command.addAll(List.of(arguments));
        return new ChildJvm(directory, command);
    }

    private static Socket connect(ChildJvm server) throws IOException {
        Waiting.until("a line of the server",
                () -> server.output().stream().anyMatch(line -> line.startsWith(LISTENING)));
        int port = Integer.parseInt(server.output().getFirst().substring(LISTENING.length()));
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] ask(ChildJvm server, String request) throws IOException {
        try (Socket socket = connect(server)) {
            send(socket, request);
            return socket.getInputStream().readAllBytes();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String status(byte[] answer) {
        return text(answer).lines().findFirst().orElse("");
    }
}
