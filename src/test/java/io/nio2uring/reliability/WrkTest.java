package io.nio2uring.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.nio2uring.traffic.TimeLimit;
import io.nio2uring.traffic.Waiting;
import org.junit.jupiter.api.Test;

/** Load that is not ours: {@code wrk}, which is in C and uses epoll. */
@TimeLimit
class WrkTest {
    private static final int CONNECTIONS = 200;
    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nevery byte\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");

    private final LongAdder answered = new LongAdder();
    private final LongAdder open = new LongAdder();
    private final AtomicReference<Throwable> defect = new AtomicReference<>();

    @Test
    void wrk_sees_no_error_and_every_connection_ends() throws Exception {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(2, Thread::new);
        AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group)
                .bind(new InetSocketAddress(EchoProcess.LOOPBACK, 0), 1024);
        listener.accept(null, new Acceptor(listener));
        Process wrk = new ProcessBuilder("wrk", "-t2", "-c" + CONNECTIONS, "-d2s",
                "http://127.0.0.1:" + ((InetSocketAddress) listener.getLocalAddress()).getPort() + "/")
                .redirectErrorStream(true).start();
        try {
            String report = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertEquals(0, wrk.waitFor(), report);
            assertFalse(report.contains("Socket errors") || report.contains("Non-2xx"), report);
            Matcher requests = REQUESTS.matcher(report);
            assertTrue(requests.find(), report);
            long counted = Long.parseLong(requests.group(1));
            // An answer counts here when its handler is called, which is before its connection ends.
            Waiting.until("end of the connections", () -> open.sum() == 0);
            assertTrue(counted >= CONNECTIONS && answered.sum() >= counted, () -> answered + " answers; " + report);
        } finally {
            wrk.destroyForcibly();
            listener.close();
            group.shutdown();
        }
        assertTrue(group.awaitTermination(20, TimeUnit.SECONDS), "the group terminates");
        assertEquals(null, defect.get());
    }

    private final class Acceptor implements CompletionHandler<AsynchronousSocketChannel, Void> {
        private final AsynchronousServerSocketChannel listener;

        Acceptor(AsynchronousServerSocketChannel listener) {
            this.listener = listener;
        }

        @Override
        public void completed(AsynchronousSocketChannel channel, Void attachment) {
            open.increment();
            listener.accept(null, this);
            new Connection(channel).read();
        }

        @Override
        public void failed(Throwable failure, Void attachment) {
            // The test closes the listener at its end.
            if (listener.isOpen()) {
                defect.compareAndSet(null, failure);
            }
        }
    }

    /** Answers each request, which has no body and comes when the one before has been answered. */
    private final class Connection implements CompletionHandler<Integer, Boolean> {
        private static final int REQUEST_BYTES = 1024;

        private final AsynchronousSocketChannel channel;
        private final ByteBuffer request = ByteBuffer.allocate(REQUEST_BYTES);
        private final ByteBuffer answer = ByteBuffer.wrap(ANSWER);

        Connection(AsynchronousSocketChannel channel) {
            this.channel = channel;
        }

        void read() {
            channel.read(request, true, this);
        }

        @Override
        public void completed(Integer count, Boolean reading) {
            if (count < 0) {
                close();
            } else if (!reading && !answer.hasRemaining()) {
                answered.increment();
                answer.clear();
                read();
            } else if (reading && !isWhole()) {
                read();
            } else {
                request.clear();
                channel.write(answer, false, this);
            }
        }

        private boolean isWhole() {
            return new String(request.array(), 0, request.position(), StandardCharsets.US_ASCII).endsWith("\r\n\r\n");
        }

        /** {@code wrk} ends with requests under way. */
        @Override
        public void failed(Throwable failure, Boolean reading) {
            close();
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                defect.compareAndSet(null, e);
            }
            open.decrement();
        }
    }
}
