package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connecting to a port where nobody listens. */
@TimeLimit
class ConnectFailureTest {
    @ParameterizedTest
    @CsvSource({
        "DEFAULT, 127.0.0.1", "FIXED_1, 127.0.0.1", "FIXED_2, ::1", "CACHED, 127.0.0.1", "CACHED, ::1",
        "USER_POOL_4, 127.0.0.1", "OWN_EXECUTOR_4, ::1", "VIRTUAL_THREADS, 127.0.0.1"
    })
    void aRefusedConnectSaysSoAndClosesTheChannel(GroupKind kind, String host) throws IOException {
        InetAddress address = InetAddress.ofLiteral(host);
        // Bound, so that no other test listens there.
        try (SocketChannel bound = SocketChannel.open().bind(new InetSocketAddress(address, 0));
                TestGroup group = new TestGroup(kind)) {
            SocketAddress nobody = bound.getLocalAddress();
            AsynchronousSocketChannel withFuture = group.open();
            assertRefused(Waiting.forFailure(withFuture.connect(nobody)));
            assertFalse(withFuture.isOpen());

            AsynchronousSocketChannel withHandler = group.open();
            Outcome<Void> outcome = new Outcome<>();
            withHandler.connect(nobody, null, outcome);
            assertRefused(outcome.failure());
            assertFalse(withHandler.isOpen());
        }
    }

    private static void assertRefused(Throwable failure) {
        assertInstanceOf(ConnectException.class, failure);
        assertEquals("Connection refused", failure.getMessage());
    }
}
