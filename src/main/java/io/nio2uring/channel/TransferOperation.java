package io.nio2uring.channel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import io.nio2uring.abi.CqeFlag;
import io.nio2uring.abi.Iovec;
import io.nio2uring.abi.Msghdr;
import io.nio2uring.abi.SocketConstant;
import io.nio2uring.loop.CallersMemory;
import io.nio2uring.loop.StagingBuffers;
import io.nio2uring.loop.WaitingLine;
import io.nio2uring.ring.IoUring;
import io.nio2uring.ring.ProvidedBufferRing;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.RawMemory;

/**
 * A read or a write.
 *
 * <p>Bytes take one of three ways:
 * <ul>
 * <li><em>direct</em>: one buffer whose memory the kernel may use as it is;</li>
 * <li><em>vectored</em>: several such buffers, as one {@code recvmsg} or {@code sendmsg};</li>
 * <li><em>copied</em>: through memory of ours. A read takes a provided buffer, which the kernel picks when bytes
 * arrive, so a pending read holds none. A write goes out of a staging buffer with a send that does not wait; when the
 * socket is full, the buffer is given back, and the write waits for the socket holding nothing.</li>
 * </ul>
 *
 * <p>What has a future always takes the third, since its user may cancel it and have the buffer back at any time, also
 * when the loop cannot answer at once.
 */
final class TransferOperation extends ChannelOperation<Number> {
    private enum Way {
        DIRECT, VECTORED, COPIED
    }

    /** The most that the kernel takes in one vector: {@code UIO_MAXIOV}. */
    private static final int MAX_VECTOR = 1024;
    private static final ByteBuffer[] NONE = {};
    private static final int MOST_PASSES = 64;

    private final Direction direction;
    private final BufferAddress lastBuffer = new BufferAddress();
    /** Holds a buffer that is transferred alone. */
    private final ByteBuffer[] single = new ByteBuffer[1];
    /**
     * What is transferred: {@link #single}, or the user's buffers. Not a buffer that is null when there are several: where
     * one method asked for that again and again, the compiler of JDK 25.0.3 looked into it before it had asked (compare
     * JDK-8275610 and JDK-8385420), and the virtual machine was at its end.
     */
    private ByteBuffer[] buffers = NONE;
    private Way way;
    /** Of the single buffer's first remaining byte; 0 for several, or one on the heap, or whose memory can be freed. */
    private long address;
    /** How much remained in the single buffer; whoever changes it in flight must not have the kernel go beyond it. */
    private int lengthBytes;
    /** Of the vectored way: a message header followed by its vector; ours until the final completion. */
    private MemorySegment vector;
    /** Out of which the kernel picks a buffer for a copied read. */
    private ProvidedBufferRing receiveBuffers;
    /** Of a copied write that is in the kernel; -1 for none. */
    private int staging = -1;
    /** Whether a copied write waits for the socket to take more. */
    private boolean awaitingRoom;
    /** On the portable engine, what holds the bytes of a copied read between the attempt and its completion. */
    private ByteBuffer arrived;
    /** On the portable engine, whether the last read left more to be read. */
    private boolean likelyReady;
    /** On the portable engine, whether a read has told of the connection's failure. */
    private boolean failureTold;
    /** How often not to try on the starting thread, and how often after the next time that the socket was not ready. */
    private int passes;
    private int passesNext = 1;
    private long result;
    /** The last result as an object: a channel's transfers tend to be of one size, and so to allocate nothing. */
    private Number boxed = 0;

    TransferOperation(Endpoint endpoint, Direction direction) {
        super(endpoint, direction == Direction.READ ? Endpoint.READING : Endpoint.WRITING,
                direction == Direction.READ ? Endpoint.READ_KILLED : Endpoint.WRITE_KILLED);
        this.direction = direction;
    }

    /** Address of a buffer's byte 0; 0 when the kernel must not be given this buffer. To whom the busy flag belongs. */
    long startOf(ByteBuffer single) {
        return lastBuffer.startOf(single);
    }

