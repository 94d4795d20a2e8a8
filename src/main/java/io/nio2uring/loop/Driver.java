package io.nio2uring.loop;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import io.nio2uring.jfr.Recorder;
import io.nio2uring.sys.Errno;

/**
 * Takes a loop's operations to the system and back: slots, what could not be submitted, deadlines, cancellation,
 * verdicts. How an operation gets there is the engine's: {@link RingDriver}, {@link SelectorDriver}. Used under ownership
 * of the loop only, but for {@link #signal}; knows nothing of threads.
 *
 * <p>A process chooses one engine, so the virtual machine sees one subclass and calls its methods directly.
 */
abstract class Driver {
    /** How long to wait before trying anew what the system refused. */
    static final long RETRY_NANOS = 1_000_000;

    final String name;
    final SlotTable slots = new SlotTable(64);
    final Waiters waiters;
    final Company company = new Company();
    private final Deadlines deadlines = new Deadlines();
    private final OperationQueue ready = new OperationQueue();
    /** Operations that could not be submitted because the submission queue was full. */
    private final OperationQueue backlog = new OperationQueue();
    /** Where operations wait that could not be submitted because a buffer was lacking. */
    private final List<WaitingLine> lines = new ArrayList<>();
    /** Whether an operation that is not in the kernel has been cancelled, and is to be fetched out of where it waits. */
    private boolean cancelledOutside;
    /** Operations whose cancellation could not be submitted. */
    private final ArrayDeque<Operation> uncancelled = new ArrayDeque<>();
    /** Whether the last turn submitted something or brought something. */
    boolean progressed;

    Driver(String name) {
        this.name = name;
        waiters = new Waiters(name);
    }

    // ---- what an engine does

    /**
     * Submits an operation.
     *
     * @return false when there is no room; nothing was submitted
     */
    abstract boolean prepare(Operation operation);

    /**
     * Asks for the end of an operation that {@link #prepare} has taken.
     *
     * @return false when there is no room
     */
    abstract boolean prepareCancel(Operation operation);

    /**
     * Submits, and takes what has completed.
     *
     * @return false when nothing was submitted and nothing came
     */
    abstract boolean enter() throws IOException;

    /**
     * Submits, waits for a completion, takes all that are there.
     *
     * @param nanos how long to wait at most; {@link Long#MAX_VALUE} for as long as it takes
     * @return false when nothing was submitted and nothing came
     */
    abstract boolean enterFor(long nanos) throws IOException;

    /** Waits until the system has let go of the files of all operations that have ended. */
    abstract void awaitFileReleases();

    /**
     * Waits until the system has begun with all that was submitted, where that is not so when {@link #enter} returns; some
     * seconds at most.
     *
     * @return true when something came meanwhile, as {@link #enter} tells it
     */
    boolean awaitStart() throws IOException {
        // As a rule it has.
        return false;
    }

    /**
     * Makes sure that {@link #signal} can end the present leader's wait.
     *
     * @return false when that is not possible now; nobody could wake the loop if it slept
     */
    abstract boolean armWakeUp();

    /** Ends the leader's wait, or the next one. Any thread. */
    abstract void signal();

    /** Whoever enters from now on; nobody else's until the next call. Under ownership. */
    void ledBy(Thread leader) {
        // It makes no difference as a rule.
    }

    /**
     * Starts anew what a worker's thread has in flight, if that needs the thread, unless it has gone on.
     *
     * @return false when it has still something in flight
     */
    boolean relieve(Worker worker, long sleep) throws IOException {
        // It needs no thread, as a rule.
        return true;
    }

    /**
     * Releases what the engine holds; nothing is in flight.
     *
     * @param signals how often {@link #signal} has been called, or is about to be
     */
    abstract void close(long signals);

    /** Flags that the ring was set up with; 0 without one. */
    abstract int setupFlags();

    abstract long submitted();

    abstract long completed();

    abstract long enters();

    abstract int buffersInUse();

    /** Appends lines about the engine's queues. */
    abstract void describe(StringBuilder text);

    // ---- what all engines share

    /** Operations that have ended and wait for a thread of the group. */
    final OperationQueue ready() {
        return ready;
    }

