package io.nio2uring.simulation;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;

import io.nio2uring.abi.CqeFlag;
import io.nio2uring.abi.Iovec;
import io.nio2uring.abi.Msghdr;
import io.nio2uring.abi.OpFlag;
import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.SocketConstant;
import io.nio2uring.abi.Sqe;
import io.nio2uring.abi.SqeFlag;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.RawMemory;
import io.nio2uring.sys.SocketAddresses;

/**
 * An entry that the kernel took, until its final completion.
 *
 * <p>It runs when it is submitted or soon after; if it cannot do anything it waits for its file, and is looked at again
 * some time after that has changed. A cancel that hits makes it end at its next look, with or without success. Until its
 * completion it may write into its memory, also after it was cancelled.
 */
final class Request {
    private enum Stage {
        /** Will be looked at by an event that is under way. */
        DUE,
        /** Waits for its file to change. */
        WAITING,
        /** Has taken the bytes from its file, and is still writing them to memory. */
        COPYING, ENDED
    }

    final int opcode;
    final int fd;
    final long userData;
    private final Kernel kernel;
    private final SimRing ring;
    private final SimFile file;
    private final SimThread submitter;
    private final int sqeFlags;
    private final int bufferGroup;
    private final long off;
    private final long address;
    private final int length;
    private final int opFlags;
    private final boolean multishot;
    private Stage stage = Stage.DUE;
    private boolean hasWaited;
    private boolean dying;
    /** Cancelled while its submitter slept on a disk: nothing but that can come of it any more. */
    private boolean withdrawn;
    private boolean handshakeBegun;

    /** Copies an entry of the queue. */
    Request(SimRing ring, long sqe, SimFile file) {
        this.ring = ring;
        this.kernel = ring.kernel;
        this.file = file;
        submitter = kernel.scheduler.running();
        opcode = Byte.toUnsignedInt(RawMemory.getByte(sqe + Sqe.OPCODE_OFFSET));
        sqeFlags = Byte.toUnsignedInt(RawMemory.getByte(sqe + Sqe.FLAGS_OFFSET));
        fd = RawMemory.getInt(sqe + Sqe.FD_OFFSET);
        off = RawMemory.getLong(sqe + Sqe.OFF_OFFSET);
        address = RawMemory.getLong(sqe + Sqe.ADDR_OFFSET);
        length = RawMemory.getInt(sqe + Sqe.LEN_OFFSET);
        opFlags = RawMemory.getInt(sqe + Sqe.RW_FLAGS_OFFSET);
        userData = RawMemory.getLong(sqe + Sqe.USER_DATA_OFFSET);
        bufferGroup = RawMemory.getShort(sqe + Sqe.BUF_INDEX_OFFSET) & 0xffff;
        multishot = opcode == Opcode.POLL_ADD && (length & OpFlag.POLL_ADD_MULTI) != 0;
    }

    void begin() {
        if (file == null) {
            throw kernel.scheduler.fail("an entry names descriptor " + fd + ", which is closed: " + this);
        }
        file.hold();
        if (opcode != Opcode.POLL_ADD && file.isBusyWith(this)) {
            throw kernel.scheduler.fail("two at once on one file: " + this);
        }
        file.await(this);
        if (kernel.scheduler.rng.oneIn(kernel.faults.inlineOneIn)) {
            run();
        } else {
            kernel.later(this::run);
        }
    }

    /** The file has changed. */
    void look() {
        if (stage == Stage.WAITING && (isReady() || multishot)) {
            stage = Stage.DUE;
            kernel.later(this::run);
        }
    }

    private boolean isReady() {
        return switch (opcode) {
            case Opcode.POLL_ADD -> (file.poll() & opFlags) != 0;
            case Opcode.RECV, Opcode.RECVMSG -> ((SimSocket) file).canReceive();
            case Opcode.SEND, Opcode.SENDMSG -> ((SimSocket) file).canSend();
            case Opcode.ACCEPT -> ((SimSocket) file).canAccept();
            case Opcode.CONNECT -> handshakeBegun && ((SimSocket) file).hasHandshakeEnded();
            default -> throw kernel.scheduler.fail("not simulated: " + this);
        };
    }

    private void run() {
        if (stage == Stage.ENDED) {
            return;
        }
        if (isHeld()) {
            submitter.held.add(this);
            return;
        }
        if (withdrawn) {
            end(-Errno.ECANCELED, 0);
            return;
        }
        Rng rng = kernel.scheduler.rng;
        // With a thread of the kernel that submits there is always one.
        if (hasWaited && submitter != null && submitter.ended) {
            // Linux: nobody is left in whose context the request could go on.
            end(-Errno.ECANCELED, 0);
            return;
        }
        if (!beginHandshake()) {
            return;
        }
        if (opcode != Opcode.POLL_ADD && !dying) {
            int fault = rng.oneIn(kernel.faults.interruptedOneIn) ? Errno.EINTR
                    : rng.oneIn(kernel.faults.againOneIn) ? Errno.EAGAIN
                            : rng.oneIn(kernel.faults.unaskedOneIn) ? Errno.ECANCELED : 0;
            if (fault != 0) {
                kernel.count(Errno.name(fault));
                end(-fault, 0);
                return;
            }
        }
        if (isReady()) {
            perform();
        } else if (dying) {
            end(-Errno.ECANCELED, 0);
        } else if (opcode == Opcode.SEND && (opFlags & SocketConstant.MSG_DONTWAIT) != 0) {
            end(-Errno.EAGAIN, 0);
        } else {
            stage = Stage.WAITING;
            hasWaited = true;
        }
    }

