package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a connection ends: reset by the peer, or half-closed by either side. */
@TimeLimit
class ConnectionEndTest {
    private static final byte[] HELLO = new Payload(1).first(1000);

    @ParameterizedTest
    @EnumSource
    void aPendingReadFailsWhenThePeerResets(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind)) {
            try (SocketPair pair = new SocketPair(group)) {
                Future<Integer> read = pair.channel.read(ByteBuffer.allocate(10));
                pair.resetByPeer();
                assertReset(Waiting.forFailure(read));
            }
            try (SocketPair pair = new SocketPair(group)) {
                Outcome<Integer> read = new Outcome<>();
                pair.channel.read(ByteBuffer.allocateDirect(10), null, read);
                pair.resetByPeer();
                assertReset(read.failure());
                assertTrue(pair.channel.isOpen(), "a failed read leaves the channel open");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadAfterTheResetFailsAsWell(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind)) {
            try (SocketPair pair = new SocketPair(group)) {
                pair.resetByPeer();
                assertReset(Waiting.forFailure(pair.channel.read(ByteBuffer.allocateDirect(10))));
            }
            try (SocketPair pair = new SocketPair(group)) {
                pair.resetByPeer();
                Outcome<Long> scattering = new Outcome<>();
                ByteBuffer[] buffers = {ByteBuffer.allocate(3), ByteBuffer.allocateDirect(3)};
                pair.channel.read(buffers, 0, 2, 0, TimeUnit.SECONDS, null, scattering);
                assertReset(scattering.failure());
            }
        }
    }

    private static void assertReset(Throwable failure) {
        assertSame(IOException.class, failure.getClass());
        assertEquals("Connection reset", failure.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void aWriteStuckOnAFullSocketFailsWhenThePeerResets(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group, 8192)) {
            EndlessWriter writer = new EndlessWriter(pair.channel);
            writer.startAndAwaitStuck();
            pair.resetByPeer();
            Throwable failure = writer.failure();
            assertInstanceOf(IOException.class, failure);
            // Which of the two, the kernel decides: the reset itself, or a socket that the reset has shut down.
            assertTrue(Set.of("Connection reset by peer", "Broken pipe").contains(failure.getMessage()),
                    () -> "message of " + failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterTheChannelHasEndedItsOutputItStillReads(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            Transfer.writeFully(pair.channel, ByteBuffer.wrap(HELLO));
            pair.channel.shutdownOutput();
            assertArrayEquals(HELLO, pair.peer.getInputStream().readAllBytes(), "read by the peer up to the end");
            assertInstanceOf(ClosedChannelException.class,
                    Waiting.forFailure(pair.channel.write(ByteBuffer.wrap(HELLO))));

            pair.peer.getOutputStream().write(HELLO);
            ByteBuffer in = ByteBuffer.allocate(HELLO.length);
            Transfer.readFully(pair.channel, in);
            assertArrayEquals(HELLO, in.array());
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterThePeerHasEndedItsOutputTheChannelStillWrites(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            pair.peer.getOutputStream().write(HELLO);
            pair.peer.shutdownOutput();
            ByteBuffer in = ByteBuffer.allocateDirect(HELLO.length);
            Transfer.readFully(pair.channel, in);
            new Payload(1).check(in.flip(), 0);
            for (int i = 0; i < 3; i++) {
                assertEquals(-1, Waiting.forResult(pair.channel.read(in.clear())), "read at the end of the stream");
                assertEquals(0, in.position());
            }
            Transfer.writeFully(pair.channel, ByteBuffer.wrap(HELLO));
            assertArrayEquals(HELLO, pair.peer.getInputStream().readNBytes(HELLO.length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadPendingWhenThePeerEndsItsOutputGetsTheEnd(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            Outcome<Integer> read = new Outcome<>();
            pair.channel.read(ByteBuffer.allocate(10), null, read);
            pair.peer.shutdownOutput();
            assertEquals(-1, read.result());
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterTheChannelHasEndedItsInputItReadsTheEndAndStillWrites(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            Outcome<Integer> pending = new Outcome<>();
            pair.channel.read(ByteBuffer.allocate(10), null, pending);
            pair.channel.shutdownInput();
            assertEquals(-1, pending.result(), "read that was pending");
            assertEquals(-1, Waiting.forResult(pair.channel.read(ByteBuffer.allocate(10))), "read begun afterwards");
            Transfer.writeFully(pair.channel, ByteBuffer.wrap(HELLO));
            assertArrayEquals(HELLO, pair.peer.getInputStream().readNBytes(HELLO.length));
        }
    }
}
