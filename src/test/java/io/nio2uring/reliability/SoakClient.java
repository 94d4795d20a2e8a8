package io.nio2uring.reliability;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** One connection to the {@link SoakServer}, with one fault that its seed chooses, or none. */
final class SoakClient {
    /** What a connection does. */
    enum Kind {
        WHOLE_STREAM, RESET, SILENT_PEER, SLOW_READER, TIMEOUT_IN_FLIGHT, CANCEL_IN_FLIGHT, CLOSE_IN_FLIGHT, VANISH;

        @Override
        public String toString() {
            return "client " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private static final long PATIENCE_SECONDS = 30;
    private static final int PIECE_BYTES = 16 * 1024;

    private final AsynchronousChannelGroup group;
    private final InetSocketAddress address;
    private final Ledger ledger;
    private final Random random;
    private final Stream stream;
    private AsynchronousSocketChannel channel;
    private long startedNanos;
    private long sent;
    private long received;

    SoakClient(AsynchronousChannelGroup group, InetSocketAddress address, Ledger ledger, long seed) {
        this.group = group;
        this.address = address;
        this.ledger = ledger;
        random = new Random(seed);
        stream = new Stream(seed);
    }

    /** Opens the connection, does what the seed says, checks each outcome, and closes. */
    void run() throws Exception {
        Kind kind = choose();
        if (kind == Kind.RESET) {
            reset();
            count(kind);
            return;
        }
        channel = AsynchronousSocketChannel.open(group);
        startedNanos = System.nanoTime();
        try {
            if (kind == Kind.SLOW_READER) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            }
            Ledger.Outcome<Void> connected = ledger.begin();
            channel.connect(address, null, connected);
            await(connected, "connect");
            ledger.connections.increment();
            perform(kind);
            count(kind);
        } finally {
            channel.close();
        }
    }

    private void count(Kind kind) {
        ledger.fault(kind.toString());
    }

