package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();

    @Test
    void nothingExpiresBeforeItsTime() {
        StubOperation operation = new StubOperation(1).withDeadline(1000);
        deadlines.add(operation);

        assertNull(deadlines.pollExpired(999));
        assertSame(operation, deadlines.pollExpired(1000));
        assertTrue(deadlines.isEmpty());
        assertNull(deadlines.pollExpired(Long.MAX_VALUE));
    }

    @Test
    void removingWhatIsNotThereChangesNothing() {
        StubOperation here = new StubOperation(1).withDeadline(1);
        StubOperation elsewhere = new StubOperation(2).withDeadline(0);
        deadlines.add(here);
        deadlines.remove(elsewhere);
        deadlines.remove(here);
        deadlines.remove(here);

        assertTrue(deadlines.isEmpty());
    }

    @Test
    void anOperationCanBeAddedAgainAfterItExpired() {
        StubOperation operation = new StubOperation(1).withDeadline(5);
        for (int round = 0; round < 3; round++) {
            deadlines.add(operation);
            assertSame(operation, deadlines.pollExpired(5));
        }
    }

    @Test
    void anOperationThatIsThereAlreadyIsRefused() {
        StubOperation operation = new StubOperation(1).withDeadline(5);
        deadlines.add(operation);
        org.junit.jupiter.api.Assertions.assertThrows(AssertionError.class, () -> deadlines.add(operation));
    }

    /** {@code System.nanoTime()} may start anywhere, so deadlines lie on both sides of the overflow. */
    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 500_000, -500_000})
    void agreesWithAPlainListWhateverTheClockShows(long origin) {
        for (long seed = 1; seed <= 20; seed++) {
            runAgainstList(origin, seed);
        }
    }

    private static void runAgainstList(long origin, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Deadlines deadlines = new Deadlines();
        // Times are kept relative to the origin here, which is what makes this list independent of overflow.
        record Entry(long relativeNanos, StubOperation operation) {
        }
        List<Entry> expected = new ArrayList<>();
        long nowNanos = 0;
        for (int step = 0; step < 2000; step++) {
            String where = "seed " + seed + ", origin " + origin + ", step " + step;
            int choice = random.nextInt(10);
            if (choice < 5) {
                long relative = nowNanos + random.nextInt(1000);
                Entry entry = new Entry(relative, new StubOperation(step).withDeadline(origin + relative));
                expected.add(entry);
                deadlines.add(entry.operation);
            } else if (choice < 7 && !expected.isEmpty()) {
                deadlines.remove(expected.remove(random.nextInt(expected.size())).operation);
            } else {
                nowNanos += random.nextInt(500);
                for (Operation late; (late = deadlines.pollExpired(origin + nowNanos)) != null;) {
                    Operation found = late;
                    Entry entry = expected.stream().filter(each -> each.operation == found).findFirst().orElseThrow();
                    expected.remove(entry);
                    assertTrue(entry.relativeNanos <= nowNanos, where + ": too early");
                    // Those with the same deadline may come in any order; nobody earlier may be left.
                    assertTrue(expected.stream().noneMatch(each -> each.relativeNanos < entry.relativeNanos),
                            where + ": not the earliest");
                }
                long now = nowNanos;
                assertTrue(expected.stream().noneMatch(each -> each.relativeNanos <= now), where + ": missed");
            }
            assertEquals(expected.isEmpty(), deadlines.isEmpty(), where);
            if (!expected.isEmpty()) {
                long earliest = expected.stream().map(Entry::relativeNanos).min(Comparator.naturalOrder()).get();
                assertEquals(origin + earliest, deadlines.earliestNanos(), where);
            }
        }
    }
}
