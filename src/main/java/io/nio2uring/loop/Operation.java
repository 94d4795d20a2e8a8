package io.nio2uring.loop;

import java.io.IOException;

import io.nio2uring.ring.IoUring;

/**
 * One asynchronous operation of a channel, from the moment it was accepted until its outcome is delivered. The object
 * is reused by its channel for the next operation of the same kind.
 *
 * <pre>
 *   idle --start--&gt; posted --run--&gt; queued &lt;--------+
 *                                     |  prepare     | AGAIN, LATER
 *                                     v              |
 *                                  in kernel --complete--&gt; ended --deliver--&gt; idle
 * </pre>
 *
 * <p>From <em>posted</em> on the operation belongs to the loop: all methods but {@link #deliver} run under its
 * ownership. The kernel may use the operation's memory only while it is <em>in kernel</em>, which ends with its final
 * completion and with nothing else.
 */
public abstract class Operation extends Command {
    /** What is to happen after a completion. */
    public enum Verdict {
        /** Submit the operation again. */
        AGAIN,
        /** Submit the operation again once it is its turn in its {@link Operation#line}: a resource has run out. */
        LATER,
        /** Ended; nothing is left to do. */
        DONE,
        /** Ended; a thread of the group has to call {@link Operation#deliver}. */
        DELIVER
    }

    /** Result of an {@link #attempt} that did nothing because the socket is not ready. */
    protected static final int NOT_YET = Integer.MIN_VALUE;

    int slot = -1;
    boolean inKernel;
    /** When that was, as {@link Burst} tells it. */
    long submitted;
    /** Who has submitted it, or is about to; the number of its entry in the ring, from 0. */
    Thread submitter;
    long entry;
    /** Whether the kernel has said that it will do nothing more than tell that the operation was cancelled. */
    boolean withdrawn;
    /** When the kernel did not know it, for the first time since its submission, in odd nanoseconds; 0 when it did. */
    long missingSince;
    /** The number of its last run that had a future, as {@link Company} counts them; 0 for none. */
    int lastInCompany;
    boolean cancelRequested;
    /** Whether it has stood in a line since it began; its place is at the head then. */
    boolean hasWaited;
    Operation nextInQueue;
    long deadlineNanos;
    boolean hasDeadline;
    int deadlineIndex = -1;
    /** What the flight recorder knows of this run; null when it does not care. */
    Object recording;

    /** For subclasses. */
    protected Operation() {
    }

    /**
     * Sets the time limit of the next run; before the operation is started.
     *
     * @param timeoutNanos in nanoseconds from now; 0 or less for none
     */
    protected final void limit(long timeoutNanos) {
        hasDeadline = timeoutNanos > 0;
        if (hasDeadline) {
            // Half the range keeps the comparison by difference valid; it is 146 years.
            deadlineNanos = System.nanoTime() + Math.min(timeoutNanos, Long.MAX_VALUE / 2);
        }
    }

    @Override
    protected final void run(EventLoop loop) {
        loop.begin(this);
    }

    /**
     * Tells whether the kernel has, or may have, an entry of this operation that it has not finished.
     *
     * @return true between submission and final completion
     */
    public final boolean isInKernel() {
        return inKernel;
    }

    /**
     * Tells whether the operation may go to the kernel: its channel is open and nobody has given it up.
     *
     * @return false to have it complete with {@code -ECANCELED} instead
     */
    protected abstract boolean mayStart();

    /**
     * Writes the submission queue entry.
     *
     * @param ring     where to
     * @param userData to be given to the entry
     * @return false when the queue is full or a resource is lacking; it will be tried again
     */
    protected abstract boolean prepare(IoUring ring, long userData);

    /**
     * Does at once, on the portable engine, what {@link #prepare} has the kernel do on a ring.
     *
     * @return what {@link #complete} takes, or {@link #NOT_YET} when the socket is not ready
     * @throws IOException why it failed, for {@link #refused}
     */
    protected int attempt() throws IOException {
        throw new UnsupportedOperationException("runs on a ring only");
    }

    /**
     * Does at once, on the thread that is about to start the operation, what {@link #prepare} has the kernel do; without
     * waiting. Not under ownership of the loop: only what is the starting thread's is touched.
     *
     * @param memory for this call alone
     * @return {@link Verdict#DONE}, or {@link Verdict#AGAIN} when the operation has to be started
     */
    protected Verdict attempt(CallersMemory memory) {
        return Verdict.AGAIN;
    }

    /**
     * Where the portable engine waits for the operation's socket.
     *
     * @return the same for all operations of a socket
     */
    protected Registration registration() {
        throw new UnsupportedOperationException("runs on a ring only");
    }

    /**
     * What it waits for there.
     *
     * @return one of {@link java.nio.channels.SelectionKey}'s
     */
    protected int interest() {
        throw new UnsupportedOperationException("runs on a ring only");
    }

    /**
     * Tells whether an attempt before waiting is worth its system call.
     *
     * @return true when it is likely to succeed
     */
    protected boolean isLikelyReady() {
        return true;
    }

    /**
     * Takes the failure of an {@link #attempt}.
     *
     * @param cause what it has thrown
     * @return what happens next
     */
    protected Verdict refused(IOException cause) {
        throw new UnsupportedOperationException("runs on a ring only", cause);
    }

    /**
     * Where the operation waits when the buffer that it needs for its next submission is lacking.
     *
     * @return null when it needs none
     */
    protected WaitingLine line() {
        return null;
    }

    /**
     * Takes a completion. When cancellation was requested, {@code -ECANCELED} must end the operation.
     *
     * @param result of the kernel: a count or a negative errno
     * @param flags  of the completion queue entry
     * @return what happens next
     */
    protected abstract Verdict complete(int result, int flags);

    /**
     * Ends the operation because of an error of ours, or of the user's buffer, or a lack of memory, when it begins, in
     * {@link #prepare} or in {@link #complete}.
     *
     * @param cause what was thrown
     * @return {@link Verdict#DONE} or {@link Verdict#DELIVER}
     */
    protected abstract Verdict abort(Throwable cause);

    /** It is about to be started anew before the kernel has let go of the file. */
    protected void outlived() {
        // It touches nothing but the file.
    }

    /** The deadline has passed; the loop will cancel the operation. */
    protected abstract void expire();

    /** Brings the outcome to the user, on a thread of the group and outside of any ownership. May throw. */
    protected abstract void deliver();

    /**
     * Parts the outcome from the operation, so that the next one of its kind may begin although no thread has brought the
     * outcome to the user yet. Where outcomes go to several threads the next one's may be faster.
     *
     * @return what is to be delivered instead of this
     */
    protected Operation detach() {
        return this;
    }

    /**
     * Names the operation for the list of operations in flight.
     *
     * @return kind and what is special about it, in a few words
     */
    protected abstract String describe();

    /**
     * What the operation is on, for the same list.
     *
     * @return a channel, which names itself; null for none
     */
    protected Object subject() {
        return null;
    }
}
