package io.nio2uring.frameworks.smartsocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Parallel;
import io.nio2uring.frameworks.Payload;
import io.nio2uring.frameworks.Served;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smartboot.socket.transport.AioQuickClient;
import org.smartboot.socket.transport.AioQuickServer;
import org.smartboot.socket.transport.AioSession;
import org.smartboot.socket.transport.WriteBuffer;

/**
 * smart-socket's server and client in a group of the system's provider, not in one of its own. It prints the failure of
 * its pending accept when it is shut down, on any provider.
 */
@Timeout(300)
class SmartSocketIT {
    private static final int MAX_MESSAGE_BYTES = 32 * 1024;
    private static final int READ_BUFFER_BYTES = MAX_MESSAGE_BYTES + Integer.BYTES;
    private static final int CLIENTS = 8;
    private static final int MESSAGES_IN_FLIGHT = 8;
    private static final long PATIENCE_SECONDS = 60;

    @Test
    void echoesMessages() throws Exception {
        Served served = new Served();
        // Its handlers wait while what they write is more than its buffers hold, clients' and server's alike.
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withCachedThreadPool(Executors.newCachedThreadPool(),
                1);
        int port = freePort();
        AioQuickServer server = new AioQuickServer("127.0.0.1", port, SmartSocketIT::decode, SmartSocketIT::send);
        // Its way of saving memory is for its own provider, which gives these calls another meaning.
        server.setBannerEnabled(false).disableLowMemory().setReadBufferSize(READ_BUFFER_BYTES).start(group);
        try {
            Parallel.run(CLIENTS, number -> exchange(group, port, number));
            served.assertSince(200);
        } finally {
            server.shutdown();
            group.shutdownNow();
            Assertions.assertTrue(group.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS), "the group ends");
        }
    }

    private static void exchange(AsynchronousChannelGroup group, int port, int number) throws Exception {
        BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
        AioQuickClient client = new AioQuickClient("127.0.0.1", port, SmartSocketIT::decode,
                (AioSession session, byte[] message) -> received.add(message));
        AioSession session = client.disableLowMemory().setReadBufferSize(READ_BUFFER_BYTES).start(group);
        try {
            for (int round = 0; round < Form.choose(8, 500); round++) {
                int length = round % 2 == 0 ? round : MAX_MESSAGE_BYTES - round;
                for (int i = 0; i < MESSAGES_IN_FLIGHT; i++) {
                    send(session, Payload.bytes(number + i, length));
                }
                for (int i = 0; i < MESSAGES_IN_FLIGHT; i++) {
                    assertArrayEquals(Payload.bytes(number + i, length),
                            received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
                }
            }
        } finally {
            client.shutdown();
        }
    }

    /** The length comes first. Null while the message is not there whole. */
    private static byte[] decode(ByteBuffer buffer, AioSession session) {
        if (buffer.remaining() < Integer.BYTES
                || buffer.remaining() - Integer.BYTES < buffer.getInt(buffer.position())) {
            return null;
        }
        byte[] message = new byte[buffer.getInt()];
        buffer.get(message);
        return message;
    }

    private static void send(AioSession session, byte[] message) {
        WriteBuffer out = session.writeBuffer();
        try {
            out.writeInt(message.length);
            out.write(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.flush();
    }

    /** It does not tell which port it was given. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