    /** False when it fails at once, which ends the request. */
    private boolean beginHandshake() {
        if (opcode == Opcode.CONNECT && !handshakeBegun) {
            kernel.memory.check(address, (int) off, this);
            int result = ((SimSocket) file).connect(kernel.name(address, (int) off));
            handshakeBegun = result == 0;
            if (result < 0) {
                end(result, 0);
            }
            return handshakeBegun;
        }
        return true;
    }

    /** Linux: what has waited for its file goes on in the context of its submitter. */
    private boolean isHeld() {
        return hasWaited && submitter != null && submitter.onDisk;
    }

    /** Whether it does not touch its file any more. */
    boolean isWithdrawn() {
        return withdrawn;
    }

    /** The disk that its submitter may wait for answers. */
    void endSubmittersSleep() {
        if (submitter != null) {
            submitter.endSleepOnDisk();
        }
    }

    /** The submitter goes on. */
    void resume() {
        kernel.later(this::run);
    }

    private void perform() {
        switch (opcode) {
            case Opcode.POLL_ADD -> poll();
            case Opcode.RECV, Opcode.RECVMSG -> receive((SimSocket) file);
            case Opcode.SEND, Opcode.SENDMSG -> send((SimSocket) file);
            case Opcode.ACCEPT -> accept((SimSocket) file);
            default -> end(-((SimSocket) file).takeError(), 0);
        }
    }

    private void poll() {
        if (multishot && !dying && !kernel.scheduler.rng.oneIn(kernel.faults.endsEarlyOneIn)) {
            stage = Stage.WAITING;
            hasWaited = true;
            if (ring.post(userData, file.poll() & opFlags, CqeFlag.MORE)) {
                return;
            }
            // Linux: what cannot tell of something does not go on.
        }
        end(file.poll() & opFlags, 0);
    }

    private void receive(SimSocket socket) {
        Memory memory = kernel.memory;
        if (opcode == Opcode.RECVMSG) {
            receive(socket, Landing.vectored(this, memory, address), null);
            return;
        }
        if ((sqeFlags & SqeFlag.BUFFER_SELECT) == 0) {
            receive(socket, Landing.single(this, memory, address, length), null);
            return;
        }
        BufferGroup group = ring.group(bufferGroup);
        if (group.isEmpty()) {
            kernel.count("ENOBUFS");
            end(-Errno.ENOBUFS, 0);
            return;
        }
        int capacity = length == 0 ? group.headLength() : Math.min(length, group.headLength());
        receive(socket, Landing.single(this, memory, group.headAddress(), capacity), group);
    }

    /** Into the buffer at the head of the group, if there is one. */
    private void receive(SimSocket socket, Landing landing, BufferGroup group) {
        Rng rng = kernel.scheduler.rng;
        byte[] bytes = new byte[kernel.shortened(landing.capacity())];
        int result = socket.receive(bytes);
        // At the end of the stream some kernels consume the buffer all the same.
        boolean consumed = group != null && (result > 0 || result == 0 && rng.oneIn(2));
        int flags = socket.hasMore() ? CqeFlag.SOCK_NONEMPTY : 0;
        if (result == 0 && flags != 0) {
            kernel.count("receive: 0 with SOCK_NONEMPTY");
        }
        int allFlags = flags | (consumed ? CqeFlag.BUFFER | group.take() << CqeFlag.BUFFER_SHIFT : 0);
        if (result > 0 && rng.oneIn(kernel.faults.slowCopyOneIn)) {
            kernel.count("slow copy");
            stage = Stage.COPYING;
            landing.land(bytes, rng.below(result));
            kernel.later(() -> {
                landing.land(bytes, result);
                end(result, allFlags);
            });
        } else {
            landing.land(bytes, Math.max(result, 0));
            end(result, allFlags);
        }
    }

    private void send(SimSocket socket) {
        if (opcode == Opcode.SENDMSG) {
            end(sendVector(socket), 0);
            return;
        }
        kernel.memory.check(address, length, this);
        end(socket.send(address, kernel.shortened(length)), 0);
    }

