package io.nio2uring.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

import io.nio2uring.registration.ChildJvm;
import io.nio2uring.traffic.Waiting;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A server of the examples in a virtual machine of its own on the built jar, and what clients need. */
final class ExampleServer implements AutoCloseable {
    static final String PASSWORD = "password of the test";

    private static final Path EXAMPLES = Path.of(System.getProperty("nio2uring.examples"));
    private static final String LISTENING = "listening on 127.0.0.1:";
    private static final int PATIENCE_MILLIS = 60_000;

    private final ChildJvm child;

    /** Starts a program with some options of java. */
    ExampleServer(Path directory, List<String> options, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(ChildJvm.classPath(ChildJvm.JAR, EXAMPLES));
        command.add(program);
        command.addAll(List.of(arguments));
        child = new ChildJvm(directory, command);
    }

    long pid() {
        return child.pid();
    }

    /** What it wrote on standard error. */
    List<String> errors() {
        return child.errors();
    }

    Socket connect() throws IOException {
        return connect(0);
    }

    /** Connects, with a receive buffer of so many bytes or, if that is 0, of the usual size. */
    Socket connect(int receiveBufferBytes) throws IOException {
        Waiting.until("a line of the server",
                () -> child.output().stream().anyMatch(line -> line.startsWith(LISTENING)));
        int port = Integer.parseInt(child.output().getFirst().substring(LISTENING.length()));
        Socket socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Sends a request and reads the answer up to the end of the connection. */
    byte[] ask(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request);
            return socket.getInputStream().readAllBytes();
        }
    }

    static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    // ---- TLS

    /** Makes a key for the server, in a file. */
    static Path newKey(Path directory) throws Exception {
        Path file = directory.resolve("key.p12");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12",
                "-keystore", file.toString(), "-storepass", PASSWORD).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return file;
    }

    /** The connection with TLS, by a client that trusts the key. */
    static SSLSocket withTls(Socket connection, Path keys) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore own = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("test", own.getCertificate("test"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket(connection, "localhost", 0, true);
    }

    @Override
    public void close() {
        child.close();
    }
}
