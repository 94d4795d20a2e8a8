package io.nio2uring.reliability;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import io.nio2uring.traffic.Waiting;

/** An {@link Adversary} at work, on a thread of its own, until this is closed. */
final class Attack implements AutoCloseable {
    private final Adversary adversary;
    private final Thread thread;
    private final AtomicLong done = new AtomicLong();
    private final Queue<Closeable> opened = new ConcurrentLinkedQueue<>();
    private volatile boolean over;
    private volatile Throwable failure;

    Attack(Adversary adversary, InetSocketAddress server) {
        this.adversary = adversary;
        thread = Thread.ofPlatform().name("adversary").daemon().start(() -> {
            try {
                adversary.attack(server, this);
            } catch (Throwable e) {
                failure = e;
            }
        });
    }

    // ---- for the adversary

    <C extends Closeable> C opened(C connection) {
        opened.add(connection);
        return connection;
    }

    void haveDone(int more) {
        done.addAndGet(more);
    }

    boolean isOver() {
        return over;
    }

    // ---- for who watches

    long done() {
        return done.get();
    }

    int connections() {
        return opened.size();
    }

    /** Returns when the attack is in full swing. */
    void awaitEnough() {
        Waiting.until(adversary + " has done enough", () -> done.get() >= adversary.enough || failure != null);
        expectNoFailure();
    }

    private void expectNoFailure() {
        if (failure != null) {
            throw new AssertionError(adversary + " was hurt itself", failure);
        }
    }

    /** Ends it; its connections are closed when this returns. */
    @Override
    public void close() throws IOException {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(adversary + " does not end", e);
        }
        for (Closeable each : opened) {
            each.close();
        }
        expectNoFailure();
    }
}
