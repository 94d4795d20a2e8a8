package io.nio2uring.loop;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

import io.nio2uring.jfr.Recorder;
import io.nio2uring.ring.ProvidedBufferRing;

/**
 * A ring, or a selector, and the operations in flight on it, led by one attendant at a time.
 *
 * <p>A turn of the leader: run the commands that other threads posted, cancel what has expired, deliver what has ended
 * (with the ownership let go for each handler), then one {@code io_uring_enter} that submits all that came up and
 * waits if there is nothing else to do, then take the completions.
 *
 * <p><b>Sleep and wake.</b> Before it sleeps the leader says so, then looks at the command queue. A producer pushes its
 * command, then asks whether the leader sleeps. As {@link SleepState} explains, either the leader finds the command, or
 * the producer signals the event descriptor.
 *
 * <p><b>Attendance.</b> {@link Baton} says who owns the loop. A worker of the {@link Crew} leads; when it does not come
 * back from a handler, the {@link Monitor} notices and the {@link Watcher} takes the loop over. For some time it then
 * <em>spreads</em> the outcomes: it gives each one to the crew by itself, so that none waits behind another's handler.
 */
public final class EventLoop {
    /** How long the leader waits for room in the submission queue before it tries again. */
    private static final long FULL_QUEUE_NANOS = 50_000;
    /** How long the watcher waits before it asks anew for a worker that it was refused. */
    private static final long REFUSAL_NANOS = 10_000_000;
    /** How long it keeps the outcomes of a loop that shall end while the executor refuses all. */
    private static final long LAST_REFUSALS_NANOS = 1_000_000_000;
    /** How long it waits before it asks anew for one that did not come: the executor may have dropped it. */
    private static final long ABSENCE_NANOS = 1_000_000_000;
    /** Instead of a time to wait: the lead is gone. */
    private static final long LOST = -1;

    private final String name;
    private final Crew crew;
    /** The driver, if it has a ring; null on the portable engine. */
    private final RingDriver ring;
    /** Of the portable engine; null on a ring. */
    private final ScratchBuffers scratch;
    private final CallersMemory[] callersMemory = CallersMemory.several();
    private final Watcher watcher;
    private final long spinNanos;
    private final Baton baton = new Baton();
    private final CommandQueue commands = new CommandQueue();
    /** Guarded by the baton. */
    private final Driver driver;

    private final SleepState sleepState = new SleepState();
    /** How often somebody has signalled, or is about to signal, the event descriptor; guarded by the baton. */
    private long signals;
    /**
     * A worker that waits for the watcher to hand over to it. Either the watcher accepts the claim, by taking it out, and
     * hands over, or the worker withdraws it.
     */
    private final AtomicReference<Attendant> claimant = new AtomicReference<>();
    /** Since when a worker has been asked for that has not yet come, in odd nanoseconds; 0 when none has. */
    private final AtomicLong wantedSince = new AtomicLong();
    /** Commands that have been taken and not run yet; guarded by the baton. */
    private Command taken;
    private final Trouble ringFails;
    private final Trouble refusesAll = new Trouble("the executor of a channel group that has been shut down refuses to "
            + "run handlers; those of operations that have ended are not called. Remedy: let the executor accept tasks until "
            + "the group has terminated");
    private final Trouble endsBadly;
    /**
     * Since when the crew of a loop that shall end has refused every outcome, in odd nanoseconds; 0 when it has not;
     * guarded by the baton.
     */
    private long refusedSince;
    private volatile boolean closing;
    private volatile boolean ended;
    /** How many sleeps have been ended by somebody who could not signal; the end of the loop waits for each of them. */
    private final AtomicInteger owedSignals = new AtomicInteger();

    private final Pace pace = new Pace();
    private long handOvers;
    /** The monitor's own: whether nobody led at its last look. */
    private boolean inNeedAtLastTick;