    /** Tells whether no operation is in flight, waiting or undelivered. */
    final boolean isIdle() {
        return slots.inUse() == 0 && ready.isEmpty();
    }

    /** Makes a line for operations that need a buffer of the given kind and stock. */
    final WaitingLine newLine(String kind, IntSupplier stock) {
        WaitingLine line = new WaitingLine(kind, stock);
        lines.add(line);
        return line;
    }

    final void begin(Operation operation) {
        operation.cancelRequested = false;
        operation.hasWaited = false;
        try {
            slots.acquire(operation);
            operation.recording = Recorder.isOn() ? Recorder.operationBegun() : null;
            if (operation.hasDeadline) {
                deadlines.add(operation);
            }
        } catch (Throwable e) {
            // Such as a lack of memory for the tables.
            abort(operation, e);
            return;
        }
        submit(operation);
    }

    /** Ends an operation that has met an error, or else, if that needs more than there is, has it forgotten. */
    final void abort(Operation operation, Throwable cause) {
        operation.inKernel = false;
        Operation.Verdict verdict = Operation.Verdict.DONE;
        try {
            verdict = operation.abort(cause);
        } finally {
            end(operation, verdict);
        }
        if (cause instanceof AssertionError broken) {
            // An assertion of ours: whoever runs with those is to see it, and not only that the operation has failed.
            throw broken;
        }
    }

    /** Has an operation that was begun reach its socket, also past those that wait before it for buffers, or room in the queue. */
    final void start(Operation operation) throws IOException {
        boolean progress;
        do {
            // First: a buffer may be free already, of which nobody in the line has been told.
            tryAgain();
            progress = enter();
            progress |= awaitStart();
            if (operation.slot < 0 || operation.inKernel) {
                return;
            }
            progress |= enter();
        } while (progress);
    }

    /** Asks for an operation's end; nothing happens when it is not in flight. */
    final void cancel(Operation operation) {
        if (operation.slot < 0 || operation.cancelRequested) {
            return;
        }
        operation.cancelRequested = true;
        if (operation.inKernel) {
            submitCancel(operation);
        } else {
            cancelledOutside = true;
        }
    }

    private void submitCancel(Operation operation) {
        if (!prepareCancel(operation)) {
            uncancelled.add(operation);
        }
    }

    private void submit(Operation operation) {
        if (linedUp() > 0) {
            WaitingLine line = operation.line();
            if (line != null && !line.waiting().isEmpty()) {
                lineUp(operation, line);
                return;
            }
        }
        if (!launch(operation)) {
            backlog.add(operation);
        }
    }

    /**
     * Submits an operation whose turn it is.
     *
     * @return false when the submission queue is full; the caller keeps the operation
     */
    private boolean launch(Operation operation) {
        if (operation.cancelRequested || !operation.mayStart()) {
            operation.cancelRequested = true;
            finish(operation, -Errno.ECANCELED, 0);
            return true;
        }
        try {
            operation.inKernel = prepare(operation);
        } catch (Throwable e) {
            abort(operation, e);
            return true;
        }
        if (operation.inKernel) {
            return true;
        }
        WaitingLine line = operation.line();
        if (line == null || line.stock() > 0) {
            return false;
        }
        lineUp(operation, line);
        return true;
    }

    /** Operations in all lines. */
    private int linedUp() {
        int sum = 0;
        for (int i = 0; i < lines.size(); i++) {
            sum += lines.get(i).waiting().size();
        }
        return sum;
    }

    private void lineUp(Operation operation, WaitingLine line) {
        if (operation.hasWaited) {
            line.waiting().addFirst(operation);
        } else {
            operation.hasWaited = true;
            line.waiting().add(operation);
            if (Recorder.isOn()) {
                Recorder.buffersExhausted(name, line.kind(), line.waiting().size());
            }
        }
    }

    /** Takes the result of an operation that was submitted, or is not going to be. */
    final void finish(Operation operation, int result, int flags) {
        operation.inKernel = false;
        Operation.Verdict verdict;
        try {
            verdict = operation.complete(result, flags);
        } catch (Throwable e) {
            abort(operation, e);
            return;
        }
        follow(operation, verdict);
    }

