package bench.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/**
 * The echo server that is measured on each provider: it names none of them. Usage:
 * {@code EchoServer GROUP direct|heap BUFFER_BYTES PREPARED}, the last being how many connections' buffers and handlers
 * are made beforehand, so that what else a connection takes can be told from them.
 */
public final class EchoServer {
    private final boolean direct;
    private final int bufferBytes;
    private final Deque<Connection> idle = new ArrayDeque<>();

    private EchoServer(boolean direct, int bufferBytes) {
        this.direct = direct;
        this.bufferBytes = bufferBytes;
    }

    /** Runs the server until standard input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        EchoServer server = new EchoServer(arguments[1].equals("direct"), Integer.parseInt(arguments[2]));
        for (int prepared = Integer.parseInt(arguments[3]); prepared > 0; prepared--) {
            server.idle.add(server.new Connection());
        }
        Listener.start(Groups.open(arguments[0]), server::serve);
        new CountDownLatch(1).await(); // The threads that serve may be daemons.
    }

    private void serve(AsynchronousSocketChannel channel) {
        take().start(channel);
    }

    private synchronized Connection take() {
        return idle.isEmpty() ? new Connection() : idle.pop();
    }

    private synchronized void putBack(Connection connection) {
        idle.push(connection);
    }

    /** Reads into its only buffer, writes all of that back, and reads again. Never has two operations pending. */
    private final class Connection implements CompletionHandler<Integer, Void> {
        private final ByteBuffer buffer = direct
                ? ByteBuffer.allocateDirect(bufferBytes) : ByteBuffer.allocate(bufferBytes);
        private AsynchronousSocketChannel channel;
        private boolean isWriting;

        void start(AsynchronousSocketChannel connected) {
            channel = connected;
            isWriting = false;
            buffer.clear();
            channel.read(buffer, null, this);
        }

        @Override
        public void completed(Integer bytes, Void unused) {
            if (!isWriting) {
                if (bytes < 0) {
                    end();
                    return;
                }
                buffer.flip();
                isWriting = true;
                channel.write(buffer, null, this);
            } else if (buffer.hasRemaining()) {
                channel.write(buffer, null, this);
            } else {
                buffer.clear();
                isWriting = false;
                channel.read(buffer, null, this);
            }
        }

        @Override
        public void failed(Throwable reason, Void unused) {
            end(); // Loads end by closing connections with a message in flight.
        }

        private void end() {
            Listener.close(channel);
            channel = null;
            putBack(this);
        }
    }
}
