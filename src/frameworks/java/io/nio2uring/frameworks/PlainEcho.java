package io.nio2uring.frameworks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** Echoes what it receives, on blocking sockets, which are not under test. */
public final class PlainEcho implements AutoCloseable {
    private final ServerSocket listener;

    /** Listens on a free port of the loopback interface. */
    public PlainEcho() throws IOException {
        listener = new ServerSocket(0, 128, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().name("plain-echo").start(this::serve);
    }

    /** The port that it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Has {@code length} bytes echoed over a connection to it, however that leads there, and checks each. */
    public static void exchange(Socket connected, long seed, long length) throws Exception {
        try (Socket socket = connected) {
            Parallel.run(2, number -> {
                if (number == 0) {
                    OutputStream out = socket.getOutputStream();
                    Payload.stream(seed, length).transferTo(out);
                    out.flush();
                } else {
                    check(socket.getInputStream(), seed, length);
                }
            });
        }
    }

    private static void check(InputStream in, long seed, long length) throws IOException {
        Payload.Check check = new Payload.Check(seed);
        byte[] buffer = new byte[1 << 16];
        while (check.length() < length) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, length - check.length()));
            if (count < 0) {
                throw new AssertionError("end of stream after " + check.length() + " of " + length + " bytes");
            }
            check.write(buffer, 0, count);
        }
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().name("plain-echo-connection").start(() -> echo(socket));
            } catch (SocketException e) {
                // Closed.
                return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static void echo(Socket accepted) {
        try (Socket socket = accepted) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The client sees the connection end, and which bytes are missing.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
