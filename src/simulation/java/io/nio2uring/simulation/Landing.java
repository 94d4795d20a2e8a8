package io.nio2uring.simulation;

import java.util.ArrayList;
import java.util.List;

import io.nio2uring.abi.Iovec;
import io.nio2uring.abi.Msghdr;
import io.nio2uring.sys.RawMemory;

/** Where a receive puts its bytes: some pieces of memory, which may be filled in more than one go. */
final class Landing {
    private record Piece(long address, int length) {
    }

    private final Request request;
    private final Memory memory;
    private final List<Piece> pieces = new ArrayList<>();
    private int capacity;
    private int landed;

    private Landing(Request request, Memory memory) {
        this.request = request;
        this.memory = memory;
    }

    static Landing single(Request request, Memory memory, long address, int length) {
        Landing landing = new Landing(request, memory);
        landing.add(address, length);
        return landing;
    }

    /** The pieces of a message header's vector. */
    static Landing vectored(Request request, Memory memory, long header) {
        Landing landing = new Landing(request, memory);
        memory.check(header, Msghdr.SIZE_BYTES, request);
        long vector = RawMemory.getLong(header + Msghdr.MSG_IOV_OFFSET);
        int count = (int) RawMemory.getLong(header + Msghdr.MSG_IOVLEN_OFFSET);
        memory.check(vector, count * Iovec.SIZE_BYTES, request);
        for (int i = 0; i < count; i++) {
            long entry = vector + (long) i * Iovec.SIZE_BYTES;
            landing.add(RawMemory.getLong(entry + Iovec.IOV_BASE_OFFSET),
                    (int) RawMemory.getLong(entry + Iovec.IOV_LEN_OFFSET));
        }
        return landing;
    }

    private void add(long address, int length) {
        memory.check(address, length, request);
        pieces.add(new Piece(address, length));
        capacity += length;
    }

    int capacity() {
        return capacity;
    }

    /** Writes the bytes that are not there yet, up to a position; the memory must be lent still. */
    void land(byte[] bytes, int end) {
        int position = 0;
        for (Piece piece : pieces) {
            memory.check(piece.address, piece.length, request);
            for (int i = 0; i < piece.length && position < end; i++, position++) {
                if (position >= landed) {
                    RawMemory.putByte(piece.address + i, bytes[position]);
                }
            }
        }
        landed = end;
    }
}