    private int sendVector(SimSocket socket) {
        kernel.memory.check(address, Msghdr.SIZE_BYTES, this);
        long vector = RawMemory.getLong(address + Msghdr.MSG_IOV_OFFSET);
        int count = (int) RawMemory.getLong(address + Msghdr.MSG_IOVLEN_OFFSET);
        kernel.memory.check(vector, count * Iovec.SIZE_BYTES, this);
        int total = 0;
        int most = kernel.shortened(1_000_000);
        for (int i = 0; i < count && total < most; i++) {
            long base = RawMemory.getLong(vector + (long) i * Iovec.SIZE_BYTES + Iovec.IOV_BASE_OFFSET);
            int size = (int) RawMemory.getLong(vector + (long) i * Iovec.SIZE_BYTES + Iovec.IOV_LEN_OFFSET);
            kernel.memory.check(base, size, this);
            int result = socket.send(base, Math.min(size, most - total));
            if (result < 0) {
                return total > 0 ? total : result;
            }
            total += result;
            if (result < size) {
                break;
            }
        }
        return total;
    }

    private void accept(SimSocket listener) {
        if (kernel.isExhausted()) {
            end(-kernel.scheduler.rng.pick(Errno.EMFILE, Errno.ENFILE), 0);
            return;
        }
        SimSocket accepted = listener.accept();
        if (accepted == null) {
            end(-Errno.EINVAL, 0);
            return;
        }
        if (address != 0) {
            kernel.memory.check(address, SocketAddresses.MAX_BYTES, this);
            MemorySegment target = RawMemory.ALL.asSlice(address, SocketAddresses.MAX_BYTES);
            RawMemory.putInt(off, accepted.isUnix()
                    ? SocketAddresses.encode(UnixDomainSocketAddress.of(""), SocketConstant.AF_UNIX, target)
                    : SocketAddresses.encode(new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000),
                            SocketConstant.AF_INET6, target));
        }
        int accepteds = kernel.install(accepted);
        accepted.drop();
        end(accepteds, 0);
    }

    private void end(int result, int flags) {
        stage = Stage.ENDED;
        file.forget(this);
        ring.ended(this);
        if (kernel.scheduler.trace.isOn()) {
            kernel.trace("ends " + this + ": " + (result < 0 ? Errno.name(-result) : String.valueOf(result)));
        }
        if (!ring.post(userData, result, flags) && opcode == Opcode.ACCEPT && result >= 0) {
            kernel.lose(result);
        }
        ring.letGo(file);
    }

    // ---- cancel

    /** Asks for the end: the result of the cancel. */
    int cancel() {
        Rng rng = kernel.scheduler.rng;
        // Linux: nobody but its submitter can be in the middle of it, or the one that copies.
        boolean atRest = submitter != null && submitter.onDisk && stage != Stage.COPYING;
        boolean late = rng.oneIn(kernel.faults.lateCancelOneIn) && !atRest;
        dying = true;
        if (atRest) {
            // Linux: that has been done when it was submitted.
            if (!beginHandshake()) {
                return -Errno.ENOENT;
            }
            kernel.count("withdrawn");
            withdrawn = true;
            file.withdrawn();
        }
        if (stage == Stage.WAITING) {
            stage = Stage.DUE;
            kernel.later(this::run);
            return late ? -Errno.EALREADY : 0;
        }
        if (stage == Stage.COPYING) {
            return -Errno.EALREADY;
        }
        return late ? rng.pick(-Errno.EALREADY, -Errno.ENOENT) : 0;
    }

    /** Whether the kernel may still read or write some of this memory on behalf of this request. */
    boolean uses(long start, int size) {
        return !withdrawn && switch (opcode) {
            case Opcode.RECV, Opcode.SEND -> (sqeFlags & SqeFlag.BUFFER_SELECT) == 0 && address < start + size
                    && start < address + length;
            case Opcode.RECVMSG, Opcode.SENDMSG -> usesVector(start, size);
            default -> false;
        };
    }

    private boolean usesVector(long start, int size) {
        long vector = RawMemory.getLong(address + Msghdr.MSG_IOV_OFFSET);
        int count = (int) RawMemory.getLong(address + Msghdr.MSG_IOVLEN_OFFSET);
        for (int i = 0; i < count; i++) {
            long base = RawMemory.getLong(vector + (long) i * Iovec.SIZE_BYTES + Iovec.IOV_BASE_OFFSET);
            long length = RawMemory.getLong(vector + (long) i * Iovec.SIZE_BYTES + Iovec.IOV_LEN_OFFSET);
            if (base < start + size && start < base + length) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        String name = switch (opcode) {
            case Opcode.POLL_ADD -> "poll";
            case Opcode.RECV -> "recv";
            case Opcode.RECVMSG -> "recvmsg";
            case Opcode.SEND -> "send";
            case Opcode.SENDMSG -> "sendmsg";
            case Opcode.ACCEPT -> "accept";
            case Opcode.CONNECT -> "connect";
            default -> "opcode " + opcode;
        };
        return name + "(fd " + fd + ", user data 0x" + Long.toHexString(userData) + ")" + (dying ? ", cancelled" : "");
    }
}
