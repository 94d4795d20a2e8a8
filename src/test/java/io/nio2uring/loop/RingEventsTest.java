package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;

import io.nio2uring.jfr.Recorded;
import io.nio2uring.ring.IoUring;
import io.nio2uring.ring.RingParameters;
import io.nio2uring.sys.FileCalls;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

/** Queues that are too small for what they are given, and what the flight recorder tells of that. */
class RingEventsTest {
    private static final class Nop extends Operation {
        @Override
        protected boolean mayStart() {
            return true;
        }

        @Override
        protected boolean prepare(IoUring ring, long userData) {
            return ring.prepNop(userData);
        }

        @Override
        protected Verdict complete(int result, int flags) {
            return Verdict.DONE;
        }

        @Override
        protected Verdict abort(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        protected void expire() {
            throw new AssertionError("without time limit");
        }

        @Override
        protected void deliver() {
            throw new AssertionError("the driver runs no handlers");
        }

        @Override
        protected String describe() {
            return "nop";
        }
    }

    @Test
    void aFullSubmissionQueueAndAnOverflowAreTold() throws IOException {
        int wakeUpFd = FileCalls.eventfd(0, FileCalls.EFD_NONBLOCK | FileCalls.EFD_CLOEXEC);
        try (Recorded recorded = new Recorded("SubmissionQueueFull", "CompletionQueueOverflow");
                IoUring ring = IoUring.open(RingParameters.of(1).withCompletionEntries(2))) {
            RingDriver driver = new RingDriver("small", ring, wakeUpFd);
            for (int i = 0; i < 50; i++) {
                driver.begin(new Nop());
            }
            while (!driver.isIdle()) {
                driver.tryAgain();
                driver.enter();
            }

            List<RecordedEvent> overflows = recorded.read("CompletionQueueOverflow");
            assertTrue(!overflows.isEmpty(), "50 completions, of which 2 had room");
            assertEquals("small", overflows.getFirst().getString("loop"));
            assertEquals(2, overflows.getFirst().getInt("entries"));
            List<RecordedEvent> full = recorded.read("SubmissionQueueFull");
            assertEquals(49, full.size(), "all but the first found the queue full");
            assertEquals(1, full.getFirst().getInt("entries"));
        } finally {
            FileCalls.close(wakeUpFd);
        }
    }
}