    /**
     * Sets what to transfer: one buffer with something remaining. After {@code setHandler} or {@code newFuture}.
     *
     * @param start as {@link #startOf} gives it
     */
    void setBuffer(ByteBuffer buffer, long start) {
        int position = buffer.position();
        single[0] = buffer;
        buffers = single;
        address = start == 0 ? 0 : start + position;
        lengthBytes = Math.max(0, buffer.limit() - position);
        way = start == 0 || hasFuture() ? Way.COPIED : Way.DIRECT;
    }

    /** Sets what to transfer: some buffers, of which the array is the operation's own. */
    void setBuffers(ByteBuffer[] several) {
        buffers = several;
        address = 0;
        way = !hasFuture() && allNative(several) ? Way.VECTORED : Way.COPIED;
    }

    private static boolean allNative(ByteBuffer[] several) {
        for (ByteBuffer each : several) {
            if (Buffers.address(each) == 0) {
                return false;
            }
        }
        return true;
    }

    // ---- on the thread that starts it

    /**
     * Tells whether the calling thread, which has set what to transfer, should try by itself: the buffer can be used without
     * waiting for anybody, and the socket is likely to be ready.
     */
    boolean isWorthTrying() {
        if (!hasAddress() && !single[0].hasArray()) {
            return false;
        }
        if (passes > 0) {
            passes--;
            return false;
        }
        return true;
    }

    @Override
    protected Verdict attempt(CallersMemory memory) {
        boolean copies = !hasAddress();
        long at = address;
        int length = lengthBytes;
        if (copies) {
            at = memory.address();
            length = direction == Direction.READ ? Math.min(lengthBytes, memory.sizeBytes())
                    : copyTo(at, memory.sizeBytes());
        }
        int count = endpoint.move(direction, at, length, memory.errno());
        if (count == -Errno.EAGAIN) {
            passes = passesNext;
            passesNext = Math.min(2 * passesNext, MOST_PASSES);
        } else {
            passesNext = 1;
        }
        return direction == Direction.READ ? takeRead(count, copies ? at : 0) : takeWrite(count);
    }

    // ---- to the kernel

    @Override
    protected boolean prepare(IoUring ring, long userData) {
        return switch (way) {
            case DIRECT -> direction == Direction.READ
                    ? ring.prepRecv(endpoint.fd, address, lengthBytes, 0, userData)
                    : ring.prepSend(endpoint.fd, address, lengthBytes, SocketConstant.MSG_NOSIGNAL, userData);
            case VECTORED -> prepareVectored(ring, userData);
            case COPIED -> direction == Direction.READ ? prepareCopiedRead(ring, userData)
                    : prepareCopiedWrite(ring, userData);
        };
    }

    @Override
    protected WaitingLine line() {
        if (way != Way.COPIED || awaitingRoom) {
            return null;
        }
        return direction == Direction.READ ? endpoint.loop.receiveLine() : endpoint.loop.stagingLine();
    }

    private boolean prepareVectored(IoUring ring, long userData) {
        if (vector == null) {
            vector = newVector();
        }
        return direction == Direction.READ ? ring.prepRecvmsg(endpoint.fd, vector.address(), 0, userData)
                : ring.prepSendmsg(endpoint.fd, vector.address(), SocketConstant.MSG_NOSIGNAL, userData);
    }

