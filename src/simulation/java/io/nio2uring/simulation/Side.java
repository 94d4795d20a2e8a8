package io.nio2uring.simulation;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.WritePendingException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The user of one end of a connection: reads until its end, writes so many bytes, and checks every outcome. */
final class Side {
    private final World world;
    private final Group group;
    final AsynchronousSocketChannel channel;
    final SimSocket socket;
    private final Rng rng;
    /** Whether the user has closed the channel, or its group. */
    private boolean closed;
    /** Cancellations that close the channel, have done so, or will if they succeed. */
    private int closingCancels;
    private boolean inputShut;
    private boolean outputShut;
    private boolean readGivenUp;
    private boolean writeGivenUp;
    private long left;
    private boolean wantsToClose;

    Side(World world, Group group, AsynchronousSocketChannel channel, SimSocket socket) {
        this.world = world;
        this.group = group;
        this.channel = channel;
        this.socket = socket;
        rng = world.scheduler.rng;
        left = rng.pick(0, 1, 300, 2_000);
        wantsToClose = rng.oneIn(3);
        world.sides.add(this);
    }

    boolean isClosed() {
        return closed || closingCancels > 0 || group.closedAtOnce;
    }

    // ---- connect

    void connect(SocketAddress server) {
        Ticket ticket = world.ticket("connect of", this, () -> isClosed() || socket.hasHandshakeEnded());
        try {
            if (rng.oneIn(3)) {
                Future<Void> future = channel.connect(server);
                world.thread("connector", () -> await(ticket, future, rng.oneIn(6), () -> {
                }, (ignored, failure) -> connected(failure)));
            } else {
                channel.connect(server, ticket,
                        new Outcome<Void>(group, ticket, (ignored, failure) -> connected(failure)));
            }
        } catch (ShutdownChannelGroupException e) {
            refuse(ticket, e, group.shutdown || group.refuses);
        }
    }

    private void connected(Throwable failure) {
        if (failure == null) {
            start();
        } else if (failure instanceof java.net.ConnectException) {
            world.expect(world.serversClosed || isClosed() || failure.getMessage().contains("timed out"),
                    "connect refused though somebody listens: " + failure);
            world.expect(!channel.isOpen(), "a channel that could not connect is open");
        } else if (world.isLost(failure)) {
            world.expect(!channel.isOpen(), "a channel of which it is not known whether it is connected is open");
        } else if (String.valueOf(failure.getMessage()).startsWith("Too many open files")) {
            // A Unix-domain socket, which takes the place of another one.
            world.expect(world.wasExhausted(), "connect failed without reason: " + failure);
        } else {
            expectEnd(failure, socket.isReset());
        }
    }

    void start() {
        if (rng.oneIn(4)) {
            world.thread("reader of " + this, this::readWithFutures);
        } else {
            read();
        }
        if (rng.oneIn(4)) {
            world.thread("writer of " + this, this::writeWithFutures);
        } else {
            write();
        }
    }

    // ---- read

    private void read() {
        Transfer transfer = new Transfer(world, rng.oneIn(3));
        long timeoutNanos = rng.oneIn(5) ? rng.between(1, 10_000_000) : 0;
        long begun = world.scheduler.now();
        Ticket ticket = world.ticket("read of", this,
                () -> isClosed() || socket.canReceive() || timeoutNanos > 0);
        Outcome.Then<Number> then = (count, failure) -> {
            if (haveRead(transfer, count, failure, timeoutNanos == 0 ? Scheduler.NEVER : begun + timeoutNanos)) {
                recurse(rng.oneIn(10) ? rng.below(40) : 0);
                read();
            }
        };
        try {
            if (transfer.buffers.length == 1 && rng.oneIn(2)) {
                channel.read(transfer.buffers[0], timeoutNanos, TimeUnit.NANOSECONDS, ticket,
                        new Outcome<Integer>(group, ticket, then));
            } else {
                channel.read(transfer.buffers, 0, transfer.buffers.length, timeoutNanos, TimeUnit.NANOSECONDS, ticket,
                        new Outcome<Long>(group, ticket, then));
            }
        } catch (IllegalStateException e) {
            refuse(ticket, e, e instanceof ShutdownChannelGroupException ? group.shutdown || group.refuses
                    : readGivenUp && !(e instanceof ReadPendingException));
        }
    }

    /** Reads into nothing, which is done at once, again and again from within. */
    private void recurse(int times) {
        if (times == 0) {
            return;
        }
        Ticket ticket = world.ticket("empty read of", this, () -> true);
        try {
            channel.read(ByteBuffer.allocate(0), ticket, new Outcome<Integer>(group, ticket, (count, failure) -> {
                if (failure == null) {
                    world.expect(count == 0 || count == -1 && inputShut, "read of nothing gives something");
                    recurse(times - 1);
                } else {
                    expectEnd(failure, false);
                }
            }));
        } catch (IllegalStateException e) {
            // Futures and chains of this side may have one under way, or have given up.
            refuse(ticket, e, true);
        }
    }