    /** The server's reads and writes fail. By another kind of channel, since this one has no {@code SO_LINGER}. */
    private void reset() throws IOException {
        try (SocketChannel peer = SocketChannel.open(address)) {
            ledger.connections.increment();
            ByteBuffer piece = stream.fill(buffer(1 + random.nextInt(PIECE_BYTES)), 0);
            while (piece.hasRemaining()) {
                peer.write(piece);
            }
            ByteBuffer some = ByteBuffer.allocate(1 + random.nextInt(64));
            if (random.nextBoolean()) {
                int count = peer.read(some);
                stream.compare(some.flip(), 0);
                ledger.bytes.add(count);
            }
            peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
    }

    private Kind choose() {
        // Half of the connections live to their end; one in 50 takes the time of a silent peer.
        int number = random.nextInt(100);
        if (number < 50) {
            return Kind.WHOLE_STREAM;
        }
        if (number < 52) {
            return Kind.SILENT_PEER;
        }
        if (number < 55) {
            return Kind.SLOW_READER;
        }
        Kind[] others = {Kind.RESET, Kind.TIMEOUT_IN_FLIGHT, Kind.CANCEL_IN_FLIGHT, Kind.CLOSE_IN_FLIGHT, Kind.VANISH};
        return others[number % others.length];
    }

    private void perform(Kind kind) throws Exception {
        switch (kind) {
            case WHOLE_STREAM -> {
                exchange(1 + random.nextInt(8));
                halfClose();
            }
            case SILENT_PEER -> {
                exchange(random.nextInt(2));
                // The server loses its patience.
                expectEnd();
            }
            case SLOW_READER -> slowly();
            case TIMEOUT_IN_FLIGHT -> {
                exchange(random.nextInt(3));
                Ledger.Outcome<Integer> read = ledger.begin();
                channel.read(buffer(64), 1 + random.nextInt(20), TimeUnit.MILLISECONDS, null, read);
                expectFailure(read, InterruptedByTimeoutException.class);
            }
            case CANCEL_IN_FLIGHT -> {
                exchange(random.nextInt(3));
                Future<Integer> read = channel.read(buffer(64));
                LockSupport.parkNanos(random.nextInt(200_000));
                if (read.cancel(random.nextBoolean())) {
                    expectFailure(read, CancellationException.class);
                } else {
                    expectLostPatience(read);
                }
            }
            case CLOSE_IN_FLIGHT -> {
                exchange(random.nextInt(3));
                Ledger.Outcome<Integer> read = ledger.begin();
                channel.read(buffer(64), null, read);
                LockSupport.parkNanos(random.nextInt(200_000));
                channel.close();
                expectFailure(read, AsynchronousCloseException.class);
            }
            case RESET, VANISH -> {
                // The former is none of our channel's; the latter is closed at once by run().
            }
        }
    }

    private ByteBuffer buffer(int bytes) {
        return random.nextBoolean() ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    }

    /** Sends so many pieces and takes back and compares each. */
    private void exchange(int pieces) throws Exception {
        for (int i = 0; i < pieces; i++) {
            send(1 + random.nextInt(PIECE_BYTES));
            while (received < sent) {
                if (receive(PIECE_BYTES) < 0) {
                    throw new AssertionError("end of stream after " + received + " of " + sent + " bytes");
                }
            }
        }
    }

    private void send(int bytes) throws Exception {
        ByteBuffer piece = stream.fill(buffer(bytes), sent);
        while (piece.hasRemaining()) {
            Ledger.Outcome<Integer> write = ledger.begin();
            channel.write(piece, PATIENCE_SECONDS, TimeUnit.SECONDS, null, write);
            sent += await(write, "write");
        }
    }

    private int receive(int bytes) throws Exception {
        ByteBuffer piece = buffer(bytes);
        Ledger.Outcome<Integer> read = ledger.begin();
        channel.read(piece, PATIENCE_SECONDS, TimeUnit.SECONDS, null, read);
        int count = await(read, "read");
        if (count > 0) {
            stream.compare(piece.flip(), received);
            received += count;
            ledger.bytes.add(count);
        }
        return count;
    }

    private void halfClose() throws Exception {
        send(1 + random.nextInt(PIECE_BYTES));
        channel.shutdownOutput();
        expectEnd();
    }

    private void expectEnd() throws Exception {
        while (receive(PIECE_BYTES) >= 0) {
            continue;
        }
        if (received != sent) {
            throw new AssertionError("end of stream after " + received + " of " + sent + " bytes");
        }
    }

    /** More than both sides' socket buffers take, so that the server's writes wait for this reader. */
    private void slowly() throws Exception {
        Ledger.Outcome<Long> all = ledger.begin();
        long total = 1 << 20;
        new Sending(total, all).write();
        while (received < total) {
            if (receive(PIECE_BYTES) < 0) {
                throw new AssertionError("end of stream after " + received + " of " + total + " bytes");
            }
            LockSupport.parkNanos(random.nextInt(2_000_000));
        }
        await(all, "writes of a slow reader");
        sent = total;
        channel.shutdownOutput();
        expectEnd();
    }

    private final class Sending implements java.nio.channels.CompletionHandler<Integer, Object> {
        private final long total;
        private final Ledger.Outcome<Long> all;
        private ByteBuffer piece = ByteBuffer.allocate(0);
        private long written;

        Sending(long total, Ledger.Outcome<Long> all) {
            this.total = total;
            this.all = all;
        }

        void write() {
            if (written == total) {
                all.completed(total, null);
                return;
            }
            if (!piece.hasRemaining()) {
                piece = stream.fill(ByteBuffer.allocate((int) Math.min(PIECE_BYTES, total - written)), written);
            }
            ledger.begun.increment();
            channel.write(piece, null, this);
        }

        @Override
        public void completed(Integer count, Object attachment) {
            ledger.end();
            written += count;
            write();
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            ledger.end();
            all.failed(failure, null);
        }
    }

    private <V> V await(Future<V> outcome, String what) throws Exception {
        try {
            return outcome.get(PATIENCE_SECONDS * 2, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(what + " failed after " + sent + " bytes sent and " + received + " received",
                    e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(what + " has no outcome after " + PATIENCE_SECONDS * 2 + " s", e);
        }
    }

    /**
     * A read that was over before anybody interfered: only the server ends it, and only when it has waited for too long,
     * as on a machine so busy that this side came late.
     */
    private void expectLostPatience(Future<Integer> read) throws Exception {
        long lastedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
        int count = await(read, "read");
        if (count >= 0 || lastedMillis < SoakServer.SILENCE_MILLIS) {
            throw new AssertionError("nobody sent anything, yet the read gave " + count + " on a connection of "
                    + lastedMillis + " ms");
        }
    }

    private void expectFailure(Future<Integer> read, Class<? extends Throwable> expected) throws Exception {
        Throwable failure;
        try {
            read.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            expectLostPatience(read);
            return;
        } catch (ExecutionException e) {
            failure = e.getCause();
        } catch (CancellationException | TimeoutException e) {
            failure = e;
        }
        if (!expected.isInstance(failure)) {
            throw new AssertionError("expected " + expected.getSimpleName(), failure);
        }
    }
}
