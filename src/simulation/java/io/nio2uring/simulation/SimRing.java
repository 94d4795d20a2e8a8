package io.nio2uring.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

import io.nio2uring.abi.Cqe;
import io.nio2uring.abi.EnterFlag;
import io.nio2uring.abi.OpFlag;
import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.SetupFlag;
import io.nio2uring.abi.SqRingFlag;
import io.nio2uring.abi.Sqe;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.RawMemory;

/** A ring on its real memory: takes submission entries, posts completion entries. */
final class SimRing extends SimFile {
    // Where things lie in the mapping of the rings.
    static final int SQ_HEAD = 0;
    static final int SQ_TAIL = 4;
    static final int SQ_FLAGS = 8;
    static final int CQ_HEAD = 16;
    static final int CQ_TAIL = 20;
    static final int CQ_OVERFLOW = 24;
    static final int ENTRIES = 64;
    private static final int CALLS_BETWEEN_PAUSES = 50;

    final int sqEntries;
    final int cqEntries;
    final int setupFlags;
    private final long rings;
    private final long sqes;
    private final Map<Long, Request> inFlight = new LinkedHashMap<>();
    /** User data of all requests so far: a cancel or a completion that comes late names no other. */
    private final Set<Long> used = new HashSet<>();
    private final Map<Integer, BufferGroup> groups = new HashMap<>();
    private final Queue<long[]> overflow = new ArrayDeque<>();
    private final List<SimThread> waiting = new ArrayList<>();
    /** Files whose requests have posted their completion, under the ring's lock, and not come to letting go of them. */
    private final Queue<SimFile> held = new ArrayDeque<>();
    private int calls;
    /** Takes the entries with {@code IORING_SETUP_SQPOLL}, else null. */
    private final SimPoller poller;
    /** Whether completions have been lost since somebody was told so. */
    private boolean lossUntold;
    private boolean ringsMapped = true;
    private boolean sqesMapped = true;

    SimRing(Kernel kernel, int sqEntries, int cqEntries, int setupFlags, int idleMillis) {
        super(kernel);
        this.sqEntries = sqEntries;
        this.cqEntries = cqEntries;
        this.setupFlags = setupFlags;
        rings = kernel.memory.allocate(arrayOffset() + sqEntries * Integer.BYTES);
        sqes = kernel.memory.allocate(sqEntries * Sqe.SIZE_BYTES);
        poller = (setupFlags & SetupFlag.SQPOLL) != 0 ? new SimPoller(this, idleMillis) : null;
    }

    int arrayOffset() {
        return ENTRIES + cqEntries * Cqe.SIZE_BYTES;
    }

    long rings() {
        return rings;
    }

    long sqes() {
        return sqes;
    }

    /** The process gives a mapping back; it has done with the ring. */
    void unmap(long address) {
        ringsMapped &= address != rings;
        sqesMapped &= address != sqes;
        kernel.memory.free(address);
    }

    boolean isMapped() {
        return ringsMapped && sqesMapped;
    }

    // ---- submission

    int enter(int toSubmit, int minComplete, int flags, long timeoutNanos) {
        Faults faults = kernel.faults;
        Rng rng = kernel.scheduler.rng;
        int taken = 0;
        if (++calls % CALLS_BETWEEN_PAUSES == 0) {
            // Who calls again and again, until something has happened, gives it time to happen.
            kernel.scheduler.pause();
        }
        if (poller != null) {
            if ((flags & EnterFlag.SQ_WAKEUP) != 0) {
                poller.wakeUp();
            }
        } else if (toSubmit > 0) {
            if (rng.oneIn(faults.refusedOneIn)) {
                kernel.count("enter: EAGAIN");
                return -Errno.EAGAIN;
            }
            if (rng.oneIn(faults.busyOneIn) || faults.busyOnOverflow && !overflow.isEmpty() && !flush()) {
                kernel.count("enter: EBUSY");
                return -Errno.EBUSY;
            }
            int most = toSubmit;
            if (toSubmit > 1 && rng.oneIn(faults.partlyOneIn)) {
                kernel.count("partly submitted");
                most = rng.between(1, toSubmit - 1);
            }
            taken = submit(most);
        }
        if ((flags & EnterFlag.GETEVENTS) != 0) {
            flush();
        }
        if ((taken == toSubmit || poller != null) && minComplete > 0) {
            int result = await(minComplete, timeoutNanos);
            if (taken > 0) {
                return taken;
            }
            lossUntold &= result != -Errno.EBADR;
            return result;
        }
        return taken;
    }