    /**
     * Sets up the engine and its buffers. Nobody leads the loop yet.
     *
     * @param name    for threads and diagnostics
     * @param crew    runs the handlers
     * @param options engine and sizes
     * @throws IOException when the kernel refuses; everything acquired so far is released
     */
    public EventLoop(String name, Crew crew, LoopOptions options) throws IOException {
        this.name = name;
        this.crew = crew;
        ringFails = new Trouble(name + " cannot enter its ring; nothing is lost, and it tries again every "
                + Driver.RETRY_NANOS / 1_000_000
                + " ms, silently. Remedy: give the process what the error names, such as "
                + "memory; EBADF means that something in it closed a file which is not its own");
        endsBadly = new Trouble(name + " has ended, but not all that it held could be released");
        spinNanos = options.polling().spinNanos();
        // The driver comes last: whatever failed after it would leave its ring open.
        watcher = new Watcher(this, name + "-watcher");
        if (options.engine() == Engine.PORTABLE) {
            ring = null;
            scratch = new ScratchBuffers(options.receiveBufferBytes(), options.stagingBufferBytes());
            driver = new SelectorDriver(name);
        } else {
            ring = RingDriver.open(name, options);
            scratch = null;
            driver = ring;
        }
    }

    // ---- for any thread

    /**
     * Has a command, or an operation, run under ownership of the loop: at once if the calling thread leads it, else
     * soon.
     *
     * @param command idle
     * @return false when the loop has ended; the command will not run
     */
    public boolean execute(Command command) {
        if (baton.tryEnter(Thread.currentThread())) {
            try {
                command.run(this);
            } finally {
                baton.release();
            }
            return true;
        }
        if (!commands.push(command)) {
            return false;
        }
        wakeUp();
        return true;
    }

    /**
     * Tries to have an operation done by the calling thread, which saves changes of the thread: to the loop, and back to whoever
     * waits. Where many wait for futures the loop does it for all of them together at less cost, and nothing is tried, but
     * for a handler, whose thread leads the loop; nor if there is no ring.
     *
     * @param operation idle, and ready to be executed; has a future
     * @return true when it has ended; else it is to be executed
     */
    public boolean tryAtOnce(Operation operation) {
        if (ring == null || driver.company.isLarge() && leaderThread() != Thread.currentThread()) {
            return false;
        }
        CallersMemory memory = CallersMemory.tryTake(callersMemory);
        if (memory == null) {
            return false;
        }
        Operation.Verdict verdict = Operation.Verdict.DONE;
        // Not in the operation's field, with which the loop may still end what the operation did before.
        Object recording = Recorder.isOn() ? Recorder.operationBegun() : null;
        try {
            verdict = operation.attempt(memory);
        } catch (Throwable e) {
            operation.abort(e);
            if (e instanceof AssertionError broken) {
                // As in Driver.abort.
                throw broken;
            }
        } finally {
            memory.release();
        }
        if (verdict != Operation.Verdict.DONE) {
            return false;
        }
        driver.recordEnd(recording, operation);
        return true;
    }

    /**
     * Like {@link #execute}, but if the calling thread leads, what the command submitted or cancelled has reached the
     * kernel, and its immediate effects are there, when this returns; unless the ring cannot be entered.
     *
     * @param command idle
     * @return false when the loop has ended; the command will not run
     */
    public boolean executeAndSubmit(Command command) {
        if (!baton.tryEnter(Thread.currentThread())) {
            return execute(command);
        }
        try {
            command.run(this);
            // The first call submits a cancellation; the cancelled request may let go of its file only in the second.
            driver.enter();
            driver.enter();
        } catch (IOException e) {
            // Nothing is lost: the leader meets the same, reports it, and tries again.
        } finally {
            baton.release();
        }
        return true;
    }

    /**
     * To be called before {@link #aboutToBlock}, which is not needed if the operation has ended then: if the calling
     * thread leads this loop, what has begun is submitted and what has ended is taken. A send into a socket with room, or a
     * receive of what is there already, ends at once, which saves two changes of the lead and two of the thread.
     */
    public void submitIfLeading() {
        if (baton.tryEnter(Thread.currentThread())) {
            try {
                driver.enter();
            } catch (IOException e) {
                // Nothing is lost, and the watcher, who is going to have the loop, meets the same and reports it.
            } finally {
                baton.release();
            }
        }
    }

    /**
     * To be called by a thread that is about to wait for an operation: if it leads this loop, the loop goes to its
     * watcher, since the thread would else wait for itself.
     */
    public void aboutToBlock() {
        if (baton.tryEnter(Thread.currentThread())) {
            if (baton.leader() instanceof Worker waiting) {
                waiting.absent();
            }
            leaveToWatcher();
        }
    }

    /**
     * Lets a thread go on that has waited for an operation of this loop; if the loop is about to find others that have
     * ended, after that.
     *
     * @param waiting parked, or about to park
     */
    public void resume(Thread waiting) {
        driver.waiters.resume(waiting);
    }

