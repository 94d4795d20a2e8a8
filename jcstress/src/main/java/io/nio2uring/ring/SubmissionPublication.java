package io.nio2uring.ring;

import java.lang.foreign.MemorySegment;

import io.nio2uring.abi.Opcode;
import io.nio2uring.abi.Sqe;
import io.nio2uring.sys.RawMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/**
 * Publication of a submission queue entry: its contents are there before the tail that announces it.
 *
 * <p>The application pushes an entry into the product's {@link SubmissionQueue} and publishes it. The other actor
 * follows the kernel's side of the protocol: it loads the tail with acquire ({@code smp_load_acquire} in
 * {@code io_sqring_entries}) and then reads the entry. A result is the tail and the {@code user_data} that it saw.
 *
 * <p>In the queue's package, since the queue is not public.
 */
public final class SubmissionPublication {
    private static final long USER_DATA = 42;

    private SubmissionPublication() {}

    /** A queue of two entries in the memory that application and kernel share. */
    abstract static class Ring {
        private static final long HEAD_OFFSET = 0;
        private static final long TAIL_OFFSET = 64;
        private static final long FLAGS_OFFSET = 4;
        private static final long SQES_OFFSET = 128;
        private static final int ENTRIES = 2;

        /** Keeps the memory mapped. */
        private final MemorySegment memory = SharedWords.allocate(SQES_OFFSET + ENTRIES * Sqe.SIZE_BYTES);
        private final long address = memory.address();

        final long tailAddress = address + TAIL_OFFSET;
        final SubmissionQueue queue = new SubmissionQueue(address + HEAD_OFFSET, tailAddress, address + FLAGS_OFFSET,
                address + SQES_OFFSET, ENTRIES);

        final void push() {
            queue.push(Opcode.NOP, 0, 0, -1, 0, 0, 0, 0, USER_DATA, 0, 0);
        }

        final void consume(IJ_Result seen) {
            seen.r1 = Cursors.theirs(tailAddress);
            seen.r2 = RawMemory.getLong(address + SQES_OFFSET + Sqe.USER_DATA_OFFSET);
        }
    }

    /** The product's order: contents, then the tail with release. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Nothing is written yet.")
    @Outcome(id = "0, 42", expect = Expect.ACCEPTABLE, desc = "Written, and not announced yet.")
    @Outcome(id = "1, 42", expect = Expect.ACCEPTABLE, desc = "Announced, and the contents are there.")
    @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The kernel would execute what the slot held before. The "
            + "release store of the tail keeps the contents before it, the acquire load keeps the reading after it.")
    @State
    public static class Released extends Ring {
        /** For jcstress, which makes one for each sample. */
        public Released() {}

        /** Submits one entry. */
        @Actor
        public void application() {
            push();
            queue.publish();
        }

        /**
         * Looks for an entry.
         *
         * @param seen what it sees
         */
        @Actor
        public void kernel(IJ_Result seen) {
            consume(seen);
        }
    }

    /**
     * Broken twin: the tail is stored plainly, so nothing keeps the contents before it.
     *
     * <p>On x86-64 the processor keeps stores in order, and HotSpot does not exchange two stores to native memory whose
     * addresses it cannot tell apart; a weakly ordered processor (aarch64) may.
     */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 42", "1, 42"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Announced without contents: the Java memory "
            + "model orders no plain store with another. Not to be expected on x86-64, whose stores stay in order.")
    @State
    public static class TailStoredPlainly extends Ring {
        /** For jcstress, which makes one for each sample. */
        public TailStoredPlainly() {}

        /** Submits one entry. */
        @Actor
        public void application() {
            push();
            RawMemory.putInt(tailAddress, 1);
        }

        /**
         * Looks for an entry.
         *
         * @param seen what it sees
         */
        @Actor
        public void kernel(IJ_Result seen) {
            consume(seen);
        }
    }

    /** Broken twin that shows on every processor: the tail is moved first. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 42"}, expect = Expect.ACCEPTABLE, desc = "The kernel looked before or after both.")
    @Outcome(id = "0, 42", expect = Expect.ACCEPTABLE, desc = "The kernel read the tail before it was moved and the "
            + "entry after it was written.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "Announced without contents: the kernel looked "
                    + "between the two, and would execute what the slot held before.")
    @State
    public static class TailFirst extends Ring {
        /** For jcstress, which makes one for each sample. */
        public TailFirst() {}

        /** Submits one entry. */
        @Actor
        public void application() {
            Cursors.publish(tailAddress, 1);
            push();
        }

        /**
         * Looks for an entry.
         *
         * @param seen what it sees
         */
        @Actor
        public void kernel(IJ_Result seen) {
            consume(seen);
        }
    }
}