    private void readWithFutures() {
        boolean goesOn = true;
        while (goesOn) {
            Transfer transfer = new Transfer(world, false);
            Ticket ticket = world.ticket("read of", this, () -> isClosed() || socket.canReceive());
            try {
                Future<Integer> future = channel.read(transfer.buffers[0]);
                boolean[] more = new boolean[1];
                boolean cancels = rng.oneIn(10);
                readGivenUp |= cancels;
                await(ticket, future, cancels, () -> transfer.report(false), (count, failure) -> more[0] =
                        haveRead(transfer, count, failure, Scheduler.NEVER));
                goesOn = more[0];
            } catch (IllegalStateException e) {
                refuse(ticket, e, readGivenUp && !(e instanceof ReadPendingException));
                goesOn = false;
            }
        }
    }

    /** Checks an outcome; false when nothing more is to be read. */
    private boolean haveRead(Transfer transfer, Number count, Throwable failure, long deadlineNanos) {
        transfer.report(false);
        if (failure != null) {
            ended(failure, deadlineNanos);
            readGivenUp |= failure instanceof InterruptedByTimeoutException || world.isLost(failure);
            return false;
        }
        Stream stream = socket.peer().sent;
        if (count.longValue() == -1) {
            world.expect(socket.isEnding() || socket.isReset(), "end of stream on " + this);
            boolean all = stream.read == stream.written || stream.uncertain && stream.read > stream.written;
            // What a write has sent it may not have reported yet.
            all |= stream.read > stream.written && stream.read <= stream.offered;
            world.expect(all || socket.isReset() || readGivenUp || socket.isInputShut(),
                    "end of stream on " + this + " after " + stream.read + " of " + stream.written + " bytes");
            return false;
        }
        world.expect(count.longValue() > 0, "read " + count + " bytes into a buffer with room");
        transfer.verify(stream, count.longValue());
        world.bytes += count.longValue();
        return true;
    }

    // ---- write

    private void write() {
        if (left <= 0) {
            finish();
            return;
        }
        Transfer transfer = new Transfer(world, rng.oneIn(3));
        transfer.fill(socket.sent);
        int offered = transfer.remaining();
        long timeoutNanos = rng.oneIn(5) ? rng.between(1, 10_000_000) : 0;
        long begun = world.scheduler.now();
        Ticket ticket = world.ticket("write of", this,
                () -> isClosed() || socket.canSend() || timeoutNanos > 0);
        Outcome.Then<Number> then = (count, failure) -> {
            if (haveWritten(transfer, offered, count, failure,
                    timeoutNanos == 0 ? Scheduler.NEVER : begun + timeoutNanos)) {
                write();
            }
        };
        try {
            if (transfer.buffers.length == 1 && rng.oneIn(2)) {
                channel.write(transfer.buffers[0], timeoutNanos, TimeUnit.NANOSECONDS, ticket,
                        new Outcome<Integer>(group, ticket, then));
            } else {
                channel.write(transfer.buffers, 0, transfer.buffers.length, timeoutNanos, TimeUnit.NANOSECONDS, ticket,
                        new Outcome<Long>(group, ticket, then));
            }
        } catch (IllegalStateException e) {
            refuse(ticket, e, e instanceof ShutdownChannelGroupException ? group.shutdown || group.refuses
                    : writeGivenUp && !(e instanceof WritePendingException));
        }
    }

    private void writeWithFutures() {
        while (left > 0) {
            Transfer transfer = new Transfer(world, false);
            transfer.fill(socket.sent);
            int offered = transfer.remaining();
            Ticket ticket = world.ticket("write of", this, () -> isClosed() || socket.canSend());
            try {
                Future<Integer> future = channel.write(transfer.buffers[0]);
                boolean[] more = new boolean[1];
                boolean cancels = rng.oneIn(10);
                if (cancels) {
                    writeGivenUp = true;
                    socket.sent.uncertain = true;
                }
                await(ticket, future, cancels, () -> transfer.report(true), (count, failure) -> more[0] =
                        haveWritten(transfer, offered, count, failure, Scheduler.NEVER));
                if (!more[0]) {
                    return;
                }
            } catch (IllegalStateException e) {
                refuse(ticket, e, writeGivenUp && !(e instanceof WritePendingException));
                return;
            }
        }
        finish();
    }

    private boolean haveWritten(Transfer transfer, int offered, Number count, Throwable failure, long deadlineNanos) {
        transfer.report(true);
        if (failure != null) {
            socket.sent.uncertain = true;
            ended(failure, deadlineNanos);
            writeGivenUp |= failure instanceof InterruptedByTimeoutException || world.isLost(failure);
            return false;
        }
        world.expect(count.longValue() > 0 && count.longValue() <= offered,
                "wrote " + count + " of " + offered + " bytes");
        socket.sent.written += count.longValue();
        left -= count.longValue();
        return true;
    }

