package io.nio2uring.jfr;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The way to the flight recorder.
 *
 * <p>Until the recorder has been started in this process, by whatever means, {@link #isOn} is a constant false to the
 * compiler, and calls behind it cost nothing. This class does not refer to jdk.jfr, which may be missing; those that do
 * are loaded when it is there, and the event classes when the recorder has been started.
 */
public final class Recorder {
    private static final MutableCallSite ON = new MutableCallSite(MethodHandles.constant(boolean.class, false));
    private static final MethodHandle IS_ON = ON.dynamicInvoker();
    /** Called by the recorder from time to time, as long as it records. */
    private static final List<Runnable> RING_STATISTICS = new CopyOnWriteArrayList<>();
    private static final List<Runnable> ENGINES = new CopyOnWriteArrayList<>();

    static {
        if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
            Activation.await();
        }
    }

    private Recorder() {
    }

    /**
     * Tells whether the recorder has been started; an event may be disabled all the same.
     *
     * @return a constant to the compiler until it changes
     */
    public static boolean isOn() {
        try {
            return (boolean) IS_ON.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError("a constant throws nothing", e);
        }
    }

    /** The recorder has been started. */
    static void turnOn() {
        ON.setTarget(MethodHandles.constant(boolean.class, true));
        MutableCallSite.syncAll(new MutableCallSite[] {ON});
    }

    /**
     * Has a task record {@link #ringStatistics} of all loops whenever the recorder asks.
     *
     * @param task quick
     */
    public static void onRingStatistics(Runnable task) {
        RING_STATISTICS.add(task);
    }

    /**
     * Has a task record {@link #engine} of all groups at the start of each part of a recording.
     *
     * @param task quick
     */
    public static void onEngines(Runnable task) {
        ENGINES.add(task);
    }

    static void recordRingStatistics() {
        RING_STATISTICS.forEach(Runnable::run);
    }

    static void recordEngines() {
        ENGINES.forEach(Runnable::run);
    }

    // ---- one method for each kind of event; to be called when the recorder is on. Those of a loop throw nothing: the loop is
    // owned by the caller, and what cannot be recorded, for lack of memory for one, must not keep it from going on.

    /**
     * Records what a group runs on.
     *
     * @param engine    {@code io_uring} or another
     * @param groupKind kind of the group
     * @param loops     names of its loops
     * @param ringFlags names of the flags of their rings
     * @param reason    why this engine
     */
    public static void engine(String engine, String groupKind, String loops, String ringFlags, String reason) {
        EngineEvent.record(engine, groupKind, loops, ringFlags, reason);
    }

    /**
     * Records a connection that can be used from now on.
     *
     * @param remote   address of the peer
     * @param loop     its home
     * @param accepted by a listening socket; false when it was connected
     */
    public static void connectionOpened(Object remote, String loop, boolean accepted) {
        try {
            ConnectionOpenedEvent.record(remote, loop, accepted);
        } catch (Throwable e) {
            // Not recorded.
        }
    }

    /**
     * Records a connection whose descriptor has been released.
     *
     * @param remote       address of the peer
     * @param loop         its home
     * @param bytesRead    received by the program
     * @param bytesWritten taken by the kernel
     */
    public static void connectionClosed(Object remote, String loop, long bytesRead, long bytesWritten) {
        try {
            ConnectionClosedEvent.record(remote, loop, bytesRead, bytesWritten);
        } catch (Throwable e) {
            // Not recorded.
        }
    }

    /**
     * Notes the beginning of an operation.
     *
     * @return to be given to {@link #operationEnded}; null when nobody wants to know
     */
    public static Object operationBegun() {
        try {
            return OperationEvent.begun();
        } catch (Throwable e) {
            return null;
        }
    }

    /**
     * Records an operation if it took longer than the event's threshold.
     *
     * @param begun as {@link #operationBegun} returned it
     * @param kind  of operation, and what it is on
     * @param loop  its home
     */
    public static void operationEnded(Object begun, Supplier<String> kind, String loop) {
        try {
            ((OperationEvent) begun).ended(kind, loop);
        } catch (Throwable e) {
            // Not recorded.
        }
    }

    /**
     * Records that a loop goes from one thread to another.
     *
     * @param loop its name
     * @param from null for nobody
     * @param to   who leads from now on
     */
    public static void handOver(String loop, Thread from, Thread to) {
        try {
            HandOverEvent.record(loop, from, to);
        } catch (Throwable e) {
            // Not recorded.
        }
    }

    /**
     * Records that the submission queue has no room for an operation.
     *
     * @param loop    its name
     * @param entries size of the queue
     */
    public static void submissionQueueFull(String loop, int entries) {
        try {
            SubmissionQueueFullEvent.record(loop, entries);
        } catch (Throwable e) {
            // Not recorded.
        }
    }

    /**
     * Records that the kernel keeps completions for which the queue has no room.
     *
     * @param loop    its name
     * @param entries size of the queue
     */
    public static void completionQueueOverflow(String loop, int entries) {
        try {
            CompletionQueueOverflowEvent.record(loop, entries);
        } catch (Throwable e) {
            // Not recorded.
        }
    }

    /**
     * Records that an operation has to wait for a buffer.
     *
     * @param loop    its name
     * @param kind    of buffer
     * @param waiting operations that wait for the same
     */
    public static void buffersExhausted(String loop, String kind, int waiting) {
        try {
            BuffersExhaustedEvent.record(loop, kind, waiting);
        } catch (Throwable e) {
            // Not recorded.
        }
    }

    /**
     * Records what a loop has done since it was set up.
     *
     * @param loop      its name
     * @param submitted entries
     * @param completed entries
     * @param enters    system calls
     * @param handOvers from thread to thread
     * @param handlers  called
     * @param inFlight  operations at this time
     * @param buffers   in use at this time
     */
    public static void ringStatistics(String loop, long submitted, long completed, long enters, long handOvers,
            long handlers, int inFlight, int buffers) {
        RingStatisticsEvent.record(loop, submitted, completed, enters, handOvers, handlers, inFlight, buffers);
    }
}