    private MemorySegment newVector() {
        int count = 0;
        for (int i = 0; i < buffers.length && count < MAX_VECTOR; i++) {
            count += buffers[i].hasRemaining() ? 1 : 0;
        }
        MemorySegment memory = NativeMemory.calloc(Msghdr.SIZE_BYTES + (long) count * Iovec.SIZE_BYTES);
        long header = memory.address();
        long iovec = header + Msghdr.SIZE_BYTES;
        RawMemory.putLong(header + Msghdr.MSG_IOV_OFFSET, iovec);
        RawMemory.putLong(header + Msghdr.MSG_IOVLEN_OFFSET, count);
        // Users who change a buffer meanwhile get what they ask for, but not beyond its end; there may be fewer then, or more.
        for (int i = 0; i < buffers.length && count > 0; i++) {
            int position = buffers[i].position();
            int remaining = buffers[i].limit() - position;
            if (remaining > 0) {
                RawMemory.putLong(iovec + Iovec.IOV_BASE_OFFSET, Buffers.start(buffers[i]) + position);
                RawMemory.putLong(iovec + Iovec.IOV_LEN_OFFSET, remaining);
                iovec += Iovec.SIZE_BYTES;
                count--;
            }
        }
        return memory;
    }

    private boolean prepareCopiedRead(IoUring ring, long userData) {
        receiveBuffers = endpoint.loop.receiveBuffers();
        return ring.prepRecvSelect(endpoint.fd, receiveBuffers.group(), remaining(), 0, userData);
    }

    private boolean prepareCopiedWrite(IoUring ring, long userData) {
        if (awaitingRoom) {
            return ring.prepPollAdd(endpoint.fd, SocketConstant.POLLOUT, false, userData);
        }
        StagingBuffers stock = endpoint.loop.stagingBuffers();
        staging = stock.acquire();
        if (staging < 0) {
            return false;
        }
        long target = stock.address(staging);
        int copied = fill(target, stock.sizeBytes());
        if (copied >= 0 && ring.prepSend(endpoint.fd, target, copied,
                SocketConstant.MSG_NOSIGNAL | SocketConstant.MSG_DONTWAIT, userData)) {
            return true;
        }
        releaseStaging();
        return false;
    }

    /** Copies what is to be written; -1 when the user has cancelled, and may be using the buffer for something else. */
    private int fill(long target, int capacityBytes) {
        OperationFuture<?> cancellable = future();
        if (cancellable == null) {
            return copyTo(target, capacityBytes);
        }
        // Under this lock nobody can cancel.
        synchronized (cancellable) {
            return cancellable.isCancelled() ? -1 : copyTo(target, capacityBytes);
        }
    }

    private int copyTo(long target, int capacityBytes) {
        if (hasAddress()) {
            int part = Math.min(lengthBytes, capacityBytes);
            RawMemory.copy(address, target, part);
            return part;
        }
        int copied = 0;
        for (int i = 0; i < buffers.length && copied < capacityBytes; i++) {
            ByteBuffer source = buffers[i];
            int part = Math.min(source.remaining(), capacityBytes - copied);
            Buffers.get(source, target + copied, part);
            copied += part;
        }
        return copied;
    }

    /** Whether there is one buffer whose memory stays as long as the buffer does: copying needs no segment then. */
    private boolean hasAddress() {
        return address != 0;
    }

    private void releaseStaging() {
        if (staging >= 0) {
            endpoint.loop.stagingBuffers().release(staging);
            staging = -1;
        }
    }

    // ---- without a ring

    @Override
    protected int attempt() throws IOException {
        SocketChannel socket = ((SelectableSocket) endpoint.socket).stream();
        try {
            return direction == Direction.READ ? attemptRead(socket) : attemptWrite(socket);
        } catch (SocketException e) {
            if (direction == Direction.READ) {
                if (failureTold) {
                    // The system tells of a failure once, and then of the end; the general channels repeat themselves.
                    return 0;
                }
                failureTold = true;
            }
            // The special type of the general channels, for what the asynchronous ones have the general one.
            throw new IOException(e.getMessage(), e);
        }
    }

