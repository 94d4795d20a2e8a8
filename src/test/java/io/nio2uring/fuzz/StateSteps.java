package io.nio2uring.fuzz;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;

/** Steps that look at channels and set their options. */
final class StateSteps {
    private StateSteps() {
    }

    enum Option {
        KEEPALIVE(StandardSocketOptions.SO_KEEPALIVE), NODELAY(StandardSocketOptions.TCP_NODELAY), REUSEADDR(
                StandardSocketOptions.SO_REUSEADDR),
        BROADCAST(StandardSocketOptions.SO_BROADCAST), NONE(null);

        private final SocketOption<Boolean> option;

        Option(SocketOption<Boolean> option) {
            this.option = option;
        }
    }

    record SetOption(int socket, Option option, Boolean value) implements Step {
        @Override
        public void run(World world) throws Exception {
            AsynchronousSocketChannel channel = world.socket(socket).channel;
            channel.setOption(option.option, value);
            world.note(channel.getOption(option.option));
            if (option == Option.NODELAY) {
                // As World.Socket has it.
                channel.setOption(option.option, true);
            }
        }
    }

    record SetServerOption(int server, Option option, Boolean value) implements Step {
        @Override
        public void run(World world) throws Exception {
            AsynchronousServerSocketChannel channel = world.server(server).channel;
            channel.setOption(option.option, value);
            world.note(channel.getOption(option.option));
        }
    }

    record GetOption(int socket, Option option) implements Step {
        @Override
        public void run(World world) throws Exception {
            world.note(world.socket(socket).channel.getOption(option.option));
        }
    }

    record LocalAddress(int socket) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket one = world.socket(socket);
            Object address = one.channel.getLocalAddress();
            boolean agrees = one.peer == null || !one.peer.channel.isOpen()
                    || one.peer.channel.getRemoteAddress().equals(address);
            world.note((address == null ? "none" : "some") + " " + agrees);
        }
    }

    record RemoteAddress(int socket) implements Step {
        @Override
        public void run(World world) throws Exception {
            World.Socket one = world.socket(socket);
            Object address = one.channel.getRemoteAddress();
            boolean agrees = one.peer == null || !one.peer.channel.isOpen()
                    || one.peer.channel.getLocalAddress().equals(address);
            world.note((address == null ? "none" : "some") + " " + agrees);
        }
    }

    record IsOpen(int socket) implements Step {
        @Override
        public void run(World world) throws Exception {
            world.note(world.socket(socket).channel.isOpen());
        }
    }

    record IsServerOpen(int server) implements Step {
        @Override
        public void run(World world) throws Exception {
            AsynchronousServerSocketChannel channel = world.server(server).channel;
            world.note(channel.isOpen() + " " + (channel.getLocalAddress() == null ? "unbound" : "bound"));
        }
    }
}
