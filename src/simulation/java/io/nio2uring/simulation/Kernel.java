package io.nio2uring.simulation;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.nio2uring.sys.Errno;
import io.nio2uring.sys.RawMemory;
import io.nio2uring.sys.SocketAddresses;

/** The simulated kernel: descriptors, ports, rings. */
final class Kernel {
    private static final int FIRST_FD = 3;
    private static final int FIRST_PORT = 40_000;

    final Scheduler scheduler;
    final Faults faults;
    final Release release;
    final Memory memory;
    private final List<SimFile> files = new ArrayList<>();
    private final List<Integer> free = new ArrayList<>();
    /** By port or path. */
    private final Map<Object, SimSocket> bound = new HashMap<>();
    private final List<SimRing> rings = new ArrayList<>();
    private final Map<String, Integer> counts;
    private int sockets;
    /** How often something could not be opened for lack of something. */
    private int exhaustions;
    private boolean begun;
    private int losses;
    /** Opened for a process that will never know of them. */
    private final List<SimFile> lost = new ArrayList<>();

    Kernel(Scheduler scheduler, Map<String, Integer> counts) {
        this.scheduler = scheduler;
        this.counts = counts;
        faults = new Faults(scheduler.rng);
        release = new Release(scheduler.rng);
        memory = new Memory(scheduler);
    }

    /** Counts something unusual that it does. */
    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** From here on anything may happen. */
    void begin() {
        begun = true;
    }

    /** Whether what is being opened now is refused, since the system has run out of something. */
    boolean isExhausted() {
        if (!begun || !scheduler.rng.oneIn(faults.exhaustedOneIn)) {
            return false;
        }
        exhaustions++;
        count("exhausted");
        return true;
    }

    /** Whether there is no memory for a completion that has no room in its queue. */
    boolean lacksMemory() {
        if (!scheduler.rng.oneIn(faults.losesOneIn)) {
            return false;
        }
        losses++;
        count("completion lost");
        return true;
    }

    int losses() {
        return losses;
    }

    /** How many bytes of those that could be moved are moved. */
    int shortened(int most) {
        boolean less = most > 1 && scheduler.rng.oneIn(faults.shortOneIn);
        return less ? scheduler.rng.between(1, most - 1) : most;
    }

    int exhaustions() {
        return exhaustions;
    }

    void trace(String line) {
        scheduler.trace.add(scheduler, line);
    }

    void later(Runnable action) {
        scheduler.in(faults.delayNanos(scheduler.now()), action);
    }

    int nextNumber() {
        return ++sockets;
    }

    // ---- descriptors

    int install(SimFile file) {
        file.hold();
        int fd;
        if (free.isEmpty()) {
            fd = FIRST_FD + files.size();
            files.add(file);
        } else {
            fd = faults.latestFdFirst ? free.getLast() : free.stream().min(Integer::compare).get();
            free.remove((Integer) fd);
            files.set(fd - FIRST_FD, file);
        }
        if (file instanceof SimRing ring) {
            rings.add(ring);
        }
        return fd;
    }

    SimFile file(int fd) {
        int index = fd - FIRST_FD;
        return index < 0 || index >= files.size() ? null : files.get(index);
    }

    int close(int fd) {
        SimFile file = file(fd);
        if (file == null) {
            throw scheduler.fail("descriptor closed twice: " + fd);
        }
        if (scheduler.trace.isOn()) {
            trace("closes fd " + fd + " (" + file + ")");
        }
        files.set(fd - FIRST_FD, null);
        free.add(fd);
        rings.remove(file);
        file.drop();
        return 0;
    }

    /** A descriptor that nobody is told of. */
    void lose(int fd) {
        lost.add(file(fd));
    }

    /** Descriptors that are open, and that the process can know of. */
    List<SimFile> open() {
        return files.stream().filter(file -> file != null && !lost.contains(file)).toList();
    }

    SimSocket socket(int fd) {
        if (file(fd) instanceof SimSocket socket) {
            return socket;
        }
        throw scheduler.fail("a call on descriptor " + fd + ", which is no open socket");
    }

    SimRing ring(int fd) {
        if (file(fd) instanceof SimRing ring) {
            return ring;
        }
        throw scheduler.fail("a call on descriptor " + fd + ", which is no open ring");
    }

    /** The ring of which something is mapped at an address. */
    SimRing ringAt(long address) {
        for (SimRing ring : rings) {
            if (ring.rings() == address || ring.sqes() == address) {
                return ring;
            }
        }
        throw scheduler.fail("unmapped, but not mapped: 0x" + Long.toHexString(address));
    }

    // ---- addresses

    /** A port or a path. */
    Object name(long address, int length) {
        MemorySegment source = RawMemory.ALL.asSlice(address, SocketAddresses.MAX_BYTES);
        SocketAddress decoded = SocketAddresses.decode(source, length);
        return decoded instanceof UnixDomainSocketAddress unix ? unix.getPath().toString()
                : (Object) ((InetSocketAddress) decoded).getPort();
    }

    int bind(SimSocket socket, Object name) {
        if (socket.isUnix() != name instanceof String) {
            throw scheduler.fail("bound to an address of another family: " + name);
        }
        Object chosen = name;
        if (name.equals(0)) {
            int port = FIRST_PORT;
            while (bound.containsKey(port)) {
                port++;
            }
            chosen = port;
        }
        if (bound.putIfAbsent(chosen, socket) != null) {
            return -Errno.EADDRINUSE;
        }
        socket.name = chosen;
        return 0;
    }

    void unbind(SimSocket socket) {
        bound.remove(socket.name, socket);
    }

    SimSocket listener(Object name) {
        SimSocket socket = bound.get(name);
        return socket != null && socket.state == SimSocket.State.LISTENING ? socket : null;
    }

    // ---- for the checks

    /** The request that may use some memory of a user; null for none. */
    Request userOf(long address, int bytes) {
        for (SimRing ring : rings) {
            for (Request request : ring.inFlight()) {
                if (request.uses(address, bytes)) {
                    return request;
                }
            }
        }
        return null;
    }
}