    private int attemptRead(SocketChannel socket) throws IOException {
        arrived = null;
        int room = remaining();
        long count;
        switch (way) {
            case DIRECT -> {
                int start = single[0].position();
                count = socket.read(single[0]);
                // As on a ring, the bytes count when it is certain that they are the outcome.
                single[0].position(start);
            }
            case VECTORED -> count = socket.read(duplicates());
            default -> {
                ByteBuffer scratch = endpoint.loop.scratch().forRead(room);
                count = socket.read(scratch);
                arrived = scratch;
            }
        }
        likelyReady = count == room || arrived != null && count == arrived.limit();
        // The end is 0 to the kernel.
        return count == 0 ? NOT_YET : (int) Math.max(count, 0);
    }

    private int attemptWrite(SocketChannel socket) throws IOException {
        long count;
        try {
            switch (way) {
                case DIRECT -> {
                    int start = single[0].position();
                    count = socket.write(single[0]);
                    single[0].position(start);
                }
                case VECTORED -> count = socket.write(duplicates());
                default -> {
                    ByteBuffer scratch = endpoint.loop.scratch().forWrite();
                    fill(scratch);
                    count = socket.write(scratch.flip());
                }
            }
        } catch (ClosedChannelException e) {
            // Output was shut down under a pending write, which is what the kernel says then.
            throw new IOException("Broken pipe", e);
        }
        return count == 0 ? NOT_YET : (int) Math.min(count, Integer.MAX_VALUE);
    }

    /** As {@link #fill(long, int)}. */
    private void fill(ByteBuffer scratch) {
        OperationFuture<?> cancellable = future();
        if (cancellable == null) {
            copyTo(scratch);
            return;
        }
        synchronized (cancellable) {
            if (!cancellable.isCancelled()) {
                copyTo(scratch);
            }
        }
    }

    private void copyTo(ByteBuffer scratch) {
        for (int i = 0; i < buffers.length && scratch.hasRemaining(); i++) {
            Buffers.get(buffers[i], scratch);
        }
    }

