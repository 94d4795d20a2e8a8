package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Once close of a server channel has returned, its address can be bound again, at the first try. */
@TimeLimit
class RebindTest {
    private static final int ROUNDS = 1000;

    private InetSocketAddress address;

    @BeforeEach
    void chooseAddress() throws IOException {
        address = new InetSocketAddress(TestGroup.LOOPBACK, Ports.free(TestGroup.LOOPBACK));
    }

    @ParameterizedTest
    @EnumSource
    void anIdleServerChannelsAddressIsFreeAtOnce(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind)) {
            for (int i = 0; i < ROUNDS; i++) {
                group.listen(address).close();
            }
        }
    }

    @Test
    void soIsAnAddressOfIpv6() throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("::1");
        InetSocketAddress ipv6 = new InetSocketAddress(loopback, Ports.free(loopback));
        try (TestGroup group = new TestGroup(GroupKind.FIXED_1)) {
            for (int i = 0; i < ROUNDS; i++) {
                AsynchronousServerSocketChannel listener = group.listen(ipv6);
                listener.accept();
                listener.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void soIsOneWithAnAcceptPending(GroupKind kind) throws IOException {
        List<Outcome<AsynchronousSocketChannel>> accepts = new ArrayList<>();
        try (TestGroup group = new TestGroup(kind)) {
            for (int i = 0; i < ROUNDS; i++) {
                AsynchronousServerSocketChannel listener = group.listen(address);
                Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
                listener.accept(null, accept);
                listener.close();
                accepts.add(accept);
            }
            for (Outcome<AsynchronousSocketChannel> accept : accepts) {
                assertSame(AsynchronousCloseException.class, accept.failure().getClass());
            }
        }
        accepts.forEach(Outcome::assertCalledOnce);
    }

    /** A plain socket without SO_REUSEADDR binds only if the system has let go of the old one altogether. */
    @ParameterizedTest
    @EnumSource
    void aPlainSocketCanTakeTheAddressOver(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind)) {
            for (int i = 0; i < ROUNDS; i++) {
                AsynchronousServerSocketChannel listener = group.listen(address);
                Future<AsynchronousSocketChannel> accept = listener.accept();
                listener.close();
                bindPlainly().close();
                assertSame(AsynchronousCloseException.class, Waiting.forFailure(accept).getClass());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsAcceptedBeforeDoNotHinderTheNextServerChannel(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind)) {
            for (int i = 0; i < 100; i++) {
                AsynchronousServerSocketChannel listener = group.listen(address);
                Future<AsynchronousSocketChannel> accept = listener.accept();
                Socket client = new Socket(address.getAddress(), address.getPort());
                AsynchronousSocketChannel accepted = Waiting.forResult(accept);
                listener.accept();
                listener.close();
                group.listen(address).close();
                // An open connection of the port keeps out those who do not say SO_REUSEADDR.
                BindException refusal = assertThrows(BindException.class, this::bindPlainly);
                assertEquals("Address already in use", refusal.getMessage().replaceAll(" \\(.*", ""));
                accepted.close();
                client.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsThatNobodyAcceptedAreResetAndDoNotHinderEither(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind)) {
            for (int i = 0; i < 100; i++) {
                AsynchronousServerSocketChannel listener = group.listen(address);
                try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                    listener.close();
                    group.listen(address).close();
                    client.setSoTimeout(20_000);
                    assertThrows(IOException.class, () -> client.getInputStream().read());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerCanCloseItsServerChannelAndBindTheNext(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind)) {
            Relay relay = new Relay(group, 200);
            relay.open();
            while (!relay.finished.isDone()) {
                int before = relay.roundsDone;
                new Socket(address.getAddress(), address.getPort()).close();
                Waiting.until("the next round", () -> relay.finished.isDone() || relay.roundsDone > before);
            }
            Waiting.forResult(relay.finished);
        }
    }

    /** Each accepted connection makes it close its server channel and open another at the same address. */
    private final class Relay implements CompletionHandler<AsynchronousSocketChannel, AsynchronousServerSocketChannel> {
        final CompletableFuture<Void> finished = new CompletableFuture<>();
        private final TestGroup group;
        private final int rounds;
        private volatile int roundsDone;

        Relay(TestGroup group, int rounds) {
            this.group = group;
            this.rounds = rounds;
        }

        void open() throws IOException {
            AsynchronousServerSocketChannel listener = group.listen(address);
            listener.accept(listener, this);
        }

        @Override
        public void completed(AsynchronousSocketChannel accepted, AsynchronousServerSocketChannel listener) {
            try {
                accepted.close();
                listener.accept();
                listener.close();
                int done = roundsDone + 1;
                if (done < rounds) {
                    open();
                } else {
                    finished.complete(null);
                }
                roundsDone = done;
            } catch (IOException | RuntimeException e) {
                finished.completeExceptionally(e);
            }
        }

        @Override
        public void failed(Throwable failure, AsynchronousServerSocketChannel listener) {
            finished.completeExceptionally(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionArrivingDuringTheCloseIsNeitherForgottenNorLeaked(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind)) {
            connectDuringClose(group);
            Map<String, Integer> before = OpenFiles.byKind();
            for (int i = 0; i < 200; i++) {
                connectDuringClose(group);
            }
            OpenFiles.untilBackTo(before);
        }
    }

    private void connectDuringClose(TestGroup group) throws IOException {
        AsynchronousServerSocketChannel listener = group.listen(address);
        Outcome<AsynchronousSocketChannel> accept = new Outcome<>();
        listener.accept(null, accept);
        CompletableFuture<Void> client = CompletableFuture.runAsync(this::connectAndAwaitEnd);
        listener.close();
        if (accept.succeeded()) {
            accept.result().close();
        } else {
            assertSame(AsynchronousCloseException.class, accept.failure().getClass());
        }
        Waiting.forResult(client);
    }

    /**
     * Refused, reset or closed, any end will do. The byte provokes the reset: the system may forget a connection whose
     * handshake coincides with the close, and tells the client only when that sends something.
     */
    private void connectAndAwaitEnd() {
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write(1);
            assertEquals(-1, client.getInputStream().read());
        } catch (SocketTimeoutException e) {
            throw new AssertionError("a connection was accepted, but neither handed out nor closed", e);
        } catch (SocketException refusedOrReset) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSocket bindPlainly() throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(false);
            socket.bind(address);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
