package io.nio2uring.simulation;

import java.util.ArrayList;
import java.util.List;

/** What a descriptor refers to. It lives as long as a descriptor, or a request in flight, does. */
abstract class SimFile {
    final Kernel kernel;
    private int references;
    private boolean hadWithdrawn;
    /** Requests that wait for something to change. */
    private final List<Request> waiting = new ArrayList<>();

    SimFile(Kernel kernel) {
        this.kernel = kernel;
    }

    final void hold() {
        references++;
    }

    final void drop() {
        if (--references == 0) {
            released();
        }
    }

    final boolean isReleased() {
        return references == 0;
    }

    /** The last reference is gone. */
    abstract void released();

    /** {@code POLLIN}, {@code POLLOUT}, … */
    abstract int poll();

    final void await(Request request) {
        waiting.add(request);
    }

    final void forget(Request request) {
        waiting.remove(request);
    }

    final boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /** Has those who wait look again. */
    final void changed() {
        for (Request request : List.copyOf(waiting)) {
            request.look();
        }
    }

    /** A request on it has been cancelled while its submitter sleeps on a disk, and holds it for longer. */
    final void withdrawn() {
        hadWithdrawn = true;
    }

    final boolean hasHadWithdrawn() {
        return hadWithdrawn;
    }

    /** Whether another request of its kind is in flight on this file. */
    final boolean isBusyWith(Request other) {
        for (Request request : waiting) {
            if (request != other && request.opcode == other.opcode && !request.isWithdrawn()) {
                return true;
            }
        }
        return false;
    }
}
