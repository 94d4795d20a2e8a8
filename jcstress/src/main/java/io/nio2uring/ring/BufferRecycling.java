package io.nio2uring.ring;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

import io.nio2uring.abi.Buf;
import io.nio2uring.abi.BufRing;
import io.nio2uring.sys.RawMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * Recycling of provided buffers: their entries are there before the 16-bit tail that announces them.
 *
 * <p>Through the product's {@link BufferQueue} the application adds two buffers and publishes them together. The tail
 * stands at 65,535 before and so wraps, and the second entry lies in slot 0, whose last two bytes are the tail itself.
 * The kernel loads the tail with acquire ({@code smp_load_acquire} in {@code io_ring_buffer_select}), then reads the
 * entries. A result is the tail (as a signed number), address and id of the first and address of the second buffer.
 */
public final class BufferRecycling {
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle();

    private BufferRecycling() {
    }

    abstract static class Group {
        private static final int ENTRIES = 2;

        private final SharedWords words = new SharedWords(ENTRIES * Buf.SIZE_BYTES);
        final long slot0 = words.address;
        final long slot1 = words.address + Buf.SIZE_BYTES;
        final long tailAddress = words.address + BufRing.TAIL_OFFSET;
        final BufferQueue queue;

        Group() {
            RawMemory.putShort(tailAddress, (short) -1);
            queue = new BufferQueue(words.address, ENTRIES);
        }

        final void addBoth() {
            queue.add(41, 64, 7);
            queue.add(42, 64, 0);
        }

        final void select(IIII_Result seen) {
            seen.r1 = (short) SHORT.getAcquire(RawMemory.ALL, tailAddress);
            seen.r2 = (int) RawMemory.getLong(slot1 + Buf.ADDR_OFFSET);
            seen.r3 = RawMemory.getShort(slot1 + Buf.BID_OFFSET);
            seen.r4 = (int) RawMemory.getLong(slot0 + Buf.ADDR_OFFSET);
        }
    }

    /** The product's order: the entries, field by field, then the tail with release. */
    @JCStressTest
    @Outcome(id = "-1, .*", expect = Expect.ACCEPTABLE, desc = "Not announced yet, so the contents do not count.")
    @Outcome(id = "1, 41, 7, 42", expect = Expect.ACCEPTABLE, desc = "Announced, and the contents are there.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The kernel would receive into memory that is not the application's, or "
            + "believe in 65,535 buffers. The release store of the tail keeps the entries before it, and no store but "
            + "that one touches the tail.")
    @State
    public static class Released extends Group {
        @Actor
        public void application() {
            addBoth();
            queue.publish();
        }

        @Actor
        public void kernel(IIII_Result seen) {
            select(seen);
        }
    }

    /**
     * Broken twin: the tail is stored plainly.
     *
     * <p>Not observed on x86-64 in any compiler mode, for the reasons given at {@link
     * SubmissionPublication.TailStoredPlainly}.
     */
    @JCStressTest
    @Outcome(id = {"-1, .*", "1, 41, 7, 42"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "Announced without contents: the Java memory model orders no "
                    + "plain store with another. Not to be expected on x86-64, whose stores stay in order.")
    @State
    public static class TailStoredPlainly extends Group {
        @Actor
        public void application() {
            addBoth();
            RawMemory.putShort(tailAddress, (short) 1);
        }

        @Actor
        public void kernel(IIII_Result seen) {
            select(seen);
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the tail is moved first. */
    @JCStressTest
    @Outcome(id = {"-1, .*", "1, 41, 7, 42"}, expect = Expect.ACCEPTABLE, desc = "The kernel looked before or after.")
    @Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "Announced without contents: the kernel would receive into "
            + "whatever the slot named before.")
    @State
    public static class TailFirst extends Group {
        @Actor
        public void application() {
            Cursors.publish16(tailAddress, (short) 1);
            addBoth();
        }

        @Actor
        public void kernel(IIII_Result seen) {
            select(seen);
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: slot 0 is written in whole words. */
    @JCStressTest
    @Outcome(id = {"-1, .*", "1, 41, 7, 42"}, expect = Expect.ACCEPTABLE, desc = "The kernel looked before or after.")
    @Outcome(id = "0, .*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "The tail was overwritten together with the "
            + "entry over which it lies, and the kernel took that for an announcement.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Neither announced nor overwritten.")
    @State
    public static class WholeWords extends Group {
        @Actor
        public void application() {
            queue.add(41, 64, 7);
            RawMemory.putLong(slot0 + Buf.ADDR_OFFSET, 42);
            RawMemory.putLong(slot0 + Buf.LEN_OFFSET, 64);
            Cursors.publish16(tailAddress, (short) 1);
        }

        @Actor
        public void kernel(IIII_Result seen) {
            select(seen);
        }
    }
}
