package io.nio2uring.reliability;

import java.nio.channels.CompletionHandler;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a soak does, and whether each operation has had its one outcome. */
final class Ledger {
    final LongAdder connections = new LongAdder();
    /** Those among them that another process had opened on the JDK's provider. */
    final LongAdder onJdk = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder begun = new LongAdder();
    final LongAdder ended = new LongAdder();
    final LongAdder endedTwice = new LongAdder();
    private final Map<String, LongAdder> faults = new ConcurrentHashMap<>();

    void fault(String kind) {
        faults.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    }

    long faults(String kind) {
        return faults.getOrDefault(kind, new LongAdder()).sum();
    }

    /** The outcome of one operation, for a thread that waits for it. */
    <V> Outcome<V> begin() {
        begun.increment();
        return new Outcome<>(this);
    }

    /** To be called by handlers that are not {@link Outcome}s, once each. */
    void end() {
        ended.increment();
    }

    @Override
    public String toString() {
        return connections + " connections (" + onJdk + " from the JDK's provider), " + begun + " operations begun, "
                + ended + " ended, " + bytes
                + " bytes compared; faults: " + new TreeMap<>(faults);
    }

    /** A handler that is told once, and says so when it is told again. */
    static final class Outcome<V> extends CompletableFuture<V> implements CompletionHandler<V, Object> {
        private final transient Ledger ledger;

        private Outcome(Ledger ledger) {
            this.ledger = ledger;
        }

        @Override
        public void completed(V value, Object attachment) {
            count(complete(value));
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            count(completeExceptionally(failure));
        }

        private void count(boolean first) {
            ledger.ended.increment();
            if (!first) {
                ledger.endedTwice.increment();
            }
        }
    }
}
