package io.nio2uring.traffic;

import java.nio.ByteBuffer;

/** Which kinds of memory the two directions of a connection use. */
enum BufferMix {
    HEAP(false, false),
    DIRECT(true, true),
    READ_HEAP_WRITE_DIRECT(false, true),
    READ_DIRECT_WRITE_HEAP(true, false);

    private final boolean readDirect;
    private final boolean writeDirect;

    BufferMix(boolean readDirect, boolean writeDirect) {
        this.readDirect = readDirect;
        this.writeDirect = writeDirect;
    }

    ByteBuffer forReading(int capacityBytes) {
        return allocate(readDirect, capacityBytes);
    }

    ByteBuffer forWriting(int capacityBytes) {
        return allocate(writeDirect, capacityBytes);
    }

    /** Where to put what is to be sent back: the buffer it was read into, if memory of that kind is to be written. */
    ByteBuffer forEchoing(ByteBuffer readBuffer) {
        return readDirect == writeDirect ? readBuffer : forWriting(readBuffer.capacity());
    }

    private static ByteBuffer allocate(boolean direct, int capacityBytes) {
        return direct ? ByteBuffer.allocateDirect(capacityBytes) : ByteBuffer.allocate(capacityBytes);
    }
}