    private ByteBuffer[] duplicates() {
        ByteBuffer[] copies = new ByteBuffer[buffers.length];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = buffers[i].duplicate();
        }
        return copies;
    }

    @Override
    protected int interest() {
        return direction == Direction.READ ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
    }

    @Override
    protected boolean isLikelyReady() {
        return direction == Direction.WRITE || likelyReady;
    }

    // ---- from the kernel

    @Override
    Verdict take(int kernelResult, int flags) {
        releaseStaging();
        Verdict verdict = direction == Direction.READ ? takeCompletion(kernelResult, flags) : takeWrite(kernelResult);
        if (vector != null && verdict != Verdict.AGAIN && verdict != Verdict.LATER) {
            releaseVector();
        }
        return verdict;
    }

    @Override
    void release() {
        releaseStaging();
        releaseVector();
    }

    private void releaseVector() {
        if (vector != null) {
            NativeMemory.free(vector);
            vector = null;
        }
    }

    private Verdict takeCompletion(int count, int flags) {
        if ((flags & CqeFlag.BUFFER) == 0) {
            return takeRead(count, 0);
        }
        ProvidedBufferRing buffers = receiveBuffers;
        int chosen = flags >>> CqeFlag.BUFFER_SHIFT;
        try {
            return takeRead(count, buffers.address(chosen));
        } finally {
            // If there are others meanwhile, nobody takes from these any more.
            if (buffers == endpoint.loop.receiveBuffers()) {
                buffers.recycle(chosen);
            }
        }
    }

    /** From is where memory of ours has the bytes; 0 when they are in the user's buffer. */
    private Verdict takeRead(int count, long from) {
        if (count > 0) {
            return transferred(count, from);
        }
        if (count == 0) {
            // One shot into at least one byte: always the end. SOCK_NONEMPTY says nothing here, since TCP sets it after
            // a FIN as well, to have the reader read once more (net/ipv4/tcp.c, tcp_inq_hint).
            return transferred(-1, 0);
        }
        return switch (-count) {
            case Errno.ENOBUFS -> Verdict.LATER;
            case Errno.EINTR, Errno.EAGAIN -> Verdict.AGAIN;
            case Errno.ECANCELED -> cancelled();
            case Errno.ECONNRESET -> failed("Connection reset");
            default -> failed(Errno.text(-count));
        };
    }

    private Verdict takeWrite(int count) {
        if (awaitingRoom && count != -Errno.ECANCELED) {
            // Whatever the poll says, the next send finds out.
            awaitingRoom = false;
            return Verdict.AGAIN;
        }
        if (count >= 0) {
            return transferred(count, 0);
        }
        // A copied write does not wait in the kernel, since it would hold its buffer for as long.
        awaitingRoom = way == Way.COPIED && count == -Errno.EAGAIN;
        return switch (-count) {
            case Errno.EAGAIN, Errno.EINTR -> Verdict.AGAIN;
            case Errno.ECANCELED -> cancelled();
            default -> failed(Errno.text(-count));
        };
    }

    private Verdict failed(String message) {
        return endpoint.isOpen() ? fail(new IOException(message)) : cancelled();
    }

    /**
     * Ends the operation with a count.
     *
     * @param from where memory of ours has the bytes; 0 when there is nothing to be copied
     */
    private Verdict transferred(int count, long from) {
        // What a write that began before the close has sent, it has sent.
        if (direction == Direction.READ && !endpoint.isOpen()) {
            return cancelled();
        }
        if (!claim()) {
            return abandon();
        }
        try {
            if (from != 0) {
                copyFrom(from, count);
            } else if (arrived != null && count > 0) {
                copyFrom(arrived.flip());
            } else if (count > 0) {
                advance(count);
            }
        } catch (IllegalStateException e) {
            // The buffer's arena was closed meanwhile; the bytes have nowhere to go, so no others may follow.
            kill();
            return end(new IOException("the buffer's memory was released during the " + direction.verb(), e));
        }
        result = count;
        if (direction == Direction.WRITE) {
            endpoint.bytesWritten += count;
        } else if (count > 0) {
            endpoint.bytesRead += count;
        }
        return end(null);
    }

    private void copyFrom(long source, int count) {
        if (hasAddress()) {
            int part = Math.min(count, lengthBytes);
            RawMemory.copy(source, address, part);
            advance(part);
            return;
        }
        long from = source;
        int left = count;
        for (int i = 0; i < buffers.length && left > 0; i++) {
            ByteBuffer target = buffers[i];
            int part = Math.min(target.remaining(), left);
            if (part > 0) {
                Buffers.put(target, from, part);
                from += part;
                left -= part;
            }
        }
    }

    private void copyFrom(ByteBuffer source) {
        for (int i = 0; i < buffers.length && source.hasRemaining(); i++) {
            Buffers.put(buffers[i], source);
        }
    }

    /** Less far if the buffers have been changed meanwhile, and have less room than what was transferred. */
    private void advance(int count) {
        int left = count;
        for (int i = 0; i < buffers.length && left > 0; i++) {
            ByteBuffer each = buffers[i];
            int position = each.position();
            int part = Math.min(Math.max(0, each.limit() - position), left);
            each.position(position + part);
            left -= part;
        }
    }

    // ---- parameters and result

    private boolean isSingle() {
        return buffers == single;
    }

    private int remaining() {
        if (isSingle()) {
            return lengthBytes;
        }
        long sum = 0;
        for (ByteBuffer each : buffers) {
            sum += each.remaining();
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    @Override
    Number value() {
        boolean isInt = isSingle();
        if (boxed.longValue() != result || boxed instanceof Integer != isInt) {
            // A conditional expression would promote the one to the other.
            boxed = isInt ? Integer.valueOf((int) result) : (Number) Long.valueOf(result);
        }
        return boxed;
    }

    @Override
    void reset() {
        single[0] = null;
        buffers = NONE;
        arrived = null;
        awaitingRoom = false;
    }

    @Override
    String kind() {
        return direction.verb();
    }
}
