package io.nio2uring.loop;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import io.nio2uring.jfr.Recorder;
import io.nio2uring.ring.Completion;
import io.nio2uring.ring.IoUring;
import io.nio2uring.sys.Errno;

/**
 * Takes a loop's operations to the kernel and back: slots, submission, what could not be submitted, deadlines,
 * cancellation, completions. Used under ownership of the loop only; knows nothing of threads.
 */
final class RingDriver {
    static final long NO_TIMEOUT = -1;
    /** How long to wait before trying anew what the kernel refused. */
    static final long RETRY_NANOS = 1_000_000;

    /** {@code user_data} of entries whose completion nobody waits for; no slot has this number. */
    private static final long NOBODY = 0xFFFF_FFFFL;
    /** {@code user_data} of the poll of the wake-up descriptor, in the low half; the high half counts its arming. */
    private static final long WAKE_UP = 0xFFFF_FFFEL;
    private static final int POLLIN = 1;

    private final String name;
    private final IoUring ring;
    private final int wakeUpFd;

    private final SlotTable slots = new SlotTable(64);
    private final Deadlines deadlines = new Deadlines();
    private final OperationQueue ready = new OperationQueue();
    /** Operations that could not be submitted because the submission queue was full. */
    private final OperationQueue backlog = new OperationQueue();
    /** Where operations wait that could not be submitted because a buffer was lacking. */
    private final List<WaitingLine> lines = new ArrayList<>();
    /** Operations in all lines. */
    private int linedUp;
    /** Whether an operation that is not in the kernel has been cancelled, and is to be fetched out of where it waits. */
    private boolean cancelledOutside;
    /** Operations whose cancellation could not be submitted. */
    private final ArrayDeque<Operation> uncancelled = new ArrayDeque<>();
    private final Consumer<Completion> route = this::route;
    private int wakeUpGeneration;
    private boolean wakeUpArmed;
    private Thread wakeUpArmedBy;
    private boolean progressed;

    /** A driver of the loop with the given name. */
    RingDriver(String name, IoUring ring, int wakeUpFd) {
        this.name = name;
        this.ring = ring;
        this.wakeUpFd = wakeUpFd;
    }

    /** Operations that have ended and wait for a thread of the group. */
    OperationQueue ready() {
        return ready;
    }

    /** Tells whether no operation is in flight, waiting or undelivered. */
    boolean isIdle() {
        return slots.inUse() == 0 && ready.isEmpty();
    }

    /** Makes a line for operations that need a buffer of the given kind and stock. */
    WaitingLine newLine(String kind, IntSupplier stock) {
        WaitingLine line = new WaitingLine(kind, stock);
        lines.add(line);
        return line;
    }

    void begin(Operation operation) {
        slots.acquire(operation);
        operation.cancelRequested = false;
        operation.hasWaited = false;
        operation.recording = Recorder.isOn() ? Recorder.operationBegun() : null;
        if (operation.hasDeadline) {
            deadlines.add(operation);
        }
        submit(operation);
    }

    /** Asks for an operation's end; nothing happens when it is not in flight. */
    void cancel(Operation operation) {
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
        long target = slots.userData(operation);
        if (!ring.prepCancel(target, NOBODY)) {
            flush();
            if (!ring.prepCancel(target, NOBODY)) {
                uncancelled.add(operation);
            }
        }
    }

