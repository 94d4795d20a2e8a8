package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

class SlotTableTest {
    @Test
    void findsAnOperationByItsUserData() {
        SlotTable slots = new SlotTable(1);
        StubOperation operation = new StubOperation(1);
        slots.acquire(operation);

        assertSame(operation, slots.find(slots.userData(operation)));
        assertEquals(1, slots.inUse());
    }

    @Test
    void aStaleUserDataFindsNothingAfterRelease() {
        SlotTable slots = new SlotTable(1);
        StubOperation operation = new StubOperation(1);
        slots.acquire(operation);
        long stale = slots.userData(operation);
        slots.release(operation);

        assertNull(slots.find(stale));
        assertEquals(0, slots.inUse());
    }

    @Test
    void aStaleUserDataDoesNotFindTheSlotsNextOperation() {
        SlotTable slots = new SlotTable(1);
        StubOperation first = new StubOperation(1);
        StubOperation second = new StubOperation(2);
        slots.acquire(first);
        long stale = slots.userData(first);
        slots.release(first);
        slots.acquire(second);

        assertEquals((int) stale, (int) slots.userData(second), "the same slot, or this test shows nothing");
        assertNull(slots.find(stale));
        assertSame(second, slots.find(slots.userData(second)));
    }

    @Test
    void aRenewedOperationIsNotFoundByItsFormerUserData() {
        SlotTable slots = new SlotTable(1);
        StubOperation operation = new StubOperation(1);
        slots.acquire(operation);
        long former = slots.userData(operation);
        slots.renew(operation);

        assertNull(slots.find(former));
        assertSame(operation, slots.find(slots.userData(operation)));
    }

    @Test
    void slotsThatDoNotExistFindNothing() {
        SlotTable slots = new SlotTable(4);
        assertNull(slots.find(4));
        assertNull(slots.find(0x7FFF_FFFFL));
        // The marks that the driver uses for entries that belong to no operation.
        assertNull(slots.find(0xFFFF_FFFFL));
        assertNull(slots.find(0xFFFF_FFFEL));
        assertNull(slots.find(-1L));
        assertNull(slots.find(0), "a free slot");
    }

    @Test
    void growthKeepsWhatIsThere() {
        SlotTable slots = new SlotTable(1);
        Map<Long, StubOperation> byUserData = new HashMap<>();
        for (int number = 0; number < 1000; number++) {
            StubOperation operation = new StubOperation(number);
            slots.acquire(operation);
            byUserData.put(slots.userData(operation), operation);
        }
        assertEquals(1000, byUserData.size(), "each with a user_data of its own");
        byUserData.forEach((userData, operation) -> assertSame(operation, slots.find(userData)));
        assertEquals(1000, slots.inUse());
        Set<Operation> seen = new HashSet<>();
        slots.forEach(seen::add);
        assertEquals(new HashSet<>(byUserData.values()), seen);
    }

    @Test
    void theGenerationWrapsWithoutTouchingTheSlotNumber() {
        SlotTable slots = new SlotTable(2);
        StubOperation other = new StubOperation(0);
        StubOperation operation = new StubOperation(1);
        slots.acquire(other);
        slots.acquire(operation);
        int slot = (int) slots.userData(operation);
        long before = slots.userData(operation);
        for (int generation = 0; generation < 100_000; generation++) {
            slots.renew(operation);
            long after = slots.userData(operation);
            assertNotEquals(before, after);
            assertEquals(slot, (int) after);
            before = after;
        }
        assertSame(operation, slots.find(before));
    }

    @Test
    void twoSlotsForOneOperationAreRefused() {
        SlotTable slots = new SlotTable(2);
        StubOperation operation = new StubOperation(1);
        slots.acquire(operation);
        assertThrows(AssertionError.class, () -> slots.acquire(operation));
    }

    @Test
    void agreesWithAMapUnderRandomUse() {
        for (long seed = 1; seed <= 10; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SlotTable slots = new SlotTable(1);
            List<StubOperation> present = new ArrayList<>();
            List<Long> stale = new ArrayList<>();
            for (int step = 0; step < 5000; step++) {
                int choice = random.nextInt(6);
                if (choice < 3) {
                    StubOperation operation = new StubOperation(step);
                    slots.acquire(operation);
                    present.add(operation);
                } else if (!present.isEmpty()) {
                    StubOperation operation = present.get(random.nextInt(present.size()));
                    stale.add(slots.userData(operation));
                    if (choice == 3) {
                        slots.renew(operation);
                    } else {
                        slots.release(operation);
                        present.remove(operation);
                    }
                }
                assertEquals(present.size(), slots.inUse(), "seed " + seed);
            }
            for (StubOperation operation : present) {
                assertSame(operation, slots.find(slots.userData(operation)), "seed " + seed);
            }
            for (long userData : stale) {
                assertNull(slots.find(userData), "seed " + seed);
            }
            assertTrue(stale.size() > 1000, "seed " + seed);
        }
    }
}
