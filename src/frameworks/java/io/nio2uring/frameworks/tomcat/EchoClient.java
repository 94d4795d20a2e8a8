package io.nio2uring.frameworks.tomcat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Payload;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;

/** Sends messages to {@link WebSocketEcho} through whatever client container it was given to, and checks the answers. */
public final class EchoClient extends Endpoint {
    private static final int[] LENGTHS = {0, 1, 125, 126, 8192, 65_535, 65_536, WebSocketEcho.MAX_BYTES};
    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    @Override
    public void onOpen(Session session, EndpointConfig configuration) {
        session.setMaxBinaryMessageBufferSize(WebSocketEcho.MAX_BYTES);
        session.setMaxTextMessageBufferSize(WebSocketEcho.MAX_BYTES);
        session.addMessageHandler(byte[].class, (MessageHandler.Whole<byte[]>) received::add);
        session.addMessageHandler(String.class, (MessageHandler.Whole<String>) received::add);
    }

    @Override
    public void onError(Session session, Throwable failure) {
        received.add(failure);
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        received.add(reason.getCloseCode());
    }

    /** Has messages of all lengths echoed, binary and text, and closes. */
    public void exchange(Session session, long seed) throws IOException, InterruptedException {
        for (int round = 0; round < Form.choose(2, 50); round++) {
            for (int length : LENGTHS) {
                byte[] message = Payload.bytes(seed + round, length);
                session.getBasicRemote().sendBinary(ByteBuffer.wrap(message));
                assertArrayEquals(message, (byte[]) next());
                // One byte a character, so that the length is the same.
                String text = new String(ascii(message), StandardCharsets.US_ASCII);
                session.getBasicRemote().sendText(text);
                assertEquals(text, next());
            }
        }
        session.close(new CloseReason(CloseReason.CloseCodes.NORMAL_CLOSURE, ""));
        Object end = next();
        if (end instanceof IllegalStateException) {
            // Tyrus may tell, before it tells of the close, that something was under way which the close ended.
            end = next();
        }
        assertEquals(CloseReason.CloseCodes.NORMAL_CLOSURE, end);
    }

    private Object next() throws InterruptedException {
        Object next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(next, "an answer in time");
        return next;
    }

    private static byte[] ascii(byte[] bytes) {
        byte[] ascii = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            ascii[i] = (byte) (bytes[i] & 0x7f);
        }
        return ascii;
    }
}
