package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Timeouts expire on time on idle connections while others are busy, and never on those that get their data. */
@TimeLimit
class TimeoutsUnderTrafficTest {
    private static final int IDLE = 50;
    private static final long TIMEOUT_MILLIS = 50;
    private static final long TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);

    @ParameterizedTest
    @EnumSource
    void idleReadsTimeOutWhileOthersAreServed(GroupKind kind) throws IOException {
        List<Outcome<Integer>> idleReads = new ArrayList<>();
        List<SocketPair> idle = new ArrayList<>();
        try (TestGroup group = new TestGroup(kind);
                EchoServer server = EchoServer.Style.HANDLERS.start(group, BufferMix.HEAP, 4096)) {
            List<CompletableFuture<Void>> busy = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                AsynchronousSocketChannel channel = group.connect(server.address());
                busy.add(new PingPong(channel, new Payload(i), BufferMix.DIRECT, 1000, 100).start());
            }
            List<ByteBuffer> buffers = new ArrayList<>();
            long[] beganNanos = new long[IDLE];
            for (int i = 0; i < IDLE; i++) {
                SocketPair pair = new SocketPair(group);
                ByteBuffer buffer = i % 2 == 0 ? ByteBuffer.allocate(10) : ByteBuffer.allocateDirect(10);
                Outcome<Integer> read = new Outcome<>();
                beganNanos[i] = System.nanoTime();
                pair.channel.read(buffer, TIMEOUT_MILLIS, TimeUnit.MILLISECONDS, null, read);
                idle.add(pair);
                buffers.add(buffer);
                idleReads.add(read);
            }
            for (int i = 0; i < IDLE; i++) {
                assertInstanceOf(InterruptedByTimeoutException.class, idleReads.get(i).failure());
                long tookNanos = idleReads.get(i).endedNanos() - beganNanos[i];
                assertTrue(tookNanos >= TIMEOUT_NANOS, () -> "timed out early, after " + tookNanos + " ns");
            }
            busy.forEach(Waiting::forResult);

            for (int i = 0; i < IDLE; i++) {
                ByteBuffer buffer = buffers.get(i);
                AsynchronousSocketChannel channel = idle.get(i).channel;
                assertTrue(channel.isOpen(), "a timeout leaves the channel open");
                assertThrows(IllegalStateException.class, () -> channel.read(buffer), "read after a timeout");
                idle.get(i).peer.getOutputStream().write(new byte[] {1, 2, 3});
            }
            answerOne(group, server);
            for (ByteBuffer buffer : buffers) {
                assertEquals(0, buffer.position());
                assertEquals(ByteBuffer.allocate(10), buffer.duplicate().clear(), "bytes of a read that had timed out");
            }
            for (SocketPair pair : idle) {
                pair.close();
            }
        }
        idleReads.forEach(Outcome::assertCalledOnce);
    }

    /** A message there and back: what the group had in hand before has had its turn. */
    private static void answerOne(TestGroup group, EchoServer server) throws IOException {
        try (AsynchronousSocketChannel channel = group.connect(server.address())) {
            Waiting.forResult(new PingPong(channel, new Payload(1), BufferMix.HEAP, 1, 100).start());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteStuckOnAFullSocketTimesOut(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group, 8192)) {
            Outcome<Integer> last;
            do {
                last = new Outcome<>();
                pair.channel.write(ByteBuffer.allocate(64 * 1024), TIMEOUT_MILLIS, TimeUnit.MILLISECONDS, null, last);
            } while (last.succeeded());
            assertInstanceOf(InterruptedByTimeoutException.class, last.failure());
            assertThrows(IllegalStateException.class, () -> pair.channel.write(ByteBuffer.allocate(1)));
            assertTrue(pair.channel.isOpen(), "a timeout leaves the channel open");
        }
    }

    @ParameterizedTest
    @EnumSource
    void operationsThatEndInTimeDoNotTimeOutAndEndOnce(GroupKind kind) throws IOException {
        List<Outcome<Integer>> outcomes = new ArrayList<>();
        try (TestGroup group = new TestGroup(kind);
                EchoServer server = EchoServer.Style.HANDLERS.start(group, BufferMix.DIRECT, 4096);
                AsynchronousSocketChannel channel = group.connect(server.address())) {
            for (int i = 0; i < 2000; i++) {
                ByteBuffer in = ByteBuffer.allocate(8);
                Outcome<Integer> write = new Outcome<>();
                Outcome<Integer> read = new Outcome<>();
                channel.read(in, 30, TimeUnit.SECONDS, null, read);
                assertFalse(read.isKnown(), "nothing to read yet");
                channel.write(ByteBuffer.wrap(new Payload(i).first(8)), 30, TimeUnit.SECONDS, null, write);
                assertEquals(8, write.result());
                assertEquals(8, read.result());
                new Payload(i).check(in.flip(), 0);
                outcomes.add(read);
                outcomes.add(write);
            }
        }
        outcomes.forEach(Outcome::assertCalledOnce);
    }
}