    private void finish() {
        if (wantsToClose) {
            close();
        } else if (rng.oneIn(2)) {
            shutDownOutput();
        }
    }

    // ---- options

    void setOptions() {
        SocketOption<Integer> size =
                rng.oneIn(2) ? StandardSocketOptions.SO_SNDBUF : StandardSocketOptions.SO_RCVBUF;
        boolean connected = socket.state == SimSocket.State.CONNECTED;
        try {
            checkOption(size, rng.between(1_024, 100_000), connected);
            if (connected && !socket.isUnix()) {
                checkOption(StandardSocketOptions.TCP_NODELAY, rng.oneIn(2), true);
            }
        } catch (ClosedChannelException e) {
            world.expect(isClosed() || !channel.isOpen(), "option of an open channel: " + e);
        } catch (IOException e) {
            world.expect(outputShut && e.getMessage().equals("Connection has been shutdown for writing"),
                    "option: " + e);
        }
    }

    /** A connect may yet replace the socket, and its options with it. */
    private <T> void checkOption(SocketOption<T> option, T value, boolean stays) throws IOException {
        T got = channel.setOption(option, value).getOption(option);
        world.expect(!stays || value.equals(got), option + " is " + got + " instead of " + value);
    }

    // ---- ends

    void close() {
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            throw world.scheduler.fail("close: " + e);
        }
    }

    void shutDownOutput() {
        outputShut = true;
        shutDown(channel::shutdownOutput);
    }

    void shutDownInput() {
        inputShut = true;
        shutDown(channel::shutdownInput);
    }

    private interface Shutdown {
        Object run() throws IOException;
    }

    private void shutDown(Shutdown shutdown) {
        try {
            shutdown.run();
        } catch (ClosedChannelException e) {
            world.expect(isClosed() || !channel.isOpen(), "shutdown of an open channel: " + e);
        } catch (java.nio.channels.NotYetConnectedException e) {
            // Asked for too early.
            inputShut = false;
            outputShut = false;
        } catch (IOException e) {
            throw world.scheduler.fail("shutdown: " + e);
        }
    }

    private void refuse(Ticket ticket, RuntimeException e, boolean legal) {
        ticket.settle("refused: " + e);
        world.expect(legal, "refused without reason: " + ticket + ": " + e);
    }

    private void ended(Throwable failure, long deadlineNanos) {
        if (failure instanceof InterruptedByTimeoutException) {
            world.expect(world.scheduler.now() >= deadlineNanos, "timed out too early: " + this);
        } else if (!world.isLost(failure)) {
            expectEnd(failure, socket.isReset());
        }
    }

    private void expectEnd(Throwable failure, boolean torn) {
        if (failure instanceof ClosedChannelException) {
            world.expect(isClosed() || !(failure instanceof AsynchronousCloseException) && (outputShut
                    || !channel.isOpen()), "closed by nobody: " + this + ": " + failure);
        } else {
            String message = String.valueOf(failure.getMessage());
            boolean known = message.startsWith("Connection reset") || message.equals("Broken pipe");
            world.expect(known && (torn || outputShut || socket.hasNoReader()),
                    "failed without reason: " + this + ": " + failure);
        }
    }

    /** Waits for a future, or cancels it. */
    private <V> void await(Ticket ticket, Future<V> future, boolean cancels, Runnable whenCancelled,
            Outcome.Then<? super V> then) {
        try {
            if (cancels) {
                if (rng.oneIn(2)) {
                    world.scheduler.sleep(rng.below(1_000_000));
                }
                boolean closes = rng.oneIn(2);
                // Not the other flag, which another thread may set meanwhile.
                closingCancels += closes ? 1 : 0;
                boolean cancelled = future.cancel(closes);
                closingCancels -= closes && !cancelled ? 1 : 0;
                if (cancelled) {
                    ticket.settle("cancelled");
                    whenCancelled.run();
                    return;
                }
            }
            V value = rng.oneIn(3) ? getInTime(future) : future.get();
            ticket.settle(value);
            then.accept(value, null);
        } catch (ExecutionException e) {
            ticket.settle(e.getCause());
            then.accept(null, e.getCause());
        } catch (CancellationException | InterruptedException e) {
            throw world.scheduler.fail("nobody did that: " + e);
        }
    }

    private <V> V getInTime(Future<V> future) throws InterruptedException, ExecutionException {
        try {
            return future.get(rng.between(1, 2_000_000), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return future.get();
        }
    }

    @Override
    public String toString() {
        return "channel of " + group + " on socket " + socket.number;
    }
}