    private void submit(Operation operation) {
        if (linedUp > 0) {
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
        } catch (RuntimeException e) {
            end(operation, operation.abort(e));
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

    private void lineUp(Operation operation, WaitingLine line) {
        linedUp++;
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

    private boolean prepare(Operation operation) {
        long userData = slots.userData(operation);
        if (operation.prepare(ring, userData)) {
            return true;
        }
        if (Recorder.isOn() && ring.pendingSubmissions() == ring.submissionEntries()) {
            Recorder.submissionQueueFull(name, ring.submissionEntries());
        }
        flush();
        return operation.prepare(ring, userData);
    }

    private void finish(Operation operation, int result, int flags) {
        operation.inKernel = false;
        Operation.Verdict verdict;
        try {
            verdict = operation.complete(result, flags);
        } catch (RuntimeException e) {
            verdict = operation.abort(e);
        }
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
        if (operation.recording != null) {
            Recorder.operationEnded(operation.recording, () -> operation.describe() + " of " + operation.subject(),
                    name);
            operation.recording = null;
        }
        if (verdict == Operation.Verdict.DELIVER) {
            ready.add(operation);
        }
    }

    private void retire(Operation operation) {
        deadlines.remove(operation);
        slots.release(operation);
    }

    /** Makes room in the submission queue. What the kernel does not take now stays queued. */
    private void flush() {
        try {
            ring.submit();
        } catch (IOException e) {
            // Nothing is lost: the entries stay, and the leader meets the same error where it can report it.
            progressed = false;
        }
    }

    /** Cancels what has expired and tries again what could not be submitted. */
    void tryAgain() {
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
            cancelledOutside = false;
            endCancelled(backlog);
            for (WaitingLine line : lines) {
                linedUp -= endCancelled(line.waiting());
            }
        }
        for (int count = backlog.size(); count > 0; count--) {
            Operation operation = backlog.remove();
            if (!launch(operation)) {
                backlog.addFirst(operation);
                return;
            }
        }
        if (linedUp > 0) {
            lines.forEach(this::serve);
        }
    }

    /** Submits as many operations as the stock has buffers for. */
    private void serve(WaitingLine line) {
        for (int count = Math.min(line.stock(), line.waiting().size()); count > 0; count--) {
            linedUp--;
            Operation operation = line.waiting().remove();
            if (!launch(operation)) {
                backlog.add(operation);
            }
        }
    }

    /** Ends the cancelled ones of some operations that are not in the kernel, and returns how many that were. */
    private int endCancelled(OperationQueue queue) {
        int size = queue.size();
        for (int count = size; count > 0; count--) {
            Operation operation = queue.remove();
            if (operation.cancelRequested) {
                finish(operation, -Errno.ECANCELED, 0);
            } else {
                queue.add(operation);
            }
        }
        return size - queue.size();
    }

    /**
     * Submits, and takes the completions that are there.
     *
     * @return false when nothing was submitted and nothing came
     */
    boolean enter() throws IOException {
        return took(ring.submit());
    }

    /**
     * Submits, waits for a completion, takes all that are there.
     *
     * @param patienceNanos how long to wait at most; {@link Long#MAX_VALUE} for as long as it takes
     * @return false when nothing was submitted and nothing came
     */
    boolean enterAndWait(long patienceNanos) throws IOException {
        boolean obstructed = !backlog.isEmpty() || linedUp > 0 || !uncancelled.isEmpty();
        if (obstructed && progressed) {
            return enter();
        }
        long nanos = obstructed ? Math.min(RETRY_NANOS, patienceNanos) : patienceNanos;
        if (!deadlines.isEmpty()) {
            nanos = Math.min(nanos, Math.max(1, deadlines.earliestNanos() - System.nanoTime()));
        }
        return took(nanos == Long.MAX_VALUE ? ring.submitAndWait(1) : ring.submitAndWait(1, nanos));
    }

    private boolean took(int submitted) {
        if (Recorder.isOn() && ring.hasOverflow()) {
            Recorder.completionQueueOverflow(name, ring.completionEntries());
        }
        progressed = ring.forEachCompletion(route) > 0 || submitted > 0;
        return progressed;
    }

    private void route(Completion completion) {
        long userData = completion.userData();
        int low = (int) userData;
        if (low >= 0) {
            Operation operation = slots.find(userData);
            if (operation != null && operation.inKernel && !completion.hasMore()) {
                finish(operation, completion.result(), completion.flags());
            }
        } else if (userData == wakeUpData() && !completion.hasMore()) {
            wakeUpArmed = false;
        }
    }

    /**
     * Has the wake-up descriptor polled on behalf of the present leader: the poll of a thread that is busy elsewhere
     * would be seen late, that of a thread that has died not at all.
     *
     * @return false when the queue is full; nobody could wake the loop if it slept now
     */
    boolean armWakeUp() {
        Thread current = Thread.currentThread();
        if (wakeUpArmed && wakeUpArmedBy == current) {
            return true;
        }
        if (wakeUpArmed) {
            if (!ring.prepCancel(wakeUpData(), NOBODY)) {
                flush();
                return false;
            }
            wakeUpArmed = false;
        }
        wakeUpGeneration++;
        wakeUpArmed = ring.prepPollAdd(wakeUpFd, POLLIN, true, wakeUpData());
        if (!wakeUpArmed) {
            flush();
        }
        wakeUpArmedBy = current;
        return wakeUpArmed;
    }

    private long wakeUpData() {
        return (long) wakeUpGeneration << 32 | WAKE_UP;
    }

    /** Operations that have begun and not ended. */
    int inFlight() {
        return slots.inUse();
    }

    /** Those of them that could not be submitted yet. */
    int waiting() {
        return backlog.size() + linedUp;
    }

    /** Calls the consumer for each operation in flight. */
    void forEachInFlight(Consumer<? super Operation> consumer) {
        slots.forEach(consumer);
    }
}
