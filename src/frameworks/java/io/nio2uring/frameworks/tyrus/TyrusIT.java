package io.nio2uring.frameworks.tyrus;

import java.nio.file.Path;

import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Parallel;
import io.nio2uring.frameworks.SelfSignedKey;
import io.nio2uring.frameworks.Served;
import io.nio2uring.frameworks.tomcat.EchoClient;
import io.nio2uring.frameworks.tomcat.TomcatServer;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.Session;
import org.glassfish.tyrus.client.ClientManager;
import org.glassfish.tyrus.client.ClientProperties;
import org.glassfish.tyrus.client.SslEngineConfigurator;
import org.glassfish.tyrus.container.jdk.client.JdkClientContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tyrus' WebSocket client in its JDK container, which is NIO.2, against Tomcat. */
@Timeout(300)
class TyrusIT {
    @TempDir
    private Path directory;

    @Test
    void echoesMessagesOfAllLengths() throws Exception {
        echo(null);
    }

    @Test
    void echoesMessagesOfAllLengthsByTls() throws Exception {
        echo(new SelfSignedKey(directory));
    }

    private void echo(SelfSignedKey key) throws Exception {
        try (TomcatServer server = new TomcatServer(directory, key)) {
            Served served = new Served();
            ClientManager container = ClientManager.createClient(JdkClientContainer.class.getName());
            if (key != null) {
                container.getProperties().put(ClientProperties.SSL_ENGINE_CONFIGURATOR,
                        new SslEngineConfigurator(key.trusting(), true, false, false));
            }
            try {
                Parallel.run(Form.choose(4, 16), number -> {
                    EchoClient client = new EchoClient();
                    Session session = container.connectToServer(client, ClientEndpointConfig.Builder.create().build(),
                            server.webSocket());
                    client.exchange(session, number);
                });
                // Its group outlives it for a while, and serves the next one, too.
                served.assertDeliveredSince(100);
            } finally {
                container.shutdown();
            }
        }
    }
}
