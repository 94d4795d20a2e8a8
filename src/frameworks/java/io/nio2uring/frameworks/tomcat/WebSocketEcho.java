package io.nio2uring.frameworks.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;

import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;

/** Sends each message back. */
@ServerEndpoint(WebSocketEcho.PATH)
public final class WebSocketEcho {
    /** Its address on the server. */
    public static final String PATH = "/socket";
    /** The longest message that it takes. */
    public static final int MAX_BYTES = 1 << 20;

    /** Called by the container. */
    @OnMessage(maxMessageSize = MAX_BYTES)
    public void text(Session session, String message) throws IOException {
        session.getBasicRemote().sendText(message);
    }

    /** Called by the container. */
    @OnMessage(maxMessageSize = MAX_BYTES)
    public void binary(Session session, ByteBuffer message) throws IOException {
        session.getBasicRemote().sendBinary(message);
    }
}
