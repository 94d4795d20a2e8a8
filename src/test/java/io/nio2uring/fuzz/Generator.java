package io.nio2uring.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

import io.nio2uring.fuzz.Model.Phase;

/**
 * Makes a program from a seed. A step is chosen at random and emitted if the model says that it has one outcome; steps
 * that end what is pending are followed by steps that wait for that end.
 *
 * <p>Longer than other files, since what a step does to the model stands beside where it is chosen: a new step is one
 * method and one line in {@link #randomStep}.
 */
final class Generator {
    private static final int MAX_SOCKETS = 8;
    private static final int MAX_SERVERS = 2;
    /** Bytes under way in one direction: far below what the kernel's buffers take, so that no write has to wait. */
    private static final int MAX_UNREAD_BYTES = 20_000;

    private final Random random;
    private final Model model = new Model();
    private final List<Step> steps = new ArrayList<>();
    private final boolean shared;

    private Generator(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        shared = random.nextInt(8) != 0;
    }

    static Program program(long seed) {
        return new Generator(seed).make(seed);
    }

    private Program make(long seed) {
        List<GroupKind> kinds = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            int first = shared ? 0 : 1;
            kinds.add(GroupKind.values()[first + random.nextInt(GroupKind.values().length - first)]);
            model.groups.add(new Model.Group(i));
        }
        if (random.nextInt(10) != 0) {
            connectedPair();
        }
        int length = steps.size() + 3 + random.nextInt(20);
        while (steps.size() < length) {
            randomStep();
        }
        end();
        return new Program(seed, kinds, shared, List.copyOf(steps));
    }

    // ---- choices

    private void randomStep() {
        int choice = random.nextInt(1000);
        if (choice < 40) {
            openSocket();
        } else if (choice < 60) {
            openServer();
        } else if (choice < 75) {
            pick(model.servers).ifPresent(this::bind);
        } else if (choice < 90) {
            pick(model.sockets, s -> !s.spent).ifPresent(this::bind);
        } else if (choice < 190) {
            connect();
        } else if (choice < 270) {
            pick(model.servers).ifPresent(this::accept);
        } else if (choice < 290) {
            pick(model.servers).ifPresent(this::cancelAccept);
        } else if (choice < 320) {
            connectInVain();
        } else if (choice < 500) {
            pick(model.sockets).ifPresent(this::write);
        } else if (choice < 680) {
            pick(model.sockets).ifPresent(this::read);
        } else if (choice < 710) {
            pick(model.sockets).ifPresent(this::cancelRead);
        } else if (choice < 750) {
            pick(model.sockets).ifPresent(this::shutdownInput);
        } else if (choice < 790) {
            pick(model.sockets).ifPresent(this::shutdownOutput);
        } else if (choice < 830) {
            pick(model.sockets).ifPresent(this::close);
        } else if (choice < 840) {
            pick(model.servers).ifPresent(this::close);
        } else if (choice < 900) {
            look();
        } else if (choice < 930) {
            pick(model.sockets).ifPresent(s -> steps.add(
                    new TransferSteps.MisuseBuffers(s.number, pick(TransferSteps.Misuse.values()))));
        } else if (choice < 950) {
            pick(model.sockets, Model.Socket::isClean).ifPresent(this::pingPong);
        } else if (choice < 975) {
            pick(model.sockets, s -> s.isClean() && s.peer.isClean()).ifPresent(this::race);
        } else if (!shared) {
            shutDown(pick(model.groups.toArray(Model.Group[]::new)), random.nextInt(3) == 0);
        }
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> java.util.Optional<T> pick(List<T> from) {
        return pick(from, one -> true);
    }

    private <T> java.util.Optional<T> pick(List<T> from, Predicate<T> suitable) {
        List<T> some = from.stream().filter(suitable).toList();
        return some.isEmpty() ? java.util.Optional.empty()
                : java.util.Optional.of(some.get(random.nextInt(some.size())));
    }

    /** A way to start an operation of a channel of that group. */
    private How how(Model.Group group) {
        return new How(!model.isAlive(group) || random.nextBoolean(), place());
    }

    private int place() {
        Model.Group group = pick(model.groups.toArray(Model.Group[]::new));
        return random.nextInt(3) == 0 && model.isAlive(group) ? group.number : How.OUTSIDE;
    }

    // ---- opening and connecting

    private void connectedPair() {
        openServer();
        bind(model.servers.getLast());
        openSocket();
        if (random.nextBoolean()) {
            accept(model.servers.getLast());
        }
        connect();
        if (!model.servers.getLast().backlog.isEmpty()) {
            accept(model.servers.getLast());
        }
    }

    private void openSocket() {
        Model.Group group = pick(model.groups.toArray(Model.Group[]::new));
        if (model.sockets.size() < MAX_SOCKETS) {
            int number = model.sockets.size();
            steps.add(new ConnectionSteps.OpenSocket(number, group.number));
            if (!group.shutDown) {
                model.sockets.add(new Model.Socket(number, group));
            }
        }
    }

    private void openServer() {
        Model.Group group = pick(model.groups.toArray(Model.Group[]::new));
        if (model.servers.size() < MAX_SERVERS) {
            int number = model.servers.size();
            steps.add(new ConnectionSteps.OpenServer(number, group.number));
            if (!group.shutDown) {
                model.servers.add(new Model.Server(number, group));
            }
        }
    }

    private void bind(Model.Server server) {
        steps.add(new ConnectionSteps.BindServer(server.number, random.nextInt(3) * 10));
        server.bound |= !server.closed;
    }

    private void bind(Model.Socket socket) {
        steps.add(new ConnectionSteps.BindSocket(socket.number));
        socket.bound = true;
    }

    private void connect() {
        Model.Socket socket = pick(model.sockets, s -> !s.spent).orElse(null);
        Model.Server server = pick(model.servers, s -> s.bound && !s.closed && !s.killed && s.backlog.size() < 3)
                .orElse(null);
        if (socket == null || server == null || model.sockets.size() >= MAX_SOCKETS) {
            return;
        }
        steps.add(new ConnectionSteps.Connect(socket.number, server.number, how(socket.group)));
        if (socket.phase == Phase.UNCONNECTED) {
            socket.phase = Phase.CONNECTED;
            server.backlog.add(socket);
            if (server.acceptPending) {
                awaitAccept(server);
            }
        }
    }

    private void connectInVain() {
        Model.Socket socket = pick(model.sockets, s -> !s.spent).orElse(null);
        if (socket == null) {
            return;
        }
        ConnectionSteps.Destination destination = pick(ConnectionSteps.Destination.values());
        steps.add(new ConnectionSteps.ConnectInVain(socket.number, destination, how(socket.group)));
        if (destination == ConnectionSteps.Destination.NOBODY_LISTENS && socket.phase == Phase.UNCONNECTED) {
            socket.phase = Phase.CLOSED;
        }
    }

    private void accept(Model.Server server) {
        if (!server.backlog.isEmpty() && model.sockets.size() >= MAX_SOCKETS) {
            return;
        }
        if (server.backlog.stream().anyMatch(client -> client.phase == Phase.CLOSED)) {
            return;
        }
        How how = how(server.group);
        boolean starts = server.bound && !server.closed && !server.killed && !server.acceptPending;
        if (starts && !how.future() && server.group.shutDown) {
            return;
        }
        steps.add(new ConnectionSteps.StartAccept(server.number, how));
        if (starts) {
            server.acceptPending = true;
            server.acceptByFuture = how.future();
            if (!server.backlog.isEmpty()) {
                awaitAccept(server);
            }
        } else if (server.closed) {
            steps.add(new ConnectionSteps.AwaitAccept(server.number, MAX_SOCKETS));
        }
    }

    private void awaitAccept(Model.Server server) {
        Model.Socket client = server.backlog.remove();
        Model.Socket accepted = new Model.Socket(model.sockets.size(), server.group);
        steps.add(new ConnectionSteps.AwaitAccept(server.number, accepted.number));
        server.acceptPending = false;
        if (server.group.shutDown) {
            client.spent = true;
            return;
        }
        accepted.phase = Phase.CONNECTED;
        accepted.peer = client;
        client.peer = accepted;
        model.sockets.add(accepted);
    }

    private void cancelAccept(Model.Server server) {
        if (!server.acceptPending || !server.acceptByFuture) {
            return;
        }
        boolean mayInterrupt = random.nextBoolean();
        steps.add(new ConnectionSteps.CancelAccept(server.number, mayInterrupt));
        server.acceptPending = false;
        server.killed = true;
        server.closed |= mayInterrupt;
    }

    // ---- transfer

    private TransferSteps.Timeout timeout() {
        return TransferSteps.Timeout.values()[random.nextInt(4)];
    }

    private Layout layout(boolean mayBeArray) {
        int direct = random.nextInt();
        if (!mayBeArray || random.nextInt(3) != 0) {
            int size = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(random.nextInt(10) == 0 ? 6000 : 300);
            return Layout.single(size, (direct & 1) != 0);
        }
        // Now and then more than the kernel takes at once.
        int[] sizes = new int[random.nextInt(60) == 0 ? 1030 : random.nextInt(6)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(sizes.length > 8 ? 3 : 300);
        }
        return new Layout(true, sizes, direct, random.nextInt(2));
    }

    private void write(Model.Socket socket) {
        if (socket.spent || socket.isWaitingToBeAccepted()) {
            return;
        }
        How how = how(socket.group);
        Layout layout = layout(!how.future());
        boolean writes = socket.phase == Phase.CONNECTED && !socket.outputShut && layout.bytes() > 0;
        if (writes && (socket.reset || socket.peer.phase != Phase.CONNECTED || socket.peer.deaf
                || socket.peer.unread + layout.bytes() > MAX_UNREAD_BYTES)) {
            return;
        }
        if (socket.phase == Phase.CONNECTED && socket.reset) {
            return;
        }
        steps.add(new TransferSteps.Write(socket.number, how, layout, timeout(), random.nextInt(4) == 0));
        if (writes) {
            socket.peer.unread += layout.bytes();
            awaitRead(socket.peer);
        }
    }

    private void read(Model.Socket socket) {
        if (socket.spent || socket.isWaitingToBeAccepted()) {
            return;
        }
        How how = how(socket.group);
        Layout layout = layout(!how.future());
        boolean certain = socket.phase != Phase.CONNECTED || socket.readKilled || socket.readPending || socket.inputShut
                || !layout.array() && layout.bytes() == 0;
        if (certain) {
            steps.add(new TransferSteps.Read(socket.number, how, layout, timeout(), 0));
        } else if (socket.unread > 0) {
            int expected = Math.min(socket.unread, layout.bytes());
            steps.add(new TransferSteps.Read(socket.number, how, layout, timeout(), expected));
            socket.unread -= expected;
        } else if (layout.bytes() == 0) {
            // Whether a scattering read without space waits for data is left open.
            return;
        } else if (socket.ended) {
            steps.add(new TransferSteps.Read(socket.number, how, layout, timeout(), 0));
            socket.reset = false;
        } else if (!how.future() && socket.group.shutDown) {
            return;
        } else if (!how.future() && random.nextInt(20) == 0) {
            steps.add(new TransferSteps.Read(socket.number, how, layout, TransferSteps.Timeout.SHORT, 0));
            socket.readKilled = true;
        } else {
            steps.add(new TransferSteps.StartRead(socket.number, how, layout, timeout()));
            socket.readPending = true;
            socket.readByFuture = how.future();
            socket.readCapacity = layout.bytes();
        }
    }

    /** Waits for the end of a pending read that something has just ended. */
    private void awaitRead(Model.Socket socket) {
        if (socket.readPending) {
            int expected = Math.min(socket.unread, socket.readCapacity);
            socket.unread -= expected;
            steps.add(new TransferSteps.AwaitRead(socket.number, expected, false));
            socket.readPending = false;
            socket.reset = false;
        }
    }

    private void cancelRead(Model.Socket socket) {
        if (!socket.readPending || !socket.readByFuture) {
            return;
        }
        boolean mayInterrupt = random.nextInt(3) == 0;
        steps.add(new TransferSteps.CancelRead(socket.number, mayInterrupt));
        socket.readPending = false;
        socket.readKilled = true;
        socket.deaf = true;
        if (mayInterrupt) {
            closed(socket);
        }
    }

    private void pingPong(Model.Socket socket) {
        if (socket.peer.isClean() && model.isAlive(socket.group) && model.isAlive(socket.peer.group)) {
            steps.add(new PingPong(socket.number, 1 + random.nextInt(40), 1 + random.nextInt(500),
                    random.nextBoolean()));
        }
    }

    /** Not in a group that has been shut down: see {@link #shutDown}. */
    private void race(Model.Socket socket) {
        if (socket.group.shutDown) {
            return;
        }
        switch (random.nextInt(20)) {
            case 0 -> steps.add(new RaceSteps.FillAndEnd(socket.number, pick(RaceSteps.WriteEnd.values())));
            case 1, 2, 3 -> steps.add(new RaceSteps.CloseClose(socket.number));
            case 4, 5, 6 -> steps.add(new RaceSteps.CloseRead(socket.number, random.nextBoolean()));
            default -> steps.add(new RaceSteps.EndRead(socket.number, pick(RaceSteps.Rival.values()),
                    1 + random.nextInt(300), random.nextBoolean()));
        }
        socket.spent = true;
        socket.peer.spent = true;
    }

    // ---- ending

    private void shutdownInput(Model.Socket socket) {
        if (socket.spent || socket.reset || socket.isWaitingToBeAccepted()) {
            return;
        }
        steps.add(new ConnectionSteps.ShutdownInput(socket.number, place()));
        if (socket.phase == Phase.CONNECTED) {
            socket.inputShut = true;
            awaitRead(socket);
        }
    }

    private void shutdownOutput(Model.Socket socket) {
        if (socket.spent || socket.reset || socket.isWaitingToBeAccepted()) {
            return;
        }
        steps.add(new ConnectionSteps.ShutdownOutput(socket.number, place()));
        if (socket.phase == Phase.CONNECTED && !socket.outputShut) {
            socket.outputShut = true;
            if (socket.peer.phase == Phase.CONNECTED) {
                socket.peer.ended = true;
                awaitRead(socket.peer);
            }
        }
    }

    private void close(Model.Socket socket) {
        if (socket.isWaitingToBeAccepted() && !socket.spent) {
            return;
        }
        closeNow(socket);
    }

    private void closeNow(Model.Socket socket) {
        steps.add(new ConnectionSteps.Close(socket.number, place()));
        if (socket.phase != Phase.CLOSED) {
            closed(socket);
        }
    }

    /** What follows from the end of a channel. */
    private void closed(Model.Socket socket) {
        int lost = socket.unread;
        socket.unread = 0;
        socket.phase = Phase.CLOSED;
        awaitRead(socket);
        Model.Socket peer = socket.peer;
        if (peer != null && peer.phase == Phase.CONNECTED && !peer.spent) {
            peer.reset = lost > 0 && !socket.outputShut;
            peer.ended = true;
            awaitRead(peer);
        }
    }

    private void close(Model.Server server) {
        steps.add(new ConnectionSteps.CloseServer(server.number, place()));
        closed(server);
    }

    private void closed(Model.Server server) {
        if (server.acceptPending) {
            steps.add(new ConnectionSteps.AwaitAccept(server.number, MAX_SOCKETS));
            server.acceptPending = false;
        }
        server.closed = true;
        server.backlog.forEach(client -> client.spent = true);
        server.backlog.clear();
    }

    /**
     * Shuts a group down. Not gently while a handler waits in it, nor does one begin to wait afterwards: the JDK's
     * provider loses a handler that waits on the last channel of such a group and has close throw instead. And not at
     * all while a handler waits for what a channel of the same group sends: the JDK's provider may close that one first,
     * and loses the handler if the end of the stream arrives when the group has no channel left.
     */
    private void shutDown(Model.Group group, boolean preferNow) {
        if (model.sockets.stream().anyMatch(s -> s.group == group && s.readPending && !s.readByFuture && s.peer != null
                && s.peer.group == group && s.peer.phase != Phase.CLOSED)) {
            return;
        }
        boolean now = preferNow
                || model.sockets.stream().anyMatch(s -> s.group == group && s.readPending && !s.readByFuture)
                || model.servers.stream().anyMatch(s -> s.group == group && s.acceptPending && !s.acceptByFuture);
        steps.add(new ConnectionSteps.ShutdownGroup(group.number, now, place()));
        group.shutDown = true;
        if (!now) {
            return;
        }
        model.servers.stream().filter(s -> s.group == group && !s.closed).forEach(this::closed);
        for (Model.Socket socket : model.sockets) {
            if (socket.group == group && socket.phase != Phase.CLOSED) {
                // In which order the channels are closed is left open, and with it what their peers see.
                endAnyhow(socket);
                socket.phase = Phase.CLOSED;
                if (socket.peer != null && socket.peer.phase != Phase.CLOSED) {
                    endAnyhow(socket.peer);
                    socket.peer.spent = true;
                }
            }
        }
        steps.add(new ConnectionSteps.AwaitTermination(group.number));
    }

    private void endAnyhow(Model.Socket socket) {
        if (socket.readPending) {
            steps.add(new TransferSteps.AwaitRead(socket.number, 0, true));
            socket.readPending = false;
        }
    }

    /** Looks at everything, closes it, and ends the program's own groups. */
    private void end() {
        for (Model.Server server : model.servers) {
            steps.add(new StateSteps.IsServerOpen(server.number));
            close(server);
        }
        for (Model.Socket socket : model.sockets) {
            if (!socket.spent) {
                steps.add(new StateSteps.IsOpen(socket.number));
            }
            closeNow(socket);
        }
        if (!shared) {
            for (Model.Group group : model.groups) {
                if (!group.shutDown) {
                    shutDown(group, random.nextBoolean());
                }
                steps.add(new ConnectionSteps.AwaitTermination(group.number));
            }
        }
    }

    // ---- state

    private void look() {
        StateSteps.Option option = pick(StateSteps.Option.values());
        switch (random.nextInt(5)) {
            case 0 -> pick(model.sockets, s -> !s.spent && !s.reset && !s.ended).ifPresent(
                    s -> steps.add(new StateSteps.SetOption(s.number, option, random.nextInt(9) == 0
                            ? null : (Boolean) random.nextBoolean())));
            case 1 -> pick(model.servers).ifPresent(
                    s -> steps.add(new StateSteps.SetServerOption(s.number, option, random.nextBoolean())));
            case 2 -> pick(model.sockets, s -> !s.spent)
                    .ifPresent(s -> steps.add(new StateSteps.GetOption(s.number, option)));
            case 3 ->
                    pick(model.sockets, s -> !s.spent).ifPresent(s -> steps.add(new StateSteps.LocalAddress(s.number)));
            default -> pick(model.sockets, s -> !s.spent)
                    .ifPresent(s -> steps.add(new StateSteps.RemoteAddress(s.number)));
        }
    }
}
