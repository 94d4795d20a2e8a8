package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BurstTest {
    private static final int IN_FLIGHT = 64;

    private final Burst burst = new Burst();

    /** As many waits as it takes to forget those before. */
    private void waits(int ready, long nanos) {
        for (int i = 0; i < 100; i++) {
            burst.waited(burst.waitCount(IN_FLIGHT), ready, nanos);
        }
    }

    @Test
    void one_completion_is_awaited_at_first() {
        assertEquals(1, burst.waitCount(IN_FLIGHT));
    }

    @Test
    void many_are_awaited_when_each_comes_quickly_but_a_quarter_of_those_in_flight_at_most() {
        waits(IN_FLIGHT, 30_000);
        assertEquals(16, burst.waitCount(IN_FLIGHT));
        assertEquals(16, burst.waitCount(1000));
        assertEquals(2, burst.waitCount(Burst.LEAST_IN_FLIGHT));
    }

    @Test
    void fewer_are_awaited_when_not_all_came() {
        waits(IN_FLIGHT, 30_000);
        burst.waited(16, 9, 30_000);
        assertEquals(8, burst.waitCount(IN_FLIGHT));
        burst.waited(8, 8, 30_000);
        assertEquals(9, burst.waitCount(IN_FLIGHT));
        waits(1, 3_000);
        assertEquals(2, burst.waitCount(IN_FLIGHT));
    }

    @Test
    void one_is_awaited_when_they_come_slowly_until_they_come_quickly_again() {
        waits(IN_FLIGHT, 30_000);
        waits(1, 40_000);
        assertEquals(1, burst.waitCount(IN_FLIGHT));
        waits(1, 5_000);
        assertTrue(burst.waitCount(IN_FLIGHT) > 1);
    }

    @Test
    void one_long_silence_changes_little() {
        waits(IN_FLIGHT, 3_000);
        burst.waited(16, 1, 10_000_000_000L);
        burst.waited(burst.waitCount(IN_FLIGHT), 16, 3_000);
        burst.waited(burst.waitCount(IN_FLIGHT), 16, 3_000);
        assertTrue(burst.waitCount(IN_FLIGHT) > 1);
    }

    /** Has a burst bring less than it is worth; returns for how many waits one completion is awaited from then on. */
    private int restAfterFailure() {
        burst.waited(2, 1, 20_000);
        int rest = 0;
        while (burst.waitCount(IN_FLIGHT) == 1) {
            burst.waited(1, 1, 3_000);
            rest++;
        }
        return rest;
    }

    /** Two peers that talk among many that are silent: the loop must not wait for the silent ones again and again. */
    @Test
    void each_burst_that_is_not_worth_it_is_followed_by_twice_as_long_a_rest() {
        waits(IN_FLIGHT, 30_000);
        for (int rest = 1; rest < 4096; rest *= 2) {
            assertEquals(rest, restAfterFailure());
        }
        assertEquals(4096, restAfterFailure());
        assertEquals(4096, restAfterFailure());
    }

    @Test
    void many_bursts_that_are_worth_it_make_the_next_rest_shorter() {
        waits(IN_FLIGHT, 30_000);
        int rest = 0;
        while (rest < 256) {
            rest = restAfterFailure();
        }
        for (int i = 0; i < 4 * 64; i++) {
            burst.waited(2, 2, 3_000);
        }
        assertEquals(512 / 16, restAfterFailure());
    }
}
