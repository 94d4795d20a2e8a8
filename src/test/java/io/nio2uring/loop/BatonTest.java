package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

class BatonTest {
    private static final class Somebody extends Attendant {
        Somebody() {
            thread = Thread.currentThread();
        }

        @Override
        boolean runsHandlers() {
            return true;
        }
    }

    private final Baton baton = new Baton();
    private final Somebody first = new Somebody();
    private final Somebody second = new Somebody();

    /** From unled, free to led, held. */
    private void lead(Attendant attendant) {
        assertTrue(baton.tryTake());
        baton.appoint(attendant);
    }

    @Test
    void nobodyLeadsAtFirst() {
        assertNull(baton.leader());
        assertTrue(baton.isFree());
        assertFalse(baton.tryEnter(Thread.currentThread()));
        assertFalse(baton.resume(first));
        assertTrue(baton.isFree(), "refusal takes nothing");
    }

    @Test
    void onlyOneHolds() {
        assertTrue(baton.tryTake());
        assertFalse(baton.tryTake());
        assertFalse(baton.isFree());
        baton.release();
        assertTrue(baton.tryTake());
    }

    @Test
    void aLeaderStaysLeaderWhileItIsInAHandler() {
        lead(first);
        baton.release();

        assertSame(first, baton.leader());
        assertTrue(baton.isFree());
        assertTrue(baton.resume(first));
        assertFalse(baton.isFree());
    }

    @Test
    void aLeadersThreadEntersFromWithinItsHandler() {
        lead(first);
        baton.release();

        assertFalse(baton.tryEnter(Thread.ofPlatform().unstarted(() -> {
        })), "another thread");
        assertTrue(baton.isFree());
        assertTrue(baton.tryEnter(Thread.currentThread()));
        assertFalse(baton.isFree());
    }

    @Test
    void aDeposedLeaderNoticesWhenItComesBack() {
        lead(first);
        baton.release();
        lead(second);

        assertFalse(baton.resume(first), "while the successor holds");
        baton.release();
        assertFalse(baton.resume(first), "while the successor is in a handler");
        assertTrue(baton.resume(second));
        assertSame(second, baton.leader());
    }

    @Test
    void misuseIsAsserted() {
        assertThrows(AssertionError.class, baton::release);
        assertThrows(AssertionError.class, () -> baton.appoint(first));
    }

    /** Three threads lead, run "handlers", and depose each other; what the baton guards stays consistent. */
    @Test
    void ownershipIsExclusiveAndCarriesWhatWasWritten() throws InterruptedException {
        int target = 60_000;
        // Plain fields on purpose: only the baton orders them.
        var guarded = new Object() {
            long count;
            long twin;
        };
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        for (int i = 0; i < 3; i++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                Somebody self = new Somebody();
                try {
                    boolean done = false;
                    while (!done && System.nanoTime() - deadline < 0) {
                        if (!baton.tryTake()) {
                            Thread.onSpinWait();
                            continue;
                        }
                        baton.appoint(self);
                        boolean leads = true;
                        for (int turn = 0; leads && !done && turn < 5; turn++) {
                            assertEquals(guarded.count, guarded.twin);
                            guarded.count++;
                            guarded.twin++;
                            done = guarded.count >= target;
                            baton.release();
                            leads = baton.resume(self);
                        }
                        if (leads) {
                            baton.appoint(null);
                            baton.release();
                        }
                    }
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(30));
            assertFalse(thread.isAlive(), "stuck");
        }
        assertEquals(List.of(), failures);
        assertTrue(guarded.count >= target && guarded.count < target + 3 * 2, "count " + guarded.count);
        assertEquals(guarded.count, guarded.twin);
        assertTrue(baton.isFree());
    }
}
