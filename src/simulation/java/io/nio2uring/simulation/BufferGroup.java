package io.nio2uring.simulation;

import java.util.HashSet;
import java.util.Set;

import io.nio2uring.abi.Buf;
import io.nio2uring.abi.BufRing;
import io.nio2uring.sys.RawMemory;

/** A ring of provided buffers, as the kernel sees it. */
final class BufferGroup {
    private final Kernel kernel;
    private final long address;
    private final int entries;
    private short head;
    private short knownTail;
    /** Buffers that the application has. */
    private final Set<Integer> away = new HashSet<>();
    private boolean registered = true;
    private boolean exempt;

    BufferGroup(Kernel kernel, long address, int entries) {
        this.kernel = kernel;
        this.address = address;
        this.entries = entries;
        for (int id = 0; id < entries; id++) {
            away.add(id);
        }
    }

    /** Takes what the application has given back. */
    private void refill() {
        short tail = RawMemory.getShort(address + BufRing.TAIL_OFFSET);
        for (; knownTail != tail; knownTail++) {
            int id = RawMemory.getShort(entry(knownTail) + Buf.BID_OFFSET) & 0xffff;
            if (!away.remove(id)) {
                throw kernel.scheduler.fail("buffer " + id + " given back twice");
            }
        }
    }

    private long entry(short cursor) {
        return address + (long) (cursor & entries - 1) * Buf.SIZE_BYTES;
    }

    boolean isEmpty() {
        if (!registered) {
            return true;
        }
        refill();
        return head == knownTail;
    }

    long headAddress() {
        return RawMemory.getLong(entry(head) + Buf.ADDR_OFFSET);
    }

    int headLength() {
        return RawMemory.getInt(entry(head) + Buf.LEN_OFFSET);
    }

    int take() {
        int id = RawMemory.getShort(entry(head) + Buf.BID_OFFSET) & 0xffff;
        away.add(id);
        head++;
        return id;
    }

    /** Nobody knows any more which buffers are in use: neither these nor the memory need be given back. */
    void exempt() {
        exempt = true;
        kernel.memory.exempt(address);
    }

    /** Requests that wait find nothing in it from now on. */
    void unregister() {
        if (missing() != 0 && !exempt) {
            throw kernel.scheduler.fail(missing() + " provided buffers were never given back");
        }
        registered = false;
    }

    boolean isRegistered() {
        return registered;
    }

    /** Buffers that the application has kept. */
    private int missing() {
        refill();
        return away.size();
    }
}
