package io.nio2uring.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;

/** Steps that open, bind, connect, accept, shut down and close. */
final class ConnectionSteps {
    private static final SocketAddress REFUSING = refusing();

    /** Of a family that no provider knows. */
    private static final SocketAddress UNSUPPORTED = new SocketAddress() {
        private static final long serialVersionUID = 1;
    };

    private ConnectionSteps() {
    }

    /** The address of a socket that never listens. It stays bound, so that nobody else can listen there. */
    private static SocketAddress refusing() {
        try {
            @SuppressWarnings("resource")
            SocketChannel bound = SocketChannel.open().bind(World.loopback(0));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    bound.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            return bound.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record OpenSocket(int socket, int group) implements Step {
        @Override
        public void run(World world) throws Exception {
            Group home = world.group(group);
            world.put(World.Socket.sendingAtOnce(socket,
                    home.provider().openAsynchronousSocketChannel(home.channelGroup())));
            world.note("open");
        }
    }

    record OpenServer(int server, int group) implements Step {
        @Override
        public void run(World world) throws Exception {
            Group home = world.group(group);
            world.put(server, new World.Server(
                    home.provider().openAsynchronousServerSocketChannel(home.channelGroup())));
            world.note("open");
        }
    }

    record BindServer(int server, int backlog) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Server target = world.server(server);
            target.channel.bind(World.loopback(0), backlog);
            target.address = (InetSocketAddress) target.channel.getLocalAddress();
            world.note(target.address.getAddress());
        }
    }

    record BindSocket(int socket) implements Step {
        @Override
        public void run(World world) throws Exception {
            AsynchronousSocketChannel channel = world.socket(socket).channel;
            world.note(channel.bind(World.loopback(0)) == channel);
        }
    }

    record Connect(int socket, int server, How how) implements Step {
        @Override
        public void run(World world) throws Exception {
            connect(world, socket, world.server(server).address, how);
        }
    }

    enum Destination {
        NULL(null), UNRESOLVED(InetSocketAddress.createUnresolved("unresolved.invalid", 1)), UNSUPPORTED_FAMILY(
                UNSUPPORTED),
        NOBODY_LISTENS(REFUSING);

        private final SocketAddress address;

        Destination(SocketAddress address) {
            this.address = address;
        }
    }

    record ConnectInVain(int socket, Destination destination, How how) implements Step {
        @Override
        public void run(World world) throws Exception {
            connect(world, socket, destination.address, how);
        }
    }

    private static void connect(World world, int socket, SocketAddress remote, How how) throws Exception {
        AsynchronousSocketChannel channel = world.socket(socket).channel;
        Ticket<Void> ticket = world.start(how, handler -> {
            if (handler == null) {
                return channel.connect(remote);
            }
            channel.connect(remote, handler.attachment(), handler);
            return null;
        });
        world.note(ticket.await() + (channel.isOpen() ? " open" : " closed"));
    }

    record StartAccept(int server, How how) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Server target = world.server(server);
            Ticket<AsynchronousSocketChannel> ticket = world.start(how, handler -> {
                if (handler == null) {
                    return target.channel.accept();
                }
                target.channel.accept(handler.attachment(), handler);
                return null;
            });
            target.pendingAccept = ticket;
            world.note("started");
        }
    }

    /** Waits for the accept that was started; the new channel gets the given number. */
    record AwaitAccept(int server, int socket) implements Step {
        @Override
        public void run(World world) throws Exception {
            Ticket.Result<AsynchronousSocketChannel> result = world.server(server).pendingAccept.await();
            if (result.failure() != null) {
                world.note(result);
                return;
            }
            AsynchronousSocketChannel channel = result.value();
            World.Socket client = world.clientOf(channel);
            World.Socket accepted = World.Socket.sendingAtOnce(socket, channel);
            accepted.peer = client;
            client.peer = accepted;
            world.put(accepted);
            world.note("accepted S" + client.number);
        }
    }

    record CancelAccept(int server, boolean mayInterrupt) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Server target = world.server(server);
            boolean cancelled = target.pendingAccept.future().cancel(mayInterrupt);
            world.note(cancelled + " " + target.pendingAccept.await() + " open=" + target.channel.isOpen());
        }
    }

    record ShutdownInput(int socket, int place) implements Step {
        @Override
        public void run(World world) throws Exception {
            AsynchronousSocketChannel channel = world.socket(socket).channel;
            world.note(world.callAt(place, channel::shutdownInput) == channel);
        }
    }

    record ShutdownOutput(int socket, int place) implements Step {
        @Override
        public void run(World world) throws Exception {
            AsynchronousSocketChannel channel = world.socket(socket).channel;
            world.note(world.callAt(place, channel::shutdownOutput) == channel);
        }
    }

    record Close(int socket, int place) implements Step {
        @Override
        public void run(World world) throws Exception {
            AsynchronousSocketChannel channel = world.socket(socket).channel;
            world.callAt(place, () -> {
                channel.close();
                return null;
            });
            world.note("open=" + channel.isOpen());
        }
    }

    record CloseServer(int server, int place) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Server target = world.server(server);
            world.callAt(place, () -> {
                target.channel.close();
                return null;
            });
            world.note("open=" + target.channel.isOpen());
        }
    }

    record ShutdownGroup(int group, boolean now, int place) implements Step {
        @Override
        public void run(World world) throws Exception {
            AsynchronousChannelGroup target = world.group(group).channelGroup();
            world.callAt(place, () -> {
                if (now) {
                    target.shutdownNow();
                } else {
                    target.shutdown();
                }
                return null;
            });
            world.note("shutdown=" + target.isShutdown());
        }
    }

    record AwaitTermination(int group) implements Step {
        @Override
        public void run(World world) throws Exception {
            world.group(group).awaitTermination();
            world.note("terminated=" + world.group(group).channelGroup().isTerminated());
        }
    }
}
