package io.nio2uring.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

import io.nio2uring.sys.RawMemory;

/**
 * The access modes of everything that is shared with the kernel; no other class of this package names one.
 *
 * <p>A ring has two cursors, free-running unsigned 32-bit counters that wrap at 2³²: each has one writer, and the
 * distance of the two is the number of entries between them. The rule is the same for all of them: a side reads its
 * own cursor plainly (here it is even kept in a Java field), reads the other side's with acquire, so that the entries
 * that it covers are seen, and publishes its own with release, after its last access to the entries that it gives
 * away.
 *
 * <table>
 * <caption>What is shared</caption>
 * <tr><th>word<th>written by<th>read by<th>mode here<th>partner in the kernel
 * <tr><td>SQ tail<td>application<td>kernel<td>{@link #publish}<td>{@code smp_load_acquire} in
 *   {@code io_sqring_entries}
 * <tr><td>SQ head<td>kernel<td>application<td>{@link #theirs}<td>{@code smp_store_release} in
 *   {@code io_commit_sqring}
 * <tr><td>SQ flags<td>kernel<td>application<td>{@link #theirs}, after {@link #fullFence} with SQPOLL<td>
 *   {@code atomic_or} and {@code smp_mb__after_atomic} in {@code io_sq_thread}
 * <tr><td>CQ tail<td>kernel<td>application<td>{@link #theirs}<td>{@code smp_store_release} in
 *   {@code io_commit_cqring}
 * <tr><td>CQ head<td>application<td>kernel<td>{@link #publish}<td>{@code READ_ONCE} and a control dependency in
 *   {@code io_cqe_cache_refill}
 * <tr><td>buffer-ring tail<td>application<td>kernel<td>{@link #publish16}<td>{@code smp_load_acquire} in
 *   {@code io_ring_buffer_select}
 * </table>
 *
 * <p>This orders the application and the kernel. It orders nothing between two Java threads that use a ring one after
 * the other: what hands the ring over must do that.
 *
 * <p>Addresses are not checked: the caller guarantees that they lie in mapped memory and are aligned.
 */
final class Cursors {
    private static final MemorySegment ALL = RawMemory.ALL;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle();

    private Cursors() {
    }

    /** Reads a cursor of this side: it has no other writer, so no order is needed. */
    static int own(long address) {
        return (int) INT.get(ALL, address);
    }

    /** Reads what the other side writes; entries that it covers are read after it (acquire). */
    static int theirs(long address) {
        return (int) INT.getAcquire(ALL, address);
    }

    /** Writes this side's cursor after every earlier access to the entries that it gives away (release). */
    static void publish(long address, int cursor) {
        INT.setRelease(ALL, address, cursor);
    }

    /** As {@link #publish}, for the 16-bit tail of a provided-buffer ring. */
    static void publish16(long address, short cursor) {
        SHORT.setRelease(ALL, address, cursor);
    }

    /**
     * Orders an earlier store before a later load, which neither release nor acquire does: between publishing the SQ
     * tail and reading {@code IORING_SQ_NEED_WAKEUP}. The kernel thread does the mirror image (stores the flag, full
     * barrier, loads the tail), so at least one of both sides sees the other's store.
     */
    static void fullFence() {
        VarHandle.fullFence();
    }
}
