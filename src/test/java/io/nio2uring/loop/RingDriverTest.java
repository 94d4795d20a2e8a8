package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.nio2uring.Thrown;
import io.nio2uring.ring.IoUring;
import io.nio2uring.ring.LostCompletions;
import io.nio2uring.ring.RingParameters;
import io.nio2uring.sys.BlockingCalls;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.RawMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hundred operations on rings that take one or two at a time: nothing is lost, nothing is told twice. */
class RingDriverTest {
    private static final int OPERATIONS = 100;
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;

    /** Receives one byte from one end of a socket pair. */
    private static final class Receive extends Operation {
        final int near;
        final int far;
        final long memory;
        int completions;
        int lastResult;
        int expirations;
        boolean isPersistent;
        Throwable thrownByPrepare;
        Throwable thrownByComplete;
        Throwable abortedFor;
        Error thrownByAbort;

        Receive(long memory) {
            int[] pair = new int[2];
            assertEquals(0, BlockingCalls.socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
            near = pair[0];
            far = pair[1];
            this.memory = memory;
        }

        Receive within(long timeoutNanos) {
            limit(timeoutNanos);
            return this;
        }

        void send(int value) {
            RawMemory.putByte(memory + 1, (byte) value);
            assertEquals(1, BlockingCalls.send(far, memory + 1, 1, 0));
        }

        @Override
        protected boolean mayStart() {
            return true;
        }

        @Override
        protected boolean prepare(IoUring ring, long userData) {
            if (thrownByPrepare != null) {
                Thrown.now(thrownByPrepare);
            }
            return ring.prepRecv(near, memory, 1, 0, userData);
        }

        @Override
        protected Verdict complete(int result, int flags) {
            if (isPersistent && result == -Errno.ECANCELED) {
                return Verdict.AGAIN;
            }
            completions++;
            lastResult = result;
            if (thrownByComplete != null) {
                Thrown.now(thrownByComplete);
            }
            return Verdict.DELIVER;
        }

        @Override
        protected Verdict abort(Throwable cause) {
            abortedFor = cause;
            if (thrownByAbort != null) {
                throw thrownByAbort;
            }
            return Verdict.DELIVER;
        }

        @Override
        protected void expire() {
            expirations++;
        }

        @Override
        protected void deliver() {
            throw new AssertionError("the driver runs no handlers");
        }

        @Override
        protected String describe() {
            return "receive";
        }
    }

    private MemorySegment memory;
    private IoUring ring;
    private RingDriver driver;
    private int wakeUpFd;
    private final List<Receive> operations = new ArrayList<>();

    private void setUp(int submissionEntries, int completionEntries) throws IOException {
        memory = NativeMemory.calloc(2 * OPERATIONS);
        ring = IoUring.open(RingParameters.of(submissionEntries).withCompletionEntries(completionEntries));
        wakeUpFd = FileCalls.eventfd(0, FileCalls.EFD_NONBLOCK | FileCalls.EFD_CLOEXEC);
        driver = new RingDriver("test", ring, wakeUpFd);
        for (int i = 0; i < OPERATIONS; i++) {
            operations.add(new Receive(memory.address() + 2L * i));
        }
    }

    @AfterEach
    void tearDown() {
        ring.close();
        FileCalls.close(wakeUpFd);
        for (Receive operation : operations) {
            FileCalls.close(operation.near);
            FileCalls.close(operation.far);
        }
        NativeMemory.free(memory);
    }

