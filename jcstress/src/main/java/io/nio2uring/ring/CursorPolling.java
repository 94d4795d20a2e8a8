package io.nio2uring.ring;

import io.nio2uring.sys.RawMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/**
 * Polling of the kernel's cursor: whoever asks again and again sees at last what the kernel stored.
 *
 * <p>The other tests cannot tell an acquire load from a plain one on x86-64, where the processor orders both alike. Here
 * the compiler can: it may take a plain load out of a loop.
 */
public final class CursorPolling {
    private CursorPolling() {
    }

    abstract static class Ring extends CompletionRing {
        Ring() {
            super(2);
        }
    }

    /** The product's {@link CompletionQueue} asked in a loop. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "The store of the tail was seen.")
    @Outcome(id = "STALE", expect = Expect.FORBIDDEN,
            desc = "A thread that polls would wait for ever. An acquire load is "
                    + "performed each time.")
    @State
    public static class TailAcquired extends Ring {
        @Actor
        public void application() {
            while (queue.ready() == 0) {
                // Again.
            }
        }

        @Signal
        public void kernel() {
            Cursors.publish(tailAddress, 1);
        }
    }

    /** Broken twin that shows when C2 has compiled the loop: a plain load, which it performs once. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "Not compiled by C2, or the store came early.")
    @Outcome(id = "STALE", expect = Expect.ACCEPTABLE_INTERESTING,
            desc = "The loop was compiled as one load and a jump to "
                    + "itself.")
    @State
    public static class TailLoadedPlainly extends Ring {
        @Actor
        public void application() {
            while (RawMemory.getInt(tailAddress) == 0) {
                // Again.
            }
        }

        @Signal
        public void kernel() {
            Cursors.publish(tailAddress, 1);
        }
    }
}
