package io.nio2uring.fuzz;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Steps that read and write. */
final class TransferSteps {
    private TransferSteps() {
    }

    /** Timeouts that do not run out in a program, and a short one. */
    enum Timeout {
        NONE(0, TimeUnit.MILLISECONDS), NEGATIVE(-1, TimeUnit.DAYS), HOUR(1, TimeUnit.HOURS), HUGE(Long.MAX_VALUE,
                TimeUnit.DAYS),
        SHORT(3, TimeUnit.MILLISECONDS);

        private final long amount;
        private final TimeUnit unit;

        Timeout(long amount, TimeUnit unit) {
            this.amount = amount;
            this.unit = unit;
        }
    }

    static Ticket<? extends Number> startRead(World world, AsynchronousSocketChannel channel, How how, Layout layout,
            ByteBuffer[] buffers, Timeout timeout) throws Exception {
        if (layout.array()) {
            return world.<Long>start(how, handler -> {
                channel.read(buffers, layout.margin(), layout.sizes().length, timeout.amount, timeout.unit,
                        handler.attachment(), handler);
                return null;
            });
        }
        return world.<Integer>start(how, handler -> {
            if (handler == null) {
                return channel.read(buffers[layout.margin()]);
            }
            channel.read(buffers[layout.margin()], timeout.amount, timeout.unit, handler.attachment(), handler);
            return null;
        });
    }

    static Ticket<? extends Number> startWrite(World world, AsynchronousSocketChannel channel, How how, Layout layout,
            ByteBuffer[] buffers, Timeout timeout) throws Exception {
        if (layout.array()) {
            return world.<Long>start(how, handler -> {
                channel.write(buffers, layout.margin(), layout.sizes().length, timeout.amount, timeout.unit,
                        handler.attachment(), handler);
                return null;
            });
        }
        return world.<Integer>start(how, handler -> {
            if (handler == null) {
                return channel.write(buffers[layout.margin()]);
            }
            channel.write(buffers[layout.margin()], timeout.amount, timeout.unit, handler.attachment(), handler);
            return null;
        });
    }

    /** Writes until all is written. */
    record Write(int socket, How how, Layout layout, Timeout timeout, boolean readOnly) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket from = world.socket(socket);
            ByteBuffer[] buffers = layout.allocate();
            layout.fill(buffers, socket, from.sent);
            if (readOnly) {
                Arrays.setAll(buffers, i -> buffers[i].asReadOnlyBuffer());
            }
            int total = 0;
            Ticket.Result<? extends Number> result;
            do {
                result = startWrite(world, from.channel, how, layout, buffers, timeout).await();
                if (result.failure() != null) {
                    world.note(result + " after " + total);
                    return;
                }
                total += result.value().intValue();
                if (layout.moved(buffers) != total) {
                    throw new AssertionError("result " + result + ", positions " + layout.moved(buffers));
                }
            } while (total < layout.bytes() && result.value().intValue() > 0);
            from.sent += total;
            world.note("wrote " + total + " " + (result.value() instanceof Long));
        }
    }

    /** Reads until there are as many bytes as have been written and fit, or once if that is none. */
    record Read(int socket, How how, Layout layout, Timeout timeout, int expected) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket to = world.socket(socket);
            ByteBuffer[] buffers = layout.allocate();
            Ticket<? extends Number> ticket = startRead(world, to.channel, how, layout, buffers, timeout);
            world.note(gather(world, to, new World.PendingRead(ticket, how, layout, buffers), expected));
        }
    }

    record StartRead(int socket, How how, Layout layout, Timeout timeout) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket to = world.socket(socket);
            ByteBuffer[] buffers = layout.allocate();
            Ticket<? extends Number> ticket = startRead(world, to.channel, how, layout, buffers, timeout);
            if (ticket.hasEnded()) {
                throw new AssertionError("nothing was written, but the read ended: " + ticket.await());
            }
            to.pendingRead = new World.PendingRead(ticket, how, layout, buffers);
            world.note("started");
        }
    }

    /** Waits for the read that was started; {@code undetermined}: any end will do. */
    record AwaitRead(int socket, int expected, boolean undetermined) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket to = world.socket(socket);
            String outcome = gather(world, to, to.pendingRead, expected);
            world.note(undetermined ? "ended" : outcome);
        }
    }

    record CancelRead(int socket, boolean mayInterrupt) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket to = world.socket(socket);
            boolean cancelled = to.pendingRead.ticket().future().cancel(mayInterrupt);
            world.note(cancelled + " " + to.pendingRead.ticket().await() + " " + to.pendingRead.ticket().future()
                    .isCancelled() + " open=" + to.channel.isOpen());
        }
    }

    private static String gather(World world, World.Socket to, World.PendingRead first, int expected)
            throws Exception {
        ByteBuffer[] buffers = first.buffers();
        Layout layout = first.layout();
        Ticket<? extends Number> ticket = first.ticket();
        int total = 0;
        while (true) {
            Ticket.Result<? extends Number> result = ticket.await();
            if (result.failure() == null && result.value().intValue() > 0) {
                total += result.value().intValue();
            }
            if (layout.moved(buffers) != total) {
                throw new AssertionError("result " + result + ", positions " + layout.moved(buffers));
            }
            layout.check(buffers, to.peer == null ? 0 : to.peer.number, to.received);
            if (result.failure() != null || total >= expected || result.value().intValue() <= 0) {
                to.received += total;
                return total > 0 && result.failure() == null && result.value().intValue() > 0
                        ? "read " + total + " " + (result.value() instanceof Long)
                        : result + " after " + total;
            }
            ticket = startRead(world, to.channel, first.how(), layout, buffers, Timeout.NONE);
        }
    }

    enum Misuse {
        NULL_HANDLER_READ, NULL_HANDLER_WRITE, READ_ONLY_READ, READ_ONLY_SCATTER, BOUNDS_READ, BOUNDS_WRITE,
        NULL_BUFFER_READ, NULL_BUFFER_WRITE
    }

    /** Calls that throw whatever the state of the channel. */
    record MisuseBuffers(int socket, Misuse misuse) implements Step {
        @Override
        public void run(World world) throws Exception {
            AsynchronousSocketChannel channel = world.socket(socket).channel;
            ByteBuffer buffer = ByteBuffer.allocate(1);
            ByteBuffer[] readOnly = {buffer, buffer.asReadOnlyBuffer()};
            ByteBuffer[] two = {buffer, buffer};
            TimeUnit unit = TimeUnit.SECONDS;
            Ticket<Integer> one = new Ticket<>();
            Ticket<Long> several = new Ticket<>();
            switch (misuse) {
                case NULL_HANDLER_READ -> channel.read(buffer, null, null);
                case NULL_HANDLER_WRITE -> channel.write(two, 0, 2, 1, unit, null, null);
                case READ_ONLY_READ -> channel.read(readOnly[1], one.attachment(), one);
                case READ_ONLY_SCATTER -> channel.read(readOnly, 0, 2, 1, unit, several.attachment(), several);
                case BOUNDS_READ -> channel.read(two, 1, 2, 1, unit, several.attachment(), several);
                case BOUNDS_WRITE -> channel.write(two, -1, 1, 1, unit, several.attachment(), several);
                case NULL_BUFFER_READ -> channel.read((ByteBuffer) null);
                case NULL_BUFFER_WRITE -> channel.write((ByteBuffer) null, one.attachment(), one);
                default -> throw new AssertionError(misuse);
            }
            world.note("nothing thrown");
        }
    }
}
