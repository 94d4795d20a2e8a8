package io.nio2uring.frameworks.tomcat;

import java.nio.file.Path;

import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Parallel;
import io.nio2uring.frameworks.SelfSignedKey;
import io.nio2uring.frameworks.Served;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.Session;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat's WebSocket server and its client, which uses NIO.2 too, on one another. */
@Timeout(300)
class TomcatWebSocketIT {
    @TempDir
    private Path directory;

    @Test
    void echoesMessagesOfAllLengths() throws Exception {
        echo(null, ClientEndpointConfig.Builder.create().build());
    }

    @Test
    void echoesMessagesOfAllLengthsByTls() throws Exception {
        SelfSignedKey key = new SelfSignedKey(directory);
        echo(key, ClientEndpointConfig.Builder.create().sslContext(key.trusting()).build());
    }

    private void echo(SelfSignedKey key, ClientEndpointConfig configuration) throws Exception {
        Served served = new Served();
        try (TomcatServer server = new TomcatServer(directory, key)) {
            WsWebSocketContainer container = new WsWebSocketContainer();
            try {
                Parallel.run(Form.choose(4, 16), number -> {
                    EchoClient client = new EchoClient();
                    Session session = container.connectToServer(client, configuration, server.webSocket());
                    client.exchange(session, number);
                });
                served.assertSince(100);
            } finally {
                container.destroy();
            }
        }
    }
}