    /** Entries that are published and not taken. */
    int submittable() {
        return RawMemory.getInt(rings + SQ_TAIL) - RawMemory.getInt(rings + SQ_HEAD);
    }

    int submit(int most) {
        lock();
        int head = RawMemory.getInt(rings + SQ_HEAD);
        int count = Math.min(most, submittable());
        for (int i = 0; i < count; i++) {
            int slot = head & sqEntries - 1;
            if ((setupFlags & SetupFlag.NO_SQARRAY) == 0) {
                slot = RawMemory.getInt(rings + arrayOffset() + (long) slot * Integer.BYTES);
            }
            begin(sqes + (long) slot * Sqe.SIZE_BYTES);
            head++;
            RawMemory.putInt(rings + SQ_HEAD, head);
        }
        return count;
    }

    private void begin(long sqe) {
        int fd = RawMemory.getInt(sqe + Sqe.FD_OFFSET);
        Request request = new Request(this, sqe, kernel.file(fd));
        if (!kernel.release.supports(request.opcode)) {
            throw kernel.scheduler.fail("this kernel has no such operation: " + request);
        }
        if (request.opcode == Opcode.ASYNC_CANCEL) {
            cancel(sqe, request.userData);
            return;
        }
        if (request.opcode == Opcode.NOP) {
            kernel.later(() -> post(request.userData, 0, 0));
            return;
        }
        if (kernel.scheduler.trace.isOn()) {
            kernel.trace("submits " + request);
        }
        if (!used.add(request.userData)) {
            throw kernel.scheduler.fail("user data used twice: " + request);
        }
        inFlight.put(request.userData, request);
        request.begin();
    }

    private void cancel(long sqe, long userData) {
        int flags = RawMemory.getInt(sqe + Sqe.RW_FLAGS_OFFSET);
        long target = RawMemory.getLong(sqe + Sqe.ADDR_OFFSET);
        int result;
        if ((flags & OpFlag.ASYNC_CANCEL_ANY) != 0) {
            List<Request> all = List.copyOf(inFlight.values());
            for (Request each : all) {
                each.cancel();
                // The ring is about to be closed, which waits for it.
                each.endSubmittersSleep();
            }
            result = all.size();
        } else {
            Request found = inFlight.get(target);
            result = found == null ? -Errno.ENOENT : found.cancel();
        }
        if (kernel.scheduler.trace.isOn()) {
            kernel.trace("cancels user data 0x" + Long.toHexString(target) + ": "
                    + (result < 0 ? Errno.name(-result) : String.valueOf(result)));
        }
        kernel.count(result == -Errno.EALREADY ? "cancel: EALREADY" : result == -Errno.ENOENT ? "cancel: ENOENT"
                : "cancel: 0");
        // Linux: told before the call returns that has submitted it.
        post(userData, result, 0);
    }

    void ended(Request request) {
        inFlight.remove(request.userData);
    }

    /** Whoever has posted a completion lets go of the request's file before it gives up the lock. */
    void letGo(SimFile file) {
        if (kernel.scheduler.rng.oneIn(kernel.faults.lateLetGoOneIn)) {
            kernel.count("file let go late");
            held.add(file);
            kernel.later(this::lock);
        } else {
            file.drop();
        }
    }

    /** Takes the ring's lock, for a moment. */
    void lock() {
        for (SimFile file; (file = held.poll()) != null;) {
            file.drop();
        }
    }

    // ---- completion

    private int ready() {
        return RawMemory.getInt(rings + CQ_TAIL) - RawMemory.getInt(rings + CQ_HEAD);
    }

    /** False when the completion is lost. */
    boolean post(long userData, int result, int flags) {
        waiting.forEach(kernel.scheduler::wake);
        if (ready() == cqEntries || !overflow.isEmpty()) {
            if (kernel.lacksMemory()) {
                lose(userData);
                return false;
            }
            kernel.count("completion queue overflow");
            overflow.add(new long[] {userData, result, flags});
            setFlag(true);
        } else {
            write(userData, result, flags);
        }
        return true;
    }

