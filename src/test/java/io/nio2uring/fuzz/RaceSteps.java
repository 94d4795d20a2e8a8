package io.nio2uring.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Steps whose outcome is one of several. Each checks that it is one of those and notes nothing else, so that traces
 * stay comparable; the channels are good for nothing but closing afterwards.
 */
final class RaceSteps {
    private static final ExecutorService RACERS = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("fuzz-racer-", 0).factory());

    private RaceSteps() {
    }

    /** Runs both at the same time, and passes on what the first one returns. */
    private static <T> T race(Callable<T> one, Callable<?> other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        Future<?> rival = RACERS.submit(() -> {
            start.await(Ticket.PATIENCE_SECONDS, TimeUnit.SECONDS);
            return other.call();
        });
        start.await(Ticket.PATIENCE_SECONDS, TimeUnit.SECONDS);
        T value = one.call();
        try {
            rival.get(Ticket.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new HangException("a call did not return");
        }
        return value;
    }

    /** Fails unless the operation delivered all bytes or failed in the expected way. */
    private static boolean delivered(Ticket.Result<? extends Number> result, int bytes,
            List<Class<? extends Throwable>> failures) {
        if (result.failure() == null && result.value().intValue() == bytes) {
            return true;
        }
        if (result.failure() == null || !failures.contains(result.failure().getClass())) {
            throw new AssertionError("expected " + bytes + " or one of " + failures + ", got " + result,
                    result.failure());
        }
        return false;
    }

    enum Rival {
        CANCEL, CANCEL_AND_INTERRUPT, CLOSE, TIMEOUT
    }

    /** A pending read, that the peer's write and its rival both want to end. */
    record EndRead(int socket, Rival rival, int bytes, boolean direct) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket to = world.socket(socket);
            World.Socket from = to.peer;
            Layout layout = Layout.single(bytes, direct);
            ByteBuffer[] in = layout.allocate();
            ByteBuffer[] out = layout.allocate();
            layout.fill(out, from.number, from.sent);
            boolean cancels = rival == Rival.CANCEL || rival == Rival.CANCEL_AND_INTERRUPT;
            Ticket<? extends Number> ticket = TransferSteps.startRead(world, to.channel,
                    new How(cancels, How.OUTSIDE), layout, in,
                    rival == Rival.TIMEOUT ? TransferSteps.Timeout.SHORT : TransferSteps.Timeout.NONE);
            boolean ended = race(() -> switch (rival) {
                case CANCEL -> ticket.future().cancel(false);
                case CANCEL_AND_INTERRUPT -> ticket.future().cancel(true);
                case CLOSE -> close(to.channel);
                // The time runs by itself.
                case TIMEOUT -> false;
            }, () -> {
                if (rival == Rival.TIMEOUT) {
                    TimeUnit.MILLISECONDS.sleep(3);
                }
                // The reader may be gone.
                return from.channel.write(out[0]);
            });
            boolean delivered = delivered(ticket.await(), bytes, switch (rival) {
                case CANCEL, CANCEL_AND_INTERRUPT -> List.of(CancellationException.class);
                case CLOSE -> List.of(AsynchronousCloseException.class);
                case TIMEOUT -> List.of(InterruptedByTimeoutException.class);
            });
            if (cancels && ended == delivered) {
                throw new AssertionError("cancel returned " + ended + ", but delivered is " + delivered);
            }
            if (delivered) {
                layout.check(in, from.number, to.received);
            }
            if (!delivered && rival == Rival.TIMEOUT) {
                layout.check(in, from.number, to.received);
                requireKilled(to.channel);
            }
            world.note("ok");
        }

        private static boolean close(AsynchronousSocketChannel channel) throws IOException {
            channel.close();
            return false;
        }

        private static void requireKilled(AsynchronousSocketChannel channel) {
            try {
                channel.read(ByteBuffer.allocate(1));
            } catch (IllegalStateException e) {
                return;
            }
            throw new AssertionError("a read after one that timed out");
        }
    }

    /** A channel is closed while a read of it is started. */
    record CloseRead(int socket, boolean future) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket one = world.socket(socket);
            Layout layout = Layout.single(1, false);
            Ticket<? extends Number> ticket = race(() -> TransferSteps.startRead(world, one.channel,
                    new How(future, How.OUTSIDE), layout, layout.allocate(), TransferSteps.Timeout.NONE), () -> {
                        one.channel.close();
                        return null;
                    });
            delivered(ticket.await(), 1, List.of(AsynchronousCloseException.class, ClosedChannelException.class));
            world.note("ok");
        }
    }

    /** A channel is closed twice at once, with a read pending. */
    record CloseClose(int socket) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket one = world.socket(socket);
            Layout layout = Layout.single(1, false);
            Ticket<? extends Number> ticket = TransferSteps.startRead(world, one.channel,
                    new How(false, How.OUTSIDE), layout, layout.allocate(), TransferSteps.Timeout.NONE);
            Callable<Void> close = () -> {
                one.channel.close();
                return null;
            };
            race(close, close);
            delivered(ticket.await(), 1, List.of(AsynchronousCloseException.class));
            world.note("ok " + one.channel.isOpen());
        }
    }

    enum WriteEnd {
        CANCEL, CANCEL_AND_INTERRUPT, CLOSE, TIMEOUT
    }

    /** Writes until the peer, who does not read, takes no more; then ends the write that is stuck. */
    record FillAndEnd(int socket, WriteEnd end) implements Step {
        private static final int CHUNK_BYTES = 1 << 20;
        private static final long STUCK_AFTER_MILLIS = 20;

        @Override
        public void run(World world) throws Exception {
            World.Socket from = world.socket(socket);
            Layout layout = Layout.single(CHUNK_BYTES, true);
            ByteBuffer[] buffers = layout.allocate();
            boolean timed = end == WriteEnd.TIMEOUT;
            while (true) {
                buffers[0].position(buffers[0].limit() - CHUNK_BYTES);
                Ticket<? extends Number> ticket = TransferSteps.startWrite(world, from.channel,
                        new How(!timed, How.OUTSIDE), layout, buffers,
                        timed ? TransferSteps.Timeout.SHORT : TransferSteps.Timeout.NONE);
                if (!timed && isStuck(ticket.future())) {
                    if (endsBy(from.channel, ticket)) {
                        break;
                    }
                } else {
                    Ticket.Result<? extends Number> result = ticket.await();
                    if (result.failure() != null) {
                        world.note(result);
                        break;
                    }
                }
            }
            world.note("open=" + from.channel.isOpen());
            Ticket<? extends Number> next = TransferSteps.startWrite(world, from.channel, new How(true, How.OUTSIDE),
                    layout, layout.allocate(), TransferSteps.Timeout.NONE);
            world.note(next.await());
        }

        private static boolean isStuck(Future<?> write) throws Exception {
            try {
                write.get(STUCK_AFTER_MILLIS, TimeUnit.MILLISECONDS);
                return false;
            } catch (TimeoutException e) {
                return true;
            }
        }

        /** Whether the write was ended; on a slow machine it may have gone on just now. */
        private boolean endsBy(AsynchronousSocketChannel channel, Ticket<? extends Number> ticket) throws Exception {
            if (end == WriteEnd.CLOSE) {
                channel.close();
                Ticket.Result<? extends Number> result = ticket.await();
                if (result.failure() != null && !(result.failure() instanceof AsynchronousCloseException)) {
                    throw new AssertionError("close ended the write in another way", result.failure());
                }
                return true;
            }
            boolean cancelled = ticket.future().cancel(end == WriteEnd.CANCEL_AND_INTERRUPT);
            if (cancelled != ticket.await().failure() instanceof CancellationException) {
                throw new AssertionError("cancel returned " + cancelled + ", but got " + ticket.await());
            }
            return cancelled;
        }
    }
}