    /** What is to happen after a completion. */
    final void follow(Operation operation, Operation.Verdict verdict) {
        switch (verdict) {
            case AGAIN -> {
                slots.renew(operation);
                submit(operation);
            }
            case LATER -> {
                slots.renew(operation);
                lineUp(operation, operation.line());
            }
            default -> end(operation, verdict);
        }
    }

    private void end(Operation operation, Operation.Verdict verdict) {
        retire(operation);
        recordEnd(operation.recording, operation);
        operation.recording = null;
        if (verdict == Operation.Verdict.DELIVER) {
            ready.add(operation);
        } else {
            company.ended(operation);
        }
    }

    /** Tells the flight recorder of an operation's end, if it cared for the beginning. */
    final void recordEnd(Object recording, Operation operation) {
        if (recording != null) {
            Recorder.operationEnded(recording, () -> operation.describe() + " of " + operation.subject(), name);
        }
    }

    private void retire(Operation operation) {
        deadlines.remove(operation);
        if (operation.slot >= 0) {
            slots.release(operation);
        }
    }

    /** Cancels what has expired and tries again what could not be submitted. */
    final void tryAgain() {
        if (!deadlines.isEmpty()) {
            long now = System.nanoTime();
            for (Operation late; (late = deadlines.pollExpired(now)) != null;) {
                late.expire();
                cancel(late);
            }
        }
        for (int count = uncancelled.size(); count > 0; count--) {
            Operation operation = uncancelled.remove();
            if (operation.inKernel && operation.cancelRequested) {
                submitCancel(operation);
            }
        }
        if (cancelledOutside) {
            endAllCancelled();
        }
        for (int count = backlog.size(); count > 0; count--) {
            Operation operation = backlog.remove();
            if (!launch(operation)) {
                backlog.addFirst(operation);
                return;
            }
        }
        if (linedUp() > 0) {
            lines.forEach(this::serve);
        }
    }

    /** Submits as many operations as the stock has buffers for. */
    private void serve(WaitingLine line) {
        for (int count = Math.min(line.stock(), line.waiting().size()); count > 0; count--) {
            Operation operation = line.waiting().remove();
            if (!launch(operation)) {
                backlog.add(operation);
            }
        }
    }

    /** Ends the cancelled ones of the operations that are not in the kernel. */
    private void endAllCancelled() {
        cancelledOutside = false;
        boolean complete = false;
        try {
            endCancelled(backlog);
            for (WaitingLine line : lines) {
                endCancelled(line.waiting());
            }
            complete = true;
        } finally {
            cancelledOutside |= !complete;
        }
    }

    private void endCancelled(OperationQueue queue) {
        for (int count = queue.size(); count > 0; count--) {
            Operation operation = queue.remove();
            if (operation.cancelRequested) {
                finish(operation, -Errno.ECANCELED, 0);
            } else {
                queue.add(operation);
            }
        }
    }

    /**
     * Submits, waits for a completion but not beyond the next deadline, takes all that are there.
     *
     * @param patienceNanos how long to wait at most; {@link Long#MAX_VALUE} for as long as it takes
     * @return false when nothing was submitted and nothing came
     */
    final boolean enterAndWait(long patienceNanos) throws IOException {
        boolean obstructed = isObstructed();
        if (obstructed && progressed) {
            return enter();
        }
        long nanos = obstructed ? Math.min(RETRY_NANOS, patienceNanos) : patienceNanos;
        if (!deadlines.isEmpty()) {
            nanos = Math.min(nanos, Math.max(1, deadlines.earliestNanos() - System.nanoTime()));
        }
        return enterFor(nanos);
    }

    /** Tells whether there is something to be done for which there was no room. */
    boolean isObstructed() {
        return !backlog.isEmpty() || linedUp() > 0 || !uncancelled.isEmpty();
    }

    /** Operations that have begun and not ended. */
    final int inFlight() {
        return slots.inUse();
    }

    /** Those of them that could not be submitted yet. */
    final int waiting() {
        return backlog.size() + linedUp();
    }

    /** Calls the consumer for each operation in flight. */
    final void forEachInFlight(Consumer<? super Operation> consumer) {
        slots.forEach(consumer);
    }
}
