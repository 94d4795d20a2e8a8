package demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

/**
 * An echo server with a fault, for seeing that {@link Demo} finds it: {@code --server-main=demo.FaultyEchoServerMain
 * --group=FAULT}, where FAULT is a constant of {@link Fault} in lower case.
 */
public final class FaultyEchoServerMain {
    /** Bytes that each connection echoes faithfully, so that a fault shows only to those who look at every byte. */
    private static final long FAITHFUL_BYTES = 1_001;

    private enum Fault {
        /** One bit of one byte is turned. */
        CORRUPT,
        /** A byte that was never sent follows the last one. */
        EXTRA,
        /** Everything is echoed, and something is written on standard error. */
        NOISY,
        /** The virtual machine ends in the middle of its work. */
        DIE
    }

    private FaultyEchoServerMain() {}

    /** Takes a port and a fault. */
    public static void main(String[] args) throws IOException {
        Fault fault = Fault.valueOf(args[1].toUpperCase(Locale.ROOT));
        StatisticsConsole.start();
        int port = Integer.parseInt(args[0]);
        try (ServerSocket listener = new ServerSocket(port, 0, InetAddress.ofLiteral("127.0.0.1"))) {
            System.out.println("listening on 127.0.0.1:" + listener.getLocalPort());
            if (fault == Fault.NOISY) {
                System.err.println("a warning of the server");
            }
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> echo(socket, fault));
            }
        }
    }

    private static void echo(Socket socket, Fault fault) {
        try (socket; InputStream in = socket.getInputStream(); OutputStream out = socket.getOutputStream()) {
            socket.setTcpNoDelay(true);
            byte[] buffer = new byte[1024];
            long echoed = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int due = (int) Math.min(FAITHFUL_BYTES - echoed, n);
                if (due >= 0 && due < n && fault == Fault.CORRUPT) {
                    buffer[due] ^= 1;
                } else if (due < n && fault == Fault.DIE) {
                    Runtime.getRuntime().halt(3);
                }
                out.write(buffer, 0, n);
                echoed += n;
            }
            if (fault == Fault.EXTRA) {
                out.write('!');
            }
        } catch (IOException e) {
            // The driver has gone away, which ends this connection.
        }
    }
}