    private void turnUntil(BooleanSupplier condition, String what) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, () -> "too long: " + what + ", completions "
                    + operations.stream().mapToInt(each -> each.completions).sum());
            driver.tryAgain();
            driver.enterAndWait(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private void beginAll() throws IOException {
        operations.forEach(driver::begin);
        turnUntil(() -> operations.stream().allMatch(Operation::isInKernel), "all in the kernel");
    }

    private void drainReady() {
        drainReady(OPERATIONS);
    }

    private void drainReady(int expected) {
        int count = 0;
        while (!driver.ready().isEmpty()) {
            driver.ready().remove();
            count++;
        }
        assertEquals(expected, count);
        assertTrue(driver.isIdle());
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 2", "2, 4", "1, 0"})
    void everyOperationGetsItsByte(int submissionEntries, int completionEntries) throws IOException {
        setUp(submissionEntries, completionEntries);
        for (int round = 1; round <= 5; round++) {
            int expected = round;
            beginAll();
            for (int i = 0; i < OPERATIONS; i++) {
                operations.get(i).send(round + i);
            }
            turnUntil(() -> operations.stream().allMatch(each -> each.completions == expected), "all completed");
            for (int i = 0; i < OPERATIONS; i++) {
                assertEquals(1, operations.get(i).lastResult);
                assertEquals((byte) (round + i), RawMemory.getByte(operations.get(i).memory));
            }
            drainReady();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4"})
    void everyCancellationReachesTheKernel(int submissionEntries, int completionEntries) throws IOException {
        setUp(submissionEntries, completionEntries);
        beginAll();
        operations.forEach(driver::cancel);
        operations.forEach(driver::cancel);
        assertFalse(driver.isIdle(), "a cancellation only asks for the end");

        turnUntil(() -> operations.stream().allMatch(each -> each.completions > 0), "all cancelled");
        for (Receive operation : operations) {
            assertEquals(1, operation.completions);
            assertEquals(-Errno.ECANCELED, operation.lastResult);
        }
        drainReady();
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4"})
    void whatWasNeverSubmittedIsCancelledToo(int submissionEntries, int completionEntries) throws IOException {
        setUp(submissionEntries, completionEntries);
        for (Receive operation : operations) {
            driver.begin(operation);
            driver.cancel(operation);
        }
        turnUntil(() -> operations.stream().allMatch(each -> each.completions > 0), "all cancelled");
        for (Receive operation : operations) {
            assertEquals(1, operation.completions);
            assertEquals(-Errno.ECANCELED, operation.lastResult);
        }
        drainReady();
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4"})
    void everyDeadlineIsKept(int submissionEntries, int completionEntries) throws IOException {
        setUp(submissionEntries, completionEntries);
        for (Receive operation : operations) {
            driver.begin(operation.within(TimeUnit.MILLISECONDS.toNanos(20)));
        }
        turnUntil(() -> operations.stream().allMatch(each -> each.completions > 0), "all expired");
        for (Receive operation : operations) {
            assertEquals(1, operation.expirations);
            assertEquals(1, operation.completions);
            assertEquals(-Errno.ECANCELED, operation.lastResult);
        }
        drainReady();
    }

    /** As when there is no memory for what has no room in the completion queue. The others do not notice. */
    @ParameterizedTest
    @CsvSource({"1, 256", "64, 256"})
    void operationsOfWhichTheCompletionIsLostEnd(int submissionEntries, int completionEntries) throws IOException {
        setUp(submissionEntries, completionEntries);
        operations.forEach(each -> each.isPersistent = true);
        beginAll();
        for (int round = 0; round < 2; round++) {
            List<Receive> unlucky = operations.subList(40 * round, 40 * round + 30);
            unlucky.forEach(each -> each.send(1));
            LostCompletions.lose(ring, unlucky.size());
            turnUntil(() -> unlucky.stream().noneMatch(Operation::isInKernel), "those that are lost");
            for (Receive operation : unlucky) {
                assertEquals(-Errno.EBADR, operation.lastResult);
                assertEquals(1, operation.completions);
            }
            turnUntil(() -> !driver.isObstructed() && ring.pendingSubmissions() == 0
                    && ring.submittedEntries() == ring.reapedCompletions() + ring.lostCompletions()
                            + operations.stream().filter(Operation::isInKernel).count(),
                    "all asked after");
        }
        assertEquals(60, ring.lostCompletions());
        List<Receive> others = operations.stream().filter(each -> each.lastResult != -Errno.EBADR).toList();
        others.forEach(each -> each.send(2));
        turnUntil(() -> operations.stream().noneMatch(Operation::isInKernel), "all completed");
        others.forEach(each -> assertEquals(1, each.lastResult));
        drainReady();
    }

    /** The poll of the wake-up descriptor ends when it cannot tell of something. */
    @Test
    void theWakeUpIsArmedAnewAfterALoss() throws IOException {
        setUp(4, 8);
        turnUntil(driver::armWakeUp, "armed");
        driver.enter();
        FileCalls.signalEventfd(wakeUpFd);
        LostCompletions.lose(ring, 1);
        driver.enterAndWait(1);
        long polls = ring.submittedEntries();
        turnUntil(driver::armWakeUp, "armed anew");
        driver.enter();
        assertEquals(polls + 2, ring.submittedEntries(), "the old one is cancelled, and there is a new one");
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4"})
    void theWakeUpComesThroughAFullQueue(int submissionEntries, int completionEntries) throws IOException {
        setUp(submissionEntries, completionEntries);
        beginAll();
        turnUntil(() -> {
            return driver.armWakeUp();
        }, "armed");
        driver.enter();
        FileCalls.signalEventfd(wakeUpFd);
        long start = System.nanoTime();
        boolean came = false;
        while (!came && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10)) {
            came = driver.enterAndWait(TimeUnit.SECONDS.toNanos(10));
        }
        assertTrue(came);
        operations.forEach(driver::cancel);
        turnUntil(() -> operations.stream().allMatch(each -> each.completions > 0), "all cancelled");
    }

    @ParameterizedTest
    @CsvSource({"1, 2, false", "64, 128, false", "1, 2, true", "64, 128, true"})
    void anOperationThatThrowsFailsAloneAndLeavesNothingBehind(int submissions, int completions, boolean error)
            throws IOException {
        setUp(submissions, completions);
        Receive refused = operations.get(3);
        refused.thrownByPrepare = error ? new OutOfMemoryError("to prepare") : new IllegalStateException("to prepare");
        Receive broken = operations.get(7);
        broken.thrownByComplete = error ? new StackOverflowError("to end") : new IllegalStateException("to end");
        operations.forEach(driver::begin);
        turnUntil(() -> operations.stream().filter(Operation::isInKernel).count() == OPERATIONS - 1,
                "all but the refused one in the kernel");
        for (Receive operation : operations) {
            operation.send(1);
        }
        turnUntil(() -> operations.stream().noneMatch(Operation::isInKernel), "all completed");
        drainReady();
        for (Receive operation : operations) {
            assertEquals(operation == refused ? 0 : 1, operation.completions);
            assertEquals(operation == refused ? refused.thrownByPrepare : operation.thrownByComplete,
                    operation.abortedFor);
        }
    }

    /** Who runs with assertions is to see one that does not hold; its operation ends all the same. */
    @Test
    void anAssertionOfOursEndsItsOperationAndIsSeen() throws IOException {
        setUp(64, 128);
        Receive broken = operations.get(7);
        broken.thrownByComplete = new AssertionError("told to");
        operations.forEach(driver::begin);
        broken.send(1);
        assertSame(broken.thrownByComplete, assertThrows(AssertionError.class,
                () -> turnUntil(() -> broken.completions > 0, "the broken one")));
        assertSame(broken.thrownByComplete, broken.abortedFor);
        operations.stream().filter(each -> each != broken).forEach(each -> each.send(1));
        turnUntil(() -> operations.stream().noneMatch(Operation::isInKernel), "all completed");
        drainReady();
    }

    /** There may be no memory for a failure either. Nobody can be told then, but the loop has to be able to end. */
    @Test
    void anOperationThatCannotEvenFailIsForgotten() throws IOException {
        setUp(64, 128);
        Receive refused = operations.get(3);
        refused.thrownByPrepare = new OutOfMemoryError("to prepare");
        refused.thrownByAbort = new OutOfMemoryError("to fail");
        Receive broken = operations.get(7);
        broken.thrownByComplete = new OutOfMemoryError("to end");
        broken.thrownByAbort = new OutOfMemoryError("to fail, either");
        for (Receive operation : operations) {
            if (operation == refused) {
                assertSame(refused.thrownByAbort, assertThrows(OutOfMemoryError.class, () -> driver.begin(operation)));
            } else {
                driver.begin(operation);
            }
        }
        broken.send(1);
        assertSame(broken.thrownByAbort, assertThrows(OutOfMemoryError.class,
                () -> turnUntil(() -> broken.completions > 0, "the broken one")));
        operations.stream().filter(each -> each != broken).forEach(each -> each.send(1));
        turnUntil(() -> operations.stream().noneMatch(Operation::isInKernel), "all completed");
        drainReady(OPERATIONS - 2);
    }
}
