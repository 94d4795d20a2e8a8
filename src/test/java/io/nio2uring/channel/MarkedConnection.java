package io.nio2uring.channel;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A connection whose bytes are all the same: the peer sends its mark, the channel reads by any way there is and sends it
 * back. Every buffer is looked at as a whole.
 */
final class MarkedConnection {
    /** Of what nobody should touch; no connection's mark. */
    private static final byte UNTOUCHED = (byte) 0xA5;

    private final OpenGroup.Pair pair;
    private final byte mark;
    private final Random random;
    private final AtomicReference<Throwable> defect;
    /** What is being read into or written out of, and where the operation began in each. */
    private ByteBuffer[] buffers;
    private int[] starts;
    private boolean writing;
    private int sent;
    private volatile boolean ended;

    MarkedConnection(OpenGroup.Pair pair, byte mark, long seed, AtomicReference<Throwable> defect) {
        this.pair = pair;
        this.mark = mark;
        this.defect = defect;
        random = new Random(seed);
    }

    // ---- the peer

    void send(int length) throws IOException {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, mark);
        try {
            pair.peer().getOutputStream().write(bytes);
            sent = length;
        } catch (SocketException e) {
            expectEnd(e);
        }
    }

    /** Returns how many bytes have come back: all, unless the channel was closed. */
    int receive() throws IOException {
        byte[] bytes = new byte[sent];
        int count = 0;
        try {
            InputStream in = pair.peer().getInputStream();
            while (count < sent) {
                int more = in.read(bytes, count, sent - count);
                if (more < 0) {
                    throw new EOFException("end of stream");
                }
                count += more;
            }
        } catch (EOFException | SocketException e) {
            expectEnd(e);
        }
        MarkedContentTest.assertMarked(bytes, count, mark);
        return count;
    }

    private void expectEnd(IOException e) throws IOException {
        if (!ended) {
            throw e;
        }
    }

    boolean hasEnded() {
        return ended;
    }

    // ---- the channel

    void read() {
        writing = false;
        int ways = random.nextInt(300);
        if (ways == 0) {
            readAndCancel();
            return;
        }
        prepare();
        if (ways < 100) {
            long micros = random.nextInt(50) == 0 ? random.nextInt(2_000) : 0;
            pair.channel().read(buffers[0], micros, TimeUnit.MICROSECONDS, 1, this.<Integer>handler());
        } else if (ways < 200) {
            pair.channel().read(buffers, 0, buffers.length, 0, TimeUnit.SECONDS, buffers.length,
                    this.<Long>handler());
        } else {
            await(pair.channel().read(buffers[0]));
        }
    }

    /** One to three buffers, on the heap or not, with something on each side of what remains. */
    private void prepare() {
        buffers = new ByteBuffer[1 + random.nextInt(3)];
        starts = new int[buffers.length];
        for (int i = 0; i < buffers.length; i++) {
            ByteBuffer buffer = random.nextInt(3) == 0 ? ByteBuffer.allocateDirect(400) : ByteBuffer.allocate(400);
            while (buffer.hasRemaining()) {
                buffer.put(UNTOUCHED);
            }
            starts[i] = random.nextInt(40);
            buffers[i] = buffer.position(starts[i]).limit(starts[i] + 1 + random.nextInt(350));
        }
    }

    /** A handler may wait for a future of its own group, as long as it does not need its own thread. */
    private void await(Future<Integer> read) {
        Thread.ofVirtual().start(() -> {
            try {
                completed(read.get(), 1);
            } catch (ExecutionException e) {
                failed(e.getCause(), 1);
            } catch (InterruptedException e) {
                failed(e, 1);
            }
        });
    }

    /** A cancelled read may lose bytes, so the connection ends with it; its buffer stays as it was. */
    private void readAndCancel() {
        Thread.ofVirtual().start(() -> {
            try {
                prepare();
                Future<Integer> read = pair.channel().read(buffers[0]);
                try {
                    completed(read.get(random.nextInt(1_000_000), TimeUnit.NANOSECONDS), 1);
                } catch (TimeoutException e) {
                    if (read.cancel(false)) {
                        verify(0);
                        close();
                        verify(0);
                    } else {
                        completed(read.get(), 1);
                    }
                }
            } catch (Throwable e) {
                failed(e, 1);
            }
        });
    }

    private <V extends Number> CompletionHandler<V, Integer> handler() {
        return new CompletionHandler<>() {
            @Override
            public void completed(V count, Integer used) {
                MarkedConnection.this.completed(count, used);
            }

            @Override
            public void failed(Throwable failure, Integer used) {
                MarkedConnection.this.failed(failure, used);
            }
        };
    }

    /** Of so many of the buffers. */
    private void completed(Number count, int used) {
        try {
            if (writing) {
                written();
                return;
            }
            if (count.longValue() < 0) {
                close();
                return;
            }
            buffers = Arrays.copyOf(buffers, used);
            verify(count.longValue());
            for (int i = 0; i < buffers.length; i++) {
                buffers[i].limit(buffers[i].position()).position(starts[i]);
            }
            writing = true;
            written();
        } catch (Throwable e) {
            defect.compareAndSet(null, e);
            close();
        }
    }

    private void written() {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                pair.channel().write(buffers, 0, buffers.length, 0, TimeUnit.SECONDS, buffers.length,
                        this.<Long>handler());
                return;
            }
        }
        if (random.nextInt(2_000) == 0) {
            close();
        } else {
            read();
        }
    }

    private void failed(Throwable failure, int used) {
        boolean expected = failure instanceof InterruptedByTimeoutException
                || ended && failure instanceof AsynchronousCloseException;
        if (!expected) {
            defect.compareAndSet(null, failure);
        } else if (failure instanceof InterruptedByTimeoutException) {
            buffers = Arrays.copyOf(buffers, used);
            try {
                verify(0);
            } catch (AssertionError e) {
                defect.compareAndSet(null, e);
            }
        }
        close();
    }

    /** Bytes of the mark where they were read, in the order of the buffers, and nothing anywhere else. */
    private void verify(long count) {
        long left = count;
        for (int b = 0; b < buffers.length; b++) {
            ByteBuffer buffer = buffers[b];
            int end = starts[b] + (int) Math.min(left, buffer.limit() - starts[b]);
            left -= end - starts[b];
            if (buffer.position() != end) {
                throw new AssertionError("position " + buffer.position() + " instead of " + end);
            }
            ByteBuffer whole = buffer.duplicate().clear();
            for (int i = 0; i < whole.capacity(); i++) {
                byte wanted = i >= starts[b] && i < end ? mark : UNTOUCHED;
                if (whole.get(i) != wanted) {
                    throw new AssertionError("connection " + mark + " finds " + whole.get(i) + " instead of " + wanted
                            + " at " + i + " of a buffer with bytes read from " + starts[b] + " to " + end);
                }
            }
        }
        if (left != 0) {
            throw new AssertionError(left + " bytes more than the buffers have room for");
        }
    }

    private void close() {
        ended = true;
        try {
            pair.channel().close();
        } catch (IOException e) {
            defect.compareAndSet(null, e);
        }
    }
}
