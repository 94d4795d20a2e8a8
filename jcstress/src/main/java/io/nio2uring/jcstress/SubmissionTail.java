package io.nio2uring.jcstress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/**
 * Publication of a submission queue entry: its contents are written before the tail that announces it.
 *
 * <p>One actor fills an entry and moves the tail, as an application does; the other follows the kernel's side of
 * the protocol: load the tail with acquire ({@code smp_load_acquire(&rings->sq.tail)} in {@code io_sqring_entries}),
 * then read the entry. The result is the tail and the contents that the kernel saw.
 */
public final class SubmissionTail {
    private static final long USER_DATA = 42;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private SubmissionTail() {}

    /** Memory shared by the application and the kernel: an entry's {@code user_data}, and the tail. */
    abstract static class Queue {
        private static final long USER_DATA_OFFSET = 0;
        static final long TAIL_OFFSET = 64;

        final MemorySegment memory = MemorySegment.ofArray(new long[9]);

        final void fillEntry() {
            LONG.set(memory, USER_DATA_OFFSET, USER_DATA);
        }

        final void consume(IJ_Result seen) {
            seen.r1 = (int) INT.getAcquire(memory, TAIL_OFFSET);
            seen.r2 = (long) LONG.get(memory, USER_DATA_OFFSET);
        }
    }

    /** The product's order: contents, then the tail with release. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Nothing published yet.")
    @Outcome(id = "0, 42", expect = Expect.ACCEPTABLE, desc = "Contents written; the tail does not announce them yet.")
    @Outcome(id = "1, 42", expect = Expect.ACCEPTABLE, desc = "Announced, and the contents are there.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The kernel would execute an entry whose contents are not there: the "
            + "release store of the tail orders the contents before it, the acquire load the reading after it.")
    @State
    public static class Released extends Queue {
        /** Made by jcstress, once per sample. */
        public Released() {}

        /** Submits one entry. */
        @Actor
        public void application() {
            fillEntry();
            INT.setRelease(memory, TAIL_OFFSET, 1);
        }

        /**
         * Takes what was submitted.
         *
         * @param seen tail and contents
         */
        @Actor
        public void kernel(IJ_Result seen) {
            consume(seen);
        }
    }
}
