package io.nio2uring.reliability;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import io.nio2uring.Countdown;
import io.nio2uring.traffic.Ports;
import io.nio2uring.traffic.TimeLimit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A heap that is full for a while costs connections whose handlers say so, and nothing else. */
@TimeLimit(seconds = 60)
class FullHeapTest {
    private static final int GROUPS = 3;
    private static final int CONNECTIONS = 16;
    private static final int FULL_MILLIS = 2_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whenMemoryIsFreeAgainEverybodyIsServedAndNothingIsLeft(long seed) throws Exception {
        String[] ports = new String[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            ports[i] = Integer.toString(Ports.free(EchoProcess.LOOPBACK));
        }
        try (EchoProcess process = new EchoProcess("true", FullHeapProgram.class, List.of(ports), "-Xmx32m",
                "-XX:+UseSerialGC")) {
            List<Server> servers = new ArrayList<>();
            for (String port : ports) {
                servers.add(new Server(Integer.parseInt(port), new Random(seed + servers.size())));
            }
            process.say("fill " + seed + " " + FULL_MILLIS);
            for (Countdown left = new Countdown(FULL_MILLIS * 1_000_000L); !left.isOver();) {
                for (Server server : servers) {
                    server.disturb();
                }
                LockSupport.parkNanos(5_000_000);
            }
            awaitLine(process, "free");
            try {
                for (Server server : servers) {
                    server.assertServesWhatItHasNotEnded();
                    server.assertServesNewOnesThoughHandlersWait();
                }
                process.say("end");
                awaitLine(process, "terminated");
            } catch (Throwable e) {
                throw new AssertionError(process.stacks(), e);
            }
            process.awaitExit();
        }
    }

    /** Before it there may be what our threads and the JDK's have to complain of. */
    private static void awaitLine(EchoProcess process, String expected) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(process.line());
            assertNotNull(lines.getLast(), () -> "the process has ended: " + lines);
        } while (!lines.getLast().equals(expected));
    }

    /** The connections to one server. */
    private static final class Server {
        private final int port;
        private final Random random;
        private final List<Client> clients = new ArrayList<>();

        Server(int port, Random random) throws IOException {
            this.port = port;
            this.random = random;
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(new Client(port));
                clients.getLast().send(FullHeapProgram.ECHO);
            }
        }

        /** Sends something, connects, or leaves. */
        void disturb() throws IOException {
            int chance = random.nextInt(100);
            if (chance < 3) {
                clients.add(new Client(port));
            } else if (chance < 6 && clients.size() > 1) {
                Client leaving = clients.remove(random.nextInt(clients.size()));
                leaving.socket.setSoLinger(random.nextBoolean(), 0);
                leaving.socket.close();
            } else {
                clients.get(random.nextInt(clients.size())).send(FullHeapProgram.ECHO);
            }
        }

        void assertServesWhatItHasNotEnded() throws IOException {
            for (Client client : clients) {
                client.assertServedToItsEnd();
            }
        }

        /** One thread is left to each group, or as many as it takes. */
        void assertServesNewOnesThoughHandlersWait() throws IOException {
            Client waiting = new Client(port);
            waiting.send(FullHeapProgram.WAIT);
            for (int i = 0; i < CONNECTIONS; i++) {
                Client served = new Client(port);
                served.send(FullHeapProgram.ECHO);
                served.send(FullHeapProgram.ECHO);
                assertTrue(served.assertServedToItsEnd(), "a connection without a lack of memory was ended");
            }
            Client freeing = new Client(port);
            freeing.send(FullHeapProgram.GO);
            assertTrue(freeing.assertServedToItsEnd() && waiting.assertServedToItsEnd());
        }
    }

    private static final class Client {
        private static final int MESSAGE_BYTES = 64;

        private final Socket socket;
        private final long seed;
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private boolean ended;

        Client(int port) throws IOException {
            socket = EchoProcess.connectTo(port);
            seed = socket.getLocalPort();
        }

        void send(byte command) throws IOException {
            byte[] message = new Stream(seed).fill(ByteBuffer.allocate(MESSAGE_BYTES), sent.size()).array();
            message[0] = command;
            try {
                socket.getOutputStream().write(message);
                sent.write(message);
            } catch (IOException e) {
                ended = true;
            }
        }

        /**
         * Reads all that the server has echoed.
         *
         * @return false if the server has ended the connection
         */
        boolean assertServedToItsEnd() throws IOException {
            ByteBuffer received = ByteBuffer.allocate(sent.size() + 1);
            try (socket) {
                socket.shutdownOutput();
                for (int count; (count = socket.getInputStream().read(received.array(), received.position(),
                        received.remaining())) > 0;) {
                    received.position(received.position() + count);
                }
            } catch (SocketTimeoutException e) {
                throw new AssertionError("the server neither serves nor ends the connection from port " + seed
                        + ", which has got " + received.position() + " of " + sent.size() + " bytes", e);
            } catch (IOException e) {
                ended = true;
            }
            assertTrue(Arrays.equals(received.array(), 0, received.position(), sent.toByteArray(), 0,
                    Math.min(received.position(), sent.size())), "bytes of somebody else");
            return !ended && received.position() == sent.size();
        }
    }
}