    /** Ends the loop as soon as nothing is in flight and nothing to be delivered. */
    public void close() {
        closing = true;
        wakeUp();
        if (baton.leader() == null) {
            watcher.nominate();
        }
    }

    /** Releases everything, before anybody has attended the loop. */
    public void discard() {
        closing = true;
        if (baton.tryTake()) {
            endIfDone();
        }
    }

    private void wakeUp() {
        if (sleepState.rouse()) {
            signal();
        } else {
            signalOwed();
        }
    }

    /** Ends a sleep that the calling thread, and nobody else, has the duty to end. */
    private void signal() {
        try {
            driver.signal();
        } catch (Throwable e) {
            // No stack, or no memory. What it is for is in the queue, and whoever comes next signals, or the monitor.
            owedSignals.incrementAndGet();
            Monitor.alert();
        }
    }

    private void signalOwed() {
        if (owedSignals.get() > 0) {
            for (int count = owedSignals.getAndSet(0); count > 0; count--) {
                signal();
            }
        }
    }

    // ---- for operations and commands, under ownership

    /**
     * The provided buffers of this loop's reads into heap memory.
     *
     * @return registered with the ring
     */
    public ProvidedBufferRing receiveBuffers() {
        return ring.receiveBuffers();
    }

    /**
     * Where reads wait that found all provided buffers in use.
     *
     * @return the line of this loop
     */
    public WaitingLine receiveLine() {
        return ring.receiveLine();
    }

    /**
     * Where writes wait that found all staging buffers in use.
     *
     * @return the line of this loop
     */
    public WaitingLine stagingLine() {
        return ring.stagingLine();
    }

    /**
     * The buffers of this loop's writes from heap memory.
     *
     * @return to be used under ownership
     */
    public StagingBuffers stagingBuffers() {
        return ring.stagingBuffers();
    }

    /**
     * Memory that bytes go through on the portable engine.
     *
     * @return the buffers of this loop; null on a ring
     */
    public ScratchBuffers scratch() {
        return scratch;
    }

    void begin(Operation operation) {
        driver.begin(operation);
    }

    /**
     * Asks for an operation's end. It ends with its final completion, which may also be a success.
     *
     * @param operation of this loop; nothing happens when it is not in flight
     */
    public void cancel(Operation operation) {
        driver.cancel(operation);
    }

    /**
     * Has an operation that was begun reach its socket, unless the ring cannot be entered. Under ownership.
     *
     * @param operation of this loop
     */
    public void start(Operation operation) {
        try {
            driver.start(operation);
        } catch (IOException e) {
            // Nothing is lost: the leader meets the same, reports it, and tries again.
        }
    }

    /** Tells whether {@link #relieve} is possible, and needed. */
    boolean canRelieve() {
        return ring != null && ring.canRelieve();
    }

    /**
     * Starts anew what a worker's thread has in flight, unless it has gone on. Under ownership.
     *
     * @return false when it has still something in flight
     */
    boolean relieve(Worker worker, long sleep) throws IOException {
        return driver.relieve(worker, sleep);
    }

    /** Waits until the system has let go of the files of all operations that have ended. Under ownership. */
    public void awaitFileReleases() {
        driver.awaitFileReleases();
    }

    // ---- taking and leaving the lead

