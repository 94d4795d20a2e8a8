package io.nio2uring.frameworks.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Parallel;
import io.nio2uring.frameworks.Payload;
import io.nio2uring.frameworks.SelfSignedKey;
import io.nio2uring.frameworks.Served;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to Tomcat, plain and by TLS. */
@ParameterizedClass
@EnumSource(TomcatHttpIT.Scheme.class)
@Timeout(300)
class TomcatHttpIT {
    enum Scheme {
        HTTP, HTTPS
    }

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @Parameter
    private Scheme scheme;

    private static Served served;
    private static TomcatServer server;
    private static HttpClient client;
    private static SocketFactory sockets;

    @BeforeParameterizedClassInvocation
    static void start(Scheme scheme, @TempDir Path directory) throws Exception {
        served = new Served();
        SelfSignedKey key = scheme == Scheme.HTTPS ? new SelfSignedKey(directory) : null;
        server = new TomcatServer(directory, key);
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        if (key == null) {
            sockets = SocketFactory.getDefault();
        } else {
            SSLContext trusting = key.trusting();
            builder.sslContext(trusting);
            sockets = trusting.getSocketFactory();
        }
        client = builder.build();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        try {
            client.close();
            served.assertSince(1000);
        } finally {
            server.close();
        }
    }

    @Test
    void answersManySmallRequestsOnKeptConnections() throws Exception {
        Parallel.run(8, number -> {
            for (int i = 0; i < Form.choose(100, 5000); i++) {
                assertEquals(SmallServlet.BODY, text(get("/small")));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&chunked"})
    void sendsLargeBodies(String how) throws Exception {
        long length = Form.mebibytes(8, 256) + 1;
        Parallel.run(2, seed -> download("/download?seed=" + seed + "&length=" + length + how, seed, length));
    }

    @Test
    void takesLargeBodiesByBlockingReads() throws Exception {
        long length = Form.mebibytes(8, 256) + 1;
        Parallel.run(2, seed -> assertEquals(Long.toString(length),
                text(post("/upload?seed=" + seed, BodyPublishers.ofInputStream(() -> Payload.stream(seed, length))))));
    }

    @Test
    void answersLaterFromAnotherThread() throws Exception {
        Parallel.run(4, seed -> {
            for (int i = 0; i < Form.choose(10, 200); i++) {
                long length = i * 1000L;
                download("/async?seed=" + seed + "&length=" + length, seed, length);
            }
        });
    }

    @Test
    void echoesWithoutBlocking() throws Exception {
        long length = Form.mebibytes(2, 64) + 1;
        Parallel.run(4, seed -> {
            HttpRequest request = post("/echo", BodyPublishers.ofInputStream(() -> Payload.stream(seed, length)));
            check(request, seed, length);
        });
    }

    /** Two requests at once, the second of which asks for the end of the connection. */
    @Test
    void keepsAConnectionUntilItIsAskedToCloseIt() throws Exception {
        try (Socket socket = connected()) {
            OutputStream out = socket.getOutputStream();
            out.write(request("/small", "keep-alive").concat(request("/small", "close"))
                    .getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            String[] parts = answers.split("HTTP/1.1 200");
            assertEquals(3, parts.length, answers);
            for (String answer : new String[] {parts[1], parts[2]}) {
                assertEquals(SmallServlet.BODY, answer.substring(answer.indexOf("\r\n\r\n") + 4));
            }
        }
    }

    @Test
    void survivesClientsThatLeaveInTheMiddle() throws Exception {
        Parallel.run(Form.choose(8, 64), number -> {
            try (Socket socket = connected()) {
                socket.getOutputStream().write(request("/download?seed=1&length=100000000", "close")
                        .getBytes(StandardCharsets.US_ASCII));
                assertEquals('H', socket.getInputStream().read());
                // Half of them by a reset.
                socket.setSoLinger(number % 2 == 0, 0);
            }
        });
        assertEquals(SmallServlet.BODY, text(get("/small")));
    }

    private static Socket connected() throws IOException {
        Socket socket = sockets.createSocket("127.0.0.1", server.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static String request(String path, String connection) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n\r\n";
    }

    private static HttpRequest get(String pathAndQuery) {
        return request(pathAndQuery).build();
    }

    private static HttpRequest post(String pathAndQuery, HttpRequest.BodyPublisher body) {
        return request(pathAndQuery).POST(body).build();
    }

    private static HttpRequest.Builder request(String pathAndQuery) {
        URI uri = server.http(pathAndQuery);
        return HttpRequest.newBuilder(uri).timeout(PATIENCE);
    }

    private static String text(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response::body);
        return response.body();
    }

    private static void download(String pathAndQuery, long seed, long length) throws IOException, InterruptedException {
        check(get(pathAndQuery), seed, length);
    }

    private static void check(HttpRequest request, long seed, long length) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            assertEquals(200, response.statusCode());
            Payload.check(body, seed, length);
        }
    }
}
