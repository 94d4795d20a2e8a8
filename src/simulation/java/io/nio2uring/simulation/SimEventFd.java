package io.nio2uring.simulation;

import io.nio2uring.abi.SocketConstant;

/** An event descriptor. */
final class SimEventFd extends SimFile {
    private long counter;

    SimEventFd(Kernel kernel) {
        super(kernel);
    }

    void signal() {
        counter++;
        changed();
    }

    long take() {
        long taken = counter;
        counter = 0;
        return taken;
    }

    @Override
    int poll() {
        return counter > 0 ? SocketConstant.POLLIN : 0;
    }

    @Override
    void released() {
        // Nothing hangs on it.
    }

    @Override
    public String toString() {
        return "event descriptor";
    }
}