    /**
     * Makes a worker the leader if the loop can be had.
     *
     * @param worker the calling thread's
     * @return true when the worker leads and holds the baton
     */
    boolean claim(Worker worker) {
        unmarkWanted();
        while (!ended) {
            Attendant leader = baton.leader();
            if (leader == watcher) {
                if (isSpreading()) {
                    // The watcher may have begun to wait for this worker before outcomes were to be spread.
                    wakeUp();
                    return false;
                }
                if (!claimFromWatcher(worker)) {
                    return false;
                }
                if (baton.leader() == worker) {
                    return true;
                }
            } else if (leader != null) {
                return false;
            } else if (takeFrom(null, worker)) {
                return true;
            } else {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    /** Takes the loop while its leader is in a handler, or while it has none. */
    private boolean takeFrom(Attendant leader, Attendant successor) {
        if (!baton.tryTake()) {
            return false;
        }
        if (baton.leader() != leader || ended) {
            baton.release();
            return false;
        }
        appoint(successor);
        return true;
    }

    private void appoint(Attendant successor) {
        if (baton.leader() instanceof Worker deposed) {
            deposed.absent();
        }
        if (Recorder.isOn()) {
            Recorder.handOver(name, leaderThread(), successor.thread);
        }
        handOvers++;
        driver.ledBy(successor.thread);
        // A worker that waits for this goes on at once.
        baton.appoint(successor);
        pace.leaderChanged();
    }

    /**
     * Waits until the watcher does not lead any more.
     *
     * @return false when another worker waits for the same
     */
    private boolean claimFromWatcher(Worker worker) {
        if (!claimant.compareAndSet(null, worker)) {
            return false;
        }
        boolean complete = false;
        try {
            wakeUp();
            while (baton.leader() == watcher && !ended) {
                LockSupport.park(this);
                // An interrupt would keep the thread from parking; handlers start uninterrupted anyway.
                Thread.interrupted();
            }
            complete = true;
        } finally {
            if (!withdrawClaim(worker) && !complete) {
                leaveToWatcher();
            }
        }
        return true;
    }

    /**
     * The worker does not wait any more.
     *
     * @return false when the watcher has handed over to it: it leads, and holds the baton
     */
    private boolean withdrawClaim(Worker worker) {
        boolean withdrawn = claimant.compareAndSet(worker, null);
        if (!withdrawn) {
            // The watcher may have let go of the loop, taken it again, and only now be about to hand over.
            while (baton.leader() != worker) {
                Thread.onSpinWait();
            }
        }
        return withdrawn;
    }

    /** Lets a worker see that the watcher does not lead any more. */
    private void wakeClaimant() {
        Attendant waiting = claimant.get();
        if (waiting != null) {
            LockSupport.unpark(waiting.thread);
        }
    }

    private void leaveToWatcher() {
        baton.appoint(null);
        baton.release();
        // The watcher itself may leave so, in a handler that its executor has run on its thread.
        wakeClaimant();
        watcher.nominate();
    }

    /** Has the watcher attend the loop when no worker is going to. */
    void watchFromNowOn() {
        watcher.nominate();
    }

    /** Makes the watcher the leader if nobody leads or the leader is stuck; then it holds the baton. */
    boolean takeForWatching(Watcher self) {
        Attendant leader = baton.leader();
        return (leader == null || pace.isStuck() || isSpreading()) && takeFrom(leader, self);
    }

    // ---- leading

    /**
     * Leads the loop: runs turns until the worker is deposed, is wanted elsewhere, has nothing to do and no patience, or
     * the loop ends. What a handler throws comes out of here.
     *
     * @param worker leads and holds the baton; it does neither afterwards
     */
    void lead(Worker worker) {
        boolean owned = true;
        refusedSince = 0;
        long firstTick = Monitor.ticks();
        try {
            while (!endIfDone()) {
                runCommands();
                driver.tryAgain();
                // No more than are there now, lest handlers that end up here again at once starve the ring.
                for (int count = driver.ready().size(); count > 0; count--) {
                    Operation operation = driver.ready().remove();
                    pace.delivering();
                    baton.release();
                    owned = false;
                    worker.startDelivery();
                    operation.deliver();
                    Thread.interrupted();
                    owned = baton.resume(worker);
                    if (!owned) {
                        return;
                    }
                }
                if (crew.isWantedElsewhere(this) || isSpreading()
                        || Monitor.ticks() - firstTick >= crew.spellTicks()) {
                    return;
                }
                long patienceNanos = worker.thread.isVirtual() ? 0 : crew.patienceNanos();
                if (!sleep(patienceNanos, false) && patienceNanos != Long.MAX_VALUE && commands.isEmpty()
                        && driver.ready().isEmpty()) {
                    return;
                }
            }
        } finally {
            // What the executor's shutdown throws comes by here when the loop has ended.
            if (!ended && (owned || baton.resume(worker))) {
                leaveToWatcher();
            }
        }
    }

    /**
     * Watches the loop: all that leading is but for delivering. Leaves it as soon as the crew sends a worker, or has
     * been asked for one; unless outcomes are spread, or no worker can be had, when it gives them to the crew one by one.
     *
     * @param self leads and holds the baton; it does neither afterwards
     */
    void watch(Watcher self) {
        while (!endIfDone()) {
            runCommands();
            driver.tryAgain();
            Attendant next = claimant.get();
            if (next != null && claimant.compareAndSet(next, null)) {
                // The baton stays held: it is the claimant's from here on.
                appoint(next);
                LockSupport.unpark(next.thread);
                wakeClaimant();
                return;
            }
            long nanos = Long.MAX_VALUE;
            boolean awaitsWorker = false;
            if (driver.ready().isEmpty()) {
                // Nothing for handlers.
            } else if (isSpreading()) {
                nanos = spreadReady();
            } else if (!isWanted() && callWorker()) {
                return;
            } else if (isWanted()) {
                crew.hurry(this);
                nanos = ABSENCE_NANOS - (System.nanoTime() - wantedSince.get());
                if (nanos <= 0) {
                    unmarkWanted();
                    continue;
                }
                awaitsWorker = true;
            } else {
                nanos = spreadReady();
            }
            if (nanos == LOST) {
                return;
            }
            sleep(nanos, awaitsWorker);
        }
    }

    /**
     * Asks the crew for a worker, and lets it have the loop. The baton is free meanwhile, as it is in {@link #spreadReady}.
     *
     * @return false when none will come; else the watcher does not lead any more
     */
    private boolean callWorker() {
        baton.release();
        boolean comes = false;
        boolean owned = false;
        try {
            comes = crew.want(this);
        } finally {
            owned = baton.resume(watcher);
        }
        if (owned && comes) {
            baton.appoint(null);
            baton.release();
            wakeClaimant();
        }
        return comes || !owned;
    }

    /**
     * Gives the outcomes that are ready to the crew, each by itself. The baton is free meanwhile, since an executor may
     * choose to run its task on the calling thread. A handler that then waits for an operation of this loop has given the
     * lead away when it comes back.
     *
     * @return how long to wait before more is tried; {@link Long#MAX_VALUE} when all have been given away, {@link #LOST}
     *         when the watcher does not lead any more
     */
    private long spreadReady() {
        while (!driver.ready().isEmpty()) {
            boolean dispatched = dispatch(takeOutcome());
            if (baton.leader() != watcher) {
                return LOST;
            }
            if (dispatched) {
                refusedSince = 0;
            } else if (giveUp()) {
                driver.ready().remove();
            } else {
                return REFUSAL_NANOS;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Takes the first outcome out, apart from its operation, which is free then. */
    private Operation takeOutcome() {
        Operation operation = driver.ready().remove();
        Operation outcome = null;
        try {
            outcome = operation.detach();
        } finally {
            if (outcome == null) {
                driver.ready().addFirst(operation);
            }
        }
        return outcome;
    }

    /**
     * Gives an outcome to the crew; if that does not take it, or fails, it is ready again. Under ownership, which is gone
     * afterwards if the watcher does not lead any more.
     */
    private boolean dispatch(Operation outcome) {
        pace.delivering();
        baton.release();
        boolean dispatched = false;
        try {
            dispatched = crew.dispatch(this, outcome);
        } finally {
            boolean owned = baton.resume(watcher);
            if (!dispatched && owned) {
                pace.notDelivered();
                driver.ready().addFirst(outcome);
            } else if (!dispatched) {
                execute(outcome);
            }
        }
        return dispatched;
    }

    /**
     * Gives up an outcome that was refused if nobody is left to tell. Until the group has been shut down and its channels
     * closed, outcomes wait as long as it takes.
     *
     * @return false when it is to be kept
     */
    private boolean giveUp() {
        if (!closing) {
            return false;
        }
        if (crew.isDismissed()) {
            return true;
        }
        if (refusedSince == 0) {
            refusedSince = System.nanoTime() | 1;
        }
        if (System.nanoTime() - refusedSince < LAST_REFUSALS_NANOS) {
            return false;
        }
        refusesAll.tell(null);
        return true;
    }

    /** Tells whether each outcome goes to the crew by itself, because handlers are slow. */
    private boolean isSpreading() {
        return crew.spreads() && pace.isSpreading(Monitor.ticks());
    }

    private void runCommands() {
        if (taken == null) {
            taken = commands.takeAll();
        }
        while (taken != null) {
            Command command = taken;
            // Before it runs: if it throws, the next turn goes on behind it.
            taken = command.next;
            command.next = null;
            command.run(this);
        }
    }

    /**
     * Submits, waits if there is nothing to do, takes completions.
     *
     * @param patienceNanos how long to wait at most
     * @param awaitsWorker  whether there is something to do as soon as the worker that was asked for has looked in
     * @return false when nothing came
     */
    private boolean sleep(long patienceNanos, boolean awaitsWorker) {
        try {
            boolean isWorker = baton.leader() != watcher;
            boolean deliversFirst = isWorker && !driver.ready().isEmpty();
            if (!driver.armWakeUp()) {
                boolean came = driver.enter();
                if (!came && !deliversFirst && commands.isEmpty()) {
                    // The queue is full, and the kernel, or its polling thread, has not come to it yet.
                    LockSupport.parkNanos(this, FULL_QUEUE_NANOS);
                    Thread.interrupted();
                }
                return came;
            }
            if (patienceNanos == 0 || deliversFirst) {
                return driver.enter();
            }
            if (spinNanos > 0 && spin(isWorker)) {
                return true;
            }
            sleepState.fallAsleep();
            try {
                if (hasToDo(isWorker) || awaitsWorker && !isWanted()) {
                    return driver.enter();
                }
                return driver.enterAndWait(patienceNanos);
            } finally {
                if (!sleepState.awake()) {
                    signals++;
                }
                Monitor.alert();
            }
        } catch (IOException e) {
            ringFails.tell(e);
            LockSupport.parkNanos(Driver.RETRY_NANOS);
            Thread.interrupted();
            return true;
        }
    }

    private boolean hasToDo(boolean isWorker) {
        return !commands.isEmpty() || claimant.get() != null || closing && driver.isIdle() && !crew.hasTasks()
                || isWorker && crew.isWantedElsewhere(this);
    }

    /**
     * Submits, and looks for something to do for a while without sleeping; who leaves a command meanwhile need not
     * signal.
     *
     * @return false when nothing came
     */
    private boolean spin(boolean isWorker) throws IOException {
        long start = System.nanoTime();
        do {
            if (driver.enter() || hasToDo(isWorker)) {
                return true;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - start < spinNanos);
        return false;
    }

    /** Ends the loop if it shall end and nothing is left to do. Under ownership, which is gone if this is true. */
    private boolean endIfDone() {
        if (!closing || taken != null || !driver.isIdle() || crew.hasTasks() || !commands.closeIfEmpty()) {
            return false;
        }
        ended = true;
        driver.waiters.close();
        try {
            driver.close(signals);
        } catch (Throwable e) {
            // The group has to end all the same.
            endsBadly.tell(e);
        }
        baton.appoint(null);
        baton.release();
        watcher.wakeUp();
        wakeClaimant();
        crew.done();
        return true;
    }

    // ---- for the monitor and for those who look

    /**
     * Sees to it that the loop is led, and outcomes are spread if its leader is slow. The monitor's thread only.
     *
     * @return false when the loop sleeps
     */
    boolean inspect() {
        signalOwed();
        pace.sample();
        boolean wasInNeed = inNeedAtLastTick;
        inNeedAtLastTick = false;
        boolean pressing = crew.press();
        crew.absentees().look(crew);
        if (ended || sleepState.isAsleep()) {
            return pressing;
        }
        if (pace.isQuick() || !baton.isFree()) {
            return true;
        }
        Attendant leader = baton.leader();
        if (leader == null) {
            // Whoever was asked for, or is about to take the loop, should have come by the next tick.
            inNeedAtLastTick = true;
            if (wasInNeed || isWanted() && !crew.want(this)) {
                watcher.nominate();
            }
        } else if (leader.runsHandlers()
                && pace.judge(Monitor.ticks(), waits(leader.thread), driver.ready().size() > 0)) {
            watcher.nominate();
        }
        return true;
    }

    /** No switch: its table is a class of its own, and a process without descriptors may be unable to load one. */
    private static boolean waits(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING || state == Thread.State.BLOCKED;
    }

    boolean isLedBy(Attendant attendant) {
        return baton.leader() == attendant;
    }

    /**
     * Has a task run about once a second as long as any loop of the process is awake, and whenever the
     * loops of a group have ended. It wakes nobody: while all loops sleep, it does not run.
     *
     * @param task quick, never throws; called by threads of the library
     */
    public static void onActivity(Runnable task) {
        Monitor.onActivity(task);
    }

    /** How long the monitor may sleep at most while the loop is at rest. */
    long restNanos() {
        return ended ? Long.MAX_VALUE : crew.absentees().restNanos();
    }

    /** Tells whether the monitor may sleep as far as this loop is concerned. */
    boolean isAtRest() {
        return (ended || sleepState.isAsleep()) && !crew.needsMonitor();
    }

    /**
     * Tells whether the loop has delivered all and let go of its ring.
     *
     * @return true from then on
     */
    public boolean hasEnded() {
        return ended;
    }

    /** Tells whether a worker leads and sleeps, and so could be had for another loop. */
    boolean hasSleepingWorker() {
        Attendant leader = baton.leader();
        return sleepState.isAsleep() && leader != null && leader.runsHandlers();
    }

    /** Tells whether no worker leads and one should. */
    boolean lacksWorker() {
        Attendant leader = baton.leader();
        return !ended && !isSpreading() && (leader == null || !leader.runsHandlers());
    }

    /** Marks the loop as waiting for a worker; false when it was. */
    boolean markWanted() {
        return wantedSince.compareAndSet(0, System.nanoTime() | 1);
    }

    /** Tells whether a worker has been asked for that has not come yet. */
    boolean isWanted() {
        return wantedSince.get() != 0;
    }

    /** Takes the mark back: a worker has come, or none will. */
    void unmarkWanted() {
        wantedSince.set(0);
    }

    /** Has the leader look around. Any thread. */
    void rouse() {
        wakeUp();
    }

    /** Has the leader look whether the loop can end, if that is what it waits for. Any thread. */
    void rouseIfClosing() {
        if (closing) {
            wakeUp();
        }
    }

    /**
     * What the loop has done so far and has at hand; read without ownership, so the figures may be some operations
     * apart.
     *
     * @return counters since the loop was set up
     */
    public LoopStatistics statistics() {
        return new LoopStatistics(name, driver.setupFlags(), driver.submitted(), driver.completed(), driver.enters(),
                handOvers, pace.deliveries(), driver.inFlight(),
                driver.ready().size(), driver.waiting(), driver.buffersInUse());
    }

    /**
     * What the loop is doing and what is in flight on it, by channel: for a process that hangs. Waits half a second for
     * the loop at most.
     *
     * @return several lines
     */
    public String dump() {
        return LoopDump.of(this);
    }

    /**
     * Who leads the loop, and whether it sleeps.
     *
     * @return a few words
     */
    public String state() {
        Attendant leader = baton.leader();
        if (ended) {
            return "ended";
        }
        if (leader == null) {
            return "led by nobody";
        }
        String doing = sleepState.isAsleep() ? "waits in the kernel" : baton.isFree() ? "is in a handler" : "works";
        return "led by " + leader.thread.getName() + ", which " + doing + (closing ? "; closing" : "");
    }

    /**
     * The name that threads and diagnostics know the loop by.
     *
     * @return unique in the process
     */
    public String name() {
        return name;
    }

    /** The leader's thread at the time of the call, or null. */
    Thread leaderThread() {
        Attendant leader = baton.leader();
        return leader == null ? null : leader.thread;
    }

    /** Looks at the loop under ownership if that is free; null when it is not, or the loop has ended. */
    <T> T lookInPassing(Function<EventLoop, T> look) {
        if (!baton.tryTake()) {
            return null;
        }
        try {
            return ended ? null : look.apply(this);
        } finally {
            baton.release();
        }
    }

    /** Appends lines about the engine and what waits before and behind it. Under ownership. */
    void describeQueues(StringBuilder text) {
        driver.describe(text);
        text.append("  done: ").append(driver.submitted()).append(" submitted, ").append(driver.completed())
                .append(" completed, ").append(driver.enters()).append(" enters, ").append(handOvers)
                .append(" hand-overs, ").append(pace.deliveries()).append(" handlers called\n  now: ")
                .append(driver.inFlight()).append(" in flight, of which ").append(driver.waiting())
                .append(" wait to be submitted; ").append(driver.ready().size()).append(" to be delivered; ")
                .append(driver.buffersInUse()).append(" staging buffers in use\n");
    }

    /** Tells the flight recorder what {@link #statistics} tells. */
    void record() {
        LoopStatistics figures = statistics();
        Recorder.ringStatistics(name, figures.entriesSubmitted(), figures.completionsReaped(), figures.enterCalls(),
                figures.handOvers(), figures.deliveries(), figures.inFlight(), figures.buffersInUse());
    }

    /** Calls the consumer for each operation that has begun and was not delivered. Under ownership. */
    void forEachUnfinished(Consumer<? super Operation> consumer) {
        driver.forEachInFlight(consumer);
        driver.ready().forEach(consumer);
    }
}
