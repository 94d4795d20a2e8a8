package tls;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import support.Listener;

/**
 * One connection: asks the engine what comes next, until that is a read or a write; their handlers ask again. At most
 * one operation is pending, so no lock is needed. The buffers are ready to be filled whenever none is.
 */
final class TlsConnection {
    private static final long READ_SECONDS = 60;
    private static final long WRITE_SECONDS = 10;

    private final AsynchronousSocketChannel channel;
    private final SSLEngine engine;
    /** What the peer has sent and the engine has not taken yet. */
    private final ByteBuffer received;
    /** What the peer has said, to be echoed. */
    private final ByteBuffer plain;
    /** What goes to the peer; empty unless a write is pending. */
    private final ByteBuffer sent;
    private boolean ended;
    private boolean failed;

    TlsConnection(SSLContext context, AsynchronousSocketChannel channel) {
        this.channel = channel;
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        received = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        sent = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    }

    /** Goes on as far as possible without waiting; to be called when no operation is pending. */
    void advance() {
        try {
            while (step()) {
                // As long as the engine has something to do.
            }
        } catch (SSLException e) {
            fail();
        }
    }

    /** Does what the engine wants next. False when an operation is pending, or the connection closed. */
    private boolean step() throws SSLException {
        if (failed) {
            Listener.close(channel);
            return false;
        }
        HandshakeStatus status = engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
            return true;
        }
        if (status == HandshakeStatus.NEED_WRAP || status == HandshakeStatus.NOT_HANDSHAKING && plain.position() > 0) {
            wrap();
            return false;
        }
        if (engine.isInboundDone()) {
            if (engine.isOutboundDone()) {
                Listener.close(channel);
                return false;
            }
            // The peer's close_notify is answered with one of ours.
            engine.closeOutbound();
            return true;
        }
        return unwrap();
    }

    private boolean unwrap() throws SSLException {
        received.flip();
        Status status;
        try {
            status = engine.unwrap(received, plain).getStatus();
        } finally {
            received.compact();
        }
        if (status != Status.BUFFER_UNDERFLOW) {
            return true;
        }
        if (ended) {
            // Without close_notify: throws, since somebody may have cut the connection.
            engine.closeInbound();
            return true;
        }
        channel.read(received, READ_SECONDS, TimeUnit.SECONDS, null, new Reader());
        return false;
    }

    private void wrap() throws SSLException {
        plain.flip();
        try {
            engine.wrap(plain, sent);
        } finally {
            plain.compact();
        }
        sent.flip();
        write();
    }

    private void write() {
        channel.write(sent, WRITE_SECONDS, TimeUnit.SECONDS, null, new Writer());
    }

    /** The engine gives up; it may have an alert to send before the end. */
    private void fail() {
        failed = true;
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap();
                return;
            }
        } catch (SSLException e) {
            // No alert then.
        }
        Listener.close(channel);
    }

    private final class Reader implements CompletionHandler<Integer, Void> {
        @Override
        public void completed(Integer bytesRead, Void unused) {
            ended = bytesRead < 0;
            advance();
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            Listener.close(channel);
        }
    }

    private final class Writer implements CompletionHandler<Integer, Void> {
        @Override
        public void completed(Integer bytesWritten, Void unused) {
            if (sent.hasRemaining()) {
                write();
                return;
            }
            sent.clear();
            advance();
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            Listener.close(channel);
        }
    }
}
