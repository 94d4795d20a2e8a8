package io.nio2uring.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadPendingException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Position, limit and content of buffers before and after an operation. */
@TimeLimit
class BufferContractTest {
    private static final byte UNTOUCHED = 0x55;
    private static final Payload PAYLOAD = new Payload(7);

    /** The shapes in which a program may hand a buffer over; position 5, and limit 25 of 40 bytes. */
    private enum Shape {
        HEAP {
            @Override
            ByteBuffer allocate() {
                return ByteBuffer.allocate(40);
            }
        },
        DIRECT {
            @Override
            ByteBuffer allocate() {
                return ByteBuffer.allocateDirect(40);
            }
        },
        HEAP_SLICE {
            @Override
            ByteBuffer allocate() {
                return ByteBuffer.allocate(100).slice(30, 40);
            }
        },
        DIRECT_SLICE {
            @Override
            ByteBuffer allocate() {
                return ByteBuffer.allocateDirect(100).slice(30, 40);
            }
        },
        LITTLE_ENDIAN_DUPLICATE {
            @Override
            ByteBuffer allocate() {
                return ByteBuffer.allocateDirect(40).duplicate().order(ByteOrder.LITTLE_ENDIAN);
            }
        };

        abstract ByteBuffer allocate();

        /** All bytes {@link #UNTOUCHED}, twenty remaining. */
        ByteBuffer fresh() {
            ByteBuffer buffer = allocate();
            for (int i = 0; i < buffer.capacity(); i++) {
                buffer.put(i, UNTOUCHED);
            }
            return buffer.position(5).limit(25);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aReadThatFillsAllStopsAtTheLimit(Shape shape) throws IOException {
        try (TestGroup group = new TestGroup(GroupKind.FIXED_2);
                SocketPair pair = new SocketPair(group)) {
            pair.peer.getOutputStream().write(PAYLOAD.first(50));
            ByteBuffer first = shape.fresh();
            assertEquals(20, Waiting.forResult(pair.channel.read(first)));
            assertHolds(first, 20, 0);

            Outcome<Integer> outcome = new Outcome<>();
            ByteBuffer second = shape.fresh();
            pair.channel.read(second, null, outcome);
            assertEquals(20, outcome.result());
            assertHolds(second, 20, 20);

            ByteBuffer third = shape.fresh();
            assertEquals(10, Waiting.forResult(pair.channel.read(third)), "all that is left, without waiting for more");
            assertHolds(third, 10, 40);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aReadThatWaitsForDataPutsThemAtThePosition(Shape shape) throws IOException {
        try (TestGroup group = new TestGroup(GroupKind.CACHED);
                SocketPair pair = new SocketPair(group)) {
            ByteBuffer buffer = shape.fresh();
            Future<Integer> read = pair.channel.read(buffer);
            pair.peer.getOutputStream().write(PAYLOAD.first(7));
            assertEquals(7, Waiting.forResult(read));
            assertHolds(buffer, 7, 0);
        }
    }

    /** Exactly {@code count} bytes were put, the stream's from {@code offset} on; position moved, nothing else changed. */
    private static void assertHolds(ByteBuffer buffer, int count, long offset) {
        assertEquals(5 + count, buffer.position(), "position");
        assertEquals(25, buffer.limit(), "limit");
        PAYLOAD.check(buffer.duplicate().flip().position(5), offset);
        for (int i = 0; i < buffer.capacity(); i++) {
            if (i < 5 || i >= 5 + count) {
                assertEquals(UNTOUCHED, buffer.duplicate().clear().get(i), "byte " + i + ", which nobody may write");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aWriteSendsWhatRemainsAndMovesOnlyThePosition(Shape shape) throws IOException {
        try (TestGroup group = new TestGroup(GroupKind.FIXED_1);
                SocketPair pair = new SocketPair(group)) {
            ByteBuffer buffer = shape.fresh();
            PAYLOAD.fill(buffer.duplicate(), 0);
            assertEquals(20, Waiting.forResult(pair.channel.write(buffer)));
            assertEquals(25, buffer.position());
            assertEquals(25, buffer.limit());

            ByteBuffer readOnly = buffer.position(5).asReadOnlyBuffer();
            Outcome<Integer> outcome = new Outcome<>();
            pair.channel.write(readOnly, null, outcome);
            assertEquals(20, outcome.result(), "bytes written from a read-only buffer");
            assertEquals(25, readOnly.position());
            assertEquals(5, buffer.position(), "position of the buffer that the read-only one was made of");

            PAYLOAD.check(ByteBuffer.wrap(pair.peer.getInputStream().readNBytes(20)), 0);
            PAYLOAD.check(ByteBuffer.wrap(pair.peer.getInputStream().readNBytes(20)), 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadIntoNothingCompletesAtOnceWithZero(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            assertEquals(0, Waiting.forResult(pair.channel.read(ByteBuffer.allocate(0))));
            ByteBuffer full = ByteBuffer.allocateDirect(10).position(10);
            Outcome<Integer> outcome = new Outcome<>();
            pair.channel.read(full, 10, TimeUnit.SECONDS, null, outcome);
            assertEquals(0, outcome.result());
            assertEquals(10, full.position());

            pair.peer.getOutputStream().write(9);
            ByteBuffer one = ByteBuffer.allocate(1);
            assertEquals(1, Waiting.forResult(pair.channel.read(one)), "the empty reads took nothing");
            assertEquals(9, one.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteOfNothingCompletesAtOnceWithZero(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            assertEquals(0, Waiting.forResult(pair.channel.write(ByteBuffer.allocateDirect(0))));
            Outcome<Integer> outcome = new Outcome<>();
            pair.channel.write(ByteBuffer.allocate(10).position(10), null, outcome);
            assertEquals(0, outcome.result());
            Outcome<Long> gathering = new Outcome<>();
            ByteBuffer[] empties = {ByteBuffer.allocate(0), ByteBuffer.allocateDirect(0)};
            pair.channel.write(empties, 0, 2, 0, TimeUnit.SECONDS, null, gathering);
            assertEquals(0L, gathering.result());

            pair.channel.shutdownOutput();
            assertEquals(-1, pair.peer.getInputStream().read(), "nothing was sent");
            assertInstanceOf(ClosedChannelException.class,
                    Waiting.forFailure(pair.channel.write(ByteBuffer.allocate(0))), "not even nothing can be sent now");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadOnlyDestinationIsRefused(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            ByteBuffer readOnly = ByteBuffer.allocate(10).asReadOnlyBuffer();
            ByteBuffer[] mixed = {ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10).asReadOnlyBuffer()};
            Outcome<Integer> outcome = new Outcome<>();
            Outcome<Long> scattering = new Outcome<>();
            assertThrows(IllegalArgumentException.class, () -> pair.channel.read(readOnly));
            assertThrows(IllegalArgumentException.class, () -> pair.channel.read(readOnly, null, outcome));
            assertThrows(IllegalArgumentException.class,
                    () -> pair.channel.read(mixed, 0, 2, 0, TimeUnit.SECONDS, null, scattering));

            pair.peer.getOutputStream().write(9);
            assertEquals(1, Waiting.forResult(pair.channel.read(mixed[0])), "the channel is usable as before");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSecondReadWhileOneIsPendingIsRefusedAndDoesNoHarm(GroupKind kind) throws IOException {
        try (TestGroup group = new TestGroup(kind);
                SocketPair pair = new SocketPair(group)) {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            Future<Integer> first = pair.channel.read(buffer);
            assertThrows(ReadPendingException.class, () -> pair.channel.read(ByteBuffer.allocate(10)));
            pair.peer.getOutputStream().write(PAYLOAD.first(3));
            assertEquals(3, Waiting.forResult(first));
            PAYLOAD.check(buffer.flip(), 0);
        }
    }
}
