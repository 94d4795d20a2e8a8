package io.nio2uring.fuzz;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What the generator knows of the channels after the steps so far: enough to tell which steps have one outcome. */
final class Model {
    enum Phase {
        UNCONNECTED, CONNECTED, CLOSED
    }

    static final class Group {
        final int number;
        boolean shutDown;

        Group(int number) {
            this.number = number;
        }
    }

    static final class Socket {
        final int number;
        final Group group;
        Phase phase = Phase.UNCONNECTED;
        /** Null while it waits to be accepted, or is not connected. */
        Socket peer;
        boolean bound;
        boolean inputShut;
        boolean outputShut;
        boolean readKilled;
        boolean readPending;
        boolean readByFuture;
        int readCapacity;
        /** Bytes that can be read. */
        int unread;
        /** The peer's end of stream has come or will come after the unread bytes. */
        boolean ended;
        /** The peer was closed with unread bytes: the next read fails after the unread bytes. */
        boolean reset;
        /** A cancelled read may take bytes that come from now on, and lose them. */
        boolean deaf;
        /** What it does is not determined any more: it can only be closed. */
        boolean spent;

        Socket(int number, Group group) {
            this.number = number;
            this.group = group;
        }

        /** Connected, with both directions untouched. */
        boolean isClean() {
            return phase == Phase.CONNECTED && peer != null && !inputShut && !outputShut && !readKilled && !readPending
                    && unread == 0 && !ended && !reset && !deaf && !spent;
        }

        boolean isWaitingToBeAccepted() {
            return phase == Phase.CONNECTED && peer == null;
        }
    }

    static final class Server {
        final int number;
        final Group group;
        boolean bound;
        boolean closed;
        boolean killed;
        boolean acceptPending;
        boolean acceptByFuture;
        final Deque<Socket> backlog = new ArrayDeque<>();

        Server(int number, Group group) {
            this.number = number;
            this.group = group;
        }
    }

    final List<Group> groups = new ArrayList<>();
    final List<Socket> sockets = new ArrayList<>();
    final List<Server> servers = new ArrayList<>();

    /** Whether handlers of the group can be called: it has not terminated. */
    boolean isAlive(Group group) {
        return !group.shutDown
                || sockets.stream().anyMatch(s -> s.group == group && s.phase != Phase.CLOSED && !s.spent)
                || servers.stream().anyMatch(s -> s.group == group && !s.closed);
    }
}
