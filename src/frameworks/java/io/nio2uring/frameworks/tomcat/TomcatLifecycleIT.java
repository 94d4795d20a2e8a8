package io.nio2uring.frameworks.tomcat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Resources;
import io.nio2uring.frameworks.Served;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat started and stopped, over and over, on the same port. */
@Timeout(300)
class TomcatLifecycleIT {
    /** Until the first ones have loaded and started what stays. */
    private static final int WARM_UP = 3;

    @TempDir
    private Path directory;

    @Test
    void leavesNoThreadAndNoFileBehind() throws Exception {
        int port = freePort();
        for (int i = 0; i < WARM_UP; i++) {
            startServeAndStop(port);
        }
        Resources before = Resources.now();
        for (int i = 0; i < Form.choose(10, 100); i++) {
            startServeAndStop(port);
        }
        before.assertNoMoreNow();
    }

    /** One request is answered; another connection is still open, and idle, when the server stops. */
    private void startServeAndStop(int port) throws Exception {
        Served served = new Served();
        try (Socket idle = new Socket()) {
            try (TomcatServer server = new TomcatServer(directory, null, port)) {
                idle.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()));
                HttpURLConnection connection = (HttpURLConnection) server.http("/small").toURL().openConnection();
                connection.setRequestProperty("Connection", "close");
                try (InputStream body = connection.getInputStream()) {
                    assertArrayEquals(SmallServlet.BODY.getBytes(StandardCharsets.US_ASCII), body.readAllBytes());
                }
                served.assertSince(2);
            }
            assertEquals(-1, idle.getInputStream().read(), "the idle connection ends");
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
