package io.nio2uring.simulation;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** A user that accepts connections, with a handler or with futures. */
final class Server {
    /** How long a close waits at most for the kernel. */
    private static final long CLOSE_NANOS = 1_000_000_000;

    private final World world;
    private final Group group;
    private final AsynchronousServerSocketChannel channel;
    private final SimSocket socket;
    final SocketAddress address;
    private boolean closed;
    /** Cancellations that close the channel, have done so, or will if they succeed. */
    private int closingCancels;

    Server(World world, Group group) throws IOException {
        this.world = world;
        this.group = group;
        channel = world.provider.openAsynchronousServerSocketChannel(group.channels);
        socket = world.socketOf(channel);
        address = bind(world.scheduler.rng);
        if (world.scheduler.rng.oneIn(4)) {
            world.thread("acceptor", this::acceptWithFutures);
        } else {
            accept();
        }
    }

    private SocketAddress bind(Rng rng) throws IOException {
        SocketAddress wanted = rng.oneIn(4) ? UnixDomainSocketAddress.of("/run/server") : null;
        boolean bound = false;
        try {
            channel.bind(wanted, rng.pick(0, 1, 10));
            bound = true;
        } finally {
            if (!bound) {
                channel.close();
            }
        }
        SocketAddress local = channel.getLocalAddress();
        world.expect(wanted == null || wanted.equals(local), "bound to " + local + " instead of " + wanted);
        return local;
    }

    private boolean isClosed() {
        return closed || isClosedByOthers();
    }

    private boolean isClosedByOthers() {
        return closingCancels > 0 || group.closedAtOnce;
    }

    private Ticket ticket() {
        return world.ticket("accept at", address, () -> isClosed() || socket.canAccept());
    }

    private void accept() {
        Ticket ticket = ticket();
        try {
            channel.accept(ticket, new Outcome<AsynchronousSocketChannel>(group, ticket, (accepted, failure) -> {
                if (accepted(accepted, failure)) {
                    accept();
                }
            }));
        } catch (ShutdownChannelGroupException e) {
            ticket.settle("refused: " + e);
            world.expect(group.shutdown || group.refuses, "accept refused without reason: " + e);
        }
    }

    private void acceptWithFutures() {
        boolean goesOn = true;
        while (goesOn) {
            Ticket ticket = ticket();
            try {
                Future<AsynchronousSocketChannel> future = channel.accept();
                if (world.scheduler.rng.oneIn(20)) {
                    world.scheduler.sleep(world.scheduler.rng.below(1_000_000));
                    // Not the other flag, which another thread may set meanwhile.
                    closingCancels++;
                    boolean refused = world.serversClosed;
                    world.serversClosed = true;
                    boolean cancelled = future.cancel(true);
                    closingCancels -= cancelled ? 0 : 1;
                    world.serversClosed = refused || cancelled;
                    if (cancelled) {
                        ticket.settle("cancelled");
                        return;
                    }
                }
                AsynchronousSocketChannel accepted = future.get();
                ticket.settle(accepted);
                goesOn = accepted(accepted, null);
            } catch (ExecutionException e) {
                ticket.settle(e.getCause());
                goesOn = accepted(null, e.getCause());
            } catch (InterruptedException | CancellationException e) {
                throw world.scheduler.fail("nobody did that: " + e);
            }
        }
    }

    private boolean accepted(AsynchronousSocketChannel accepted, Throwable failure) {
        if (failure == null) {
            SimSocket end = world.socketOf(accepted);
            if (end != null) {
                new Side(world, group, accepted, end).start();
            }
            return true;
        }
        if (String.valueOf(failure.getMessage()).startsWith("Too many open files")) {
            world.expect(world.wasExhausted(), "accept failed without reason: " + failure);
            return !isClosed();
        }
        if (world.isLost(failure)) {
            return !isClosed();
        }
        boolean groupHasEnded =
                failure instanceof IOException && failure.getCause() instanceof ShutdownChannelGroupException;
        world.expect(failure instanceof ClosedChannelException && isClosed() || groupHasEnded && group.shutdown,
                "accept failed: " + failure);
        return groupHasEnded && !isClosed();
    }

    void close() {
        boolean first = !isClosed();
        closed = true;
        world.serversClosed = true;
        long start = world.scheduler.now();
        try {
            channel.close();
        } catch (IOException e) {
            throw world.scheduler.fail("close of a server: " + e);
        }
        // Who comes second does not wait.
        if (first && !isClosedByOthers() && world.scheduler.now() - start < CLOSE_NANOS) {
            // An accept whose thread sleeps on a disk may hold it, but it does not listen any more, which leaves the address free.
            world.expect(socket.isReleased() || socket.hasHadWithdrawn(), "the address is bound after close");
        }
    }
}