    private void lose(long userData) {
        if (kernel.scheduler.trace.isOn()) {
            kernel.trace("loses the completion of user data 0x" + Long.toHexString(userData));
        }
        RawMemory.putInt(rings + CQ_OVERFLOW, RawMemory.getInt(rings + CQ_OVERFLOW) + 1);
        lossUntold = true;
        // Whoever closes the ring does not know what is still written.
        groups.values().forEach(BufferGroup::exempt);
    }

    private void write(long userData, int result, int flags) {
        int tail = RawMemory.getInt(rings + CQ_TAIL);
        long cqe = rings + ENTRIES + (long) (tail & cqEntries - 1) * Cqe.SIZE_BYTES;
        RawMemory.putLong(cqe + Cqe.USER_DATA_OFFSET, userData);
        RawMemory.putInt(cqe + Cqe.RES_OFFSET, result);
        RawMemory.putInt(cqe + Cqe.FLAGS_OFFSET, flags);
        RawMemory.putInt(rings + CQ_TAIL, tail + 1);
    }

    /** Brings what has overflowed into the queue; false when not all of it has room. */
    private boolean flush() {
        while (!overflow.isEmpty() && ready() < cqEntries) {
            long[] first = overflow.remove();
            write(first[0], (int) first[1], (int) first[2]);
        }
        setFlag(!overflow.isEmpty());
        return overflow.isEmpty();
    }

    private void setFlag(boolean overflown) {
        setFlag(SqRingFlag.CQ_OVERFLOW, overflown);
    }

    void setFlag(int flag, boolean on) {
        int others = RawMemory.getInt(rings + SQ_FLAGS) & ~flag;
        RawMemory.putInt(rings + SQ_FLAGS, on ? others | flag : others);
    }

    private int await(int minComplete, long timeoutNanos) {
        Scheduler scheduler = kernel.scheduler;
        long end = timeoutNanos < 0 ? Scheduler.NEVER : scheduler.now() + timeoutNanos;
        while (ready() < Math.min(minComplete, cqEntries)) {
            if (lossUntold) {
                return -Errno.EBADR;
            }
            if (scheduler.rng.oneIn(kernel.faults.signalOneIn)) {
                kernel.count("wait: EINTR");
                return -Errno.EINTR;
            }
            if (scheduler.now() >= end) {
                kernel.count(ready() > 0 ? "wait: some" : "wait: ETIME");
                return ready() > 0 ? 0 : -Errno.ETIME;
            }
            waiting.add(scheduler.running());
            scheduler.block("completions", end);
            waiting.remove(scheduler.running());
            flush();
        }
        return 0;
    }

    // ---- provided buffers

    int register(int id, long address, int entries) {
        BufferGroup earlier = groups.get(id);
        if (earlier != null && earlier.isRegistered()) {
            return -Errno.EEXIST;
        }
        BufferGroup group = new BufferGroup(kernel, address, entries);
        groups.put(id, group);
        if (RawMemory.getInt(rings + CQ_OVERFLOW) != 0) {
            group.exempt();
        }
        return 0;
    }

    int unregister(int id) {
        BufferGroup group = groups.get(id);
        if (group == null || !group.isRegistered()) {
            return -Errno.ENOENT;
        }
        group.unregister();
        return 0;
    }

    BufferGroup group(int id) {
        BufferGroup group = groups.get(id);
        if (group == null) {
            throw kernel.scheduler.fail("no buffer group " + id);
        }
        return group;
    }

    // ---- for the checks

    List<Request> inFlight() {
        return List.copyOf(inFlight.values());
    }

    @Override
    int poll() {
        return 0;
    }

    @Override
    void released() {
        lock();
        // What the process has not mapped, or has not given back, goes with the descriptor.
        if (ringsMapped) {
            unmap(rings);
        }
        if (sqesMapped) {
            unmap(sqes);
        }
        if (!inFlight.isEmpty()) {
            throw kernel.scheduler.fail("ring closed with operations in flight: " + inFlight.values());
        }
    }

    @Override
    public String toString() {
        return "ring";
    }
}
