package io.nio2uring.ring;

import io.nio2uring.sys.RawMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Publication of a submission queue entry: its contents are there before the tail that announces it.
 *
 * <p>The application pushes an entry into the product's {@link SubmissionQueue} and publishes it. The other actor
 * follows the kernel's side of the protocol: it loads the tail with acquire ({@code smp_load_acquire} in
 * {@code io_sqring_entries}) and then reads the entry. A result is the tail and the {@code user_data} that it saw.
 */
public final class SubmissionPublication {
    private SubmissionPublication() {
    }

    abstract static class Ring extends SubmissionRing {
        Ring() {
            super(2);
        }

        final void look(II_Result seen) {
            seen.r1 = Cursors.theirs(tailAddress);
            seen.r2 = userDataOfFirst();
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
        @Actor
        public void application() {
            push(42);
            queue.publish();
        }

        @Actor
        public void kernel(II_Result seen) {
            look(seen);
        }
    }

    /**
     * Broken twin: the tail is stored plainly, so nothing keeps the contents before it.
     *
     * <p>Not observed on x86-64 in any compiler mode: the processor keeps stores in order, and HotSpot does not
     * exchange two stores to native memory, whose addresses it cannot tell apart. A weakly ordered processor (aarch64)
     * may.
     */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 42", "1, 42"}, expect = Expect.ACCEPTABLE, desc = "In order by luck.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Announced without contents: the Java memory "
            + "model orders no plain store with another. Not to be expected on x86-64, whose stores stay in order.")
    @State
    public static class TailStoredPlainly extends Ring {
        @Actor
        public void application() {
            push(42);
            RawMemory.putInt(tailAddress, 1);
        }

        @Actor
        public void kernel(II_Result seen) {
            look(seen);
        }
    }

    /** Broken twin that shows on every processor and in every compiler mode: the tail is moved first. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 42"}, expect = Expect.ACCEPTABLE, desc = "The kernel looked before or after both.")
    @Outcome(id = "0, 42", expect = Expect.ACCEPTABLE, desc = "The kernel read the tail before it was moved and the "
            + "entry after it was written.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Announced without contents: the kernel "
            + "looked between the two, and would execute what the slot held before.")
    @State
    public static class TailFirst extends Ring {
        @Actor
        public void application() {
            Cursors.publish(tailAddress, 1);
            push(42);
        }

        @Actor
        public void kernel(II_Result seen) {
            look(seen);
        }
    }
}
