package io.nio2uring.channel;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The members of a group and its end: once shut down it takes no more, and it is over when the last one has left.
 *
 * <p>Of all threads that add, remove and shut down, exactly one is told that the group is over, and no member is there
 * or can come any more at that time. Thread-safe: everything changes under one lock, since what must not come apart is
 * looking whether the group is shut down and adding, and looking whether it is empty and ending it.
 *
 * @param <M> type of the members
 */
final class Membership<M> {
    // Guarded by the set, but shutdown is read without.
    private final Set<M> members = new HashSet<>();
    private volatile boolean shutdown;
    private boolean over;

    boolean isShutdown() {
        return shutdown;
    }

    /**
     * Adds a member.
     *
     * @return false when the group takes none any more
     */
    boolean add(M member) {
        synchronized (members) {
            if (shutdown) {
                return false;
            }
            members.add(member);
            return true;
        }
    }

    /**
     * Removes a member, if it is one.
     *
     * @return true when the group is over now, which it was not before
     */
    boolean remove(M member) {
        synchronized (members) {
            members.remove(member);
            return endIfDone();
        }
    }

    /**
     * Has the group take no more members.
     *
     * @return true when the group is over now, which it was not before
     */
    boolean shutDown() {
        synchronized (members) {
            shutdown = true;
            return endIfDone();
        }
    }

    /** The members at the time of the call. */
    List<M> snapshot() {
        synchronized (members) {
            return List.copyOf(members);
        }
    }

    int size() {
        synchronized (members) {
            return members.size();
        }
    }

    private boolean endIfDone() {
        if (!shutdown || over || !members.isEmpty()) {
            return false;
        }
        over = true;
        return true;
    }
}
