package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final int QUICK = 100;

    private final Pace pace = new Pace();
    private long tick = 1000;

    /** A tick with so many deliveries, at whose end the leader is in a handler; tells whether it was found too slow. */
    private boolean tick(int deliveries, boolean othersWait) {
        return tick(deliveries, false, othersWait);
    }

    private boolean tick(int deliveries, boolean blocked, boolean othersWait) {
        tick++;
        for (int i = 0; i < deliveries; i++) {
            pace.delivering();
        }
        pace.sample();
        return !pace.isQuick() && pace.judge(tick, blocked, othersWait);
    }

    private void quickTicks() {
        for (int i = 0; i < 20; i++) {
            assertFalse(tick(QUICK, true));
        }
    }

    /** Passes ticks with few deliveries, as while outcomes are spread, when nobody judges; returns how many. */
    private int ticksUntilSpreadingEnds() {
        int count = 0;
        while (pace.isSpreading(tick)) {
            tick++;
            pace.delivering();
            pace.sample();
            count++;
        }
        return count;
    }

    @Test
    void a_quick_leader_is_left_alone() {
        quickTicks();
        assertFalse(pace.isStuck());
        assertFalse(pace.isSpreading(tick));
    }

    /** The system may have taken its processor away, which is no reason to give each outcome a thread by itself. */
    @Test
    void a_quick_leader_that_stops_is_relieved_and_nothing_spread() {
        quickTicks();
        assertTrue(tick(0, false));
        assertTrue(pace.isStuck());
        assertFalse(pace.isSpreading(tick));
    }

    @Test
    void outcomes_are_spread_at_once_when_a_handler_blocks() {
        quickTicks();
        assertTrue(tick(0, true, false));
        assertTrue(pace.isStuck());
        assertTrue(pace.isSpreading(tick));
    }

    /** A handler may wait for something for a moment. */
    @Test
    void a_leader_that_blocks_but_goes_on_is_left_alone() {
        quickTicks();
        assertFalse(tick(1, true, false));
        assertFalse(pace.isSpreading(tick));
    }

    @Test
    void one_slow_tick_among_quick_ones_is_no_reason_for_anything() {
        quickTicks();
        assertFalse(tick(1, true));
        assertFalse(pace.isSpreading(tick));
        quickTicks();
    }

    @Test
    void outcomes_are_spread_when_the_leader_goes_on_doing_nothing() {
        quickTicks();
        for (int i = 0; i < 3; i++) {
            assertTrue(tick(0, false));
        }
        assertTrue(pace.isSpreading(tick));
    }

    @Test
    void outcomes_are_spread_while_others_wait_behind_slow_ones() {
        assertTrue(tick(1, true));
        assertTrue(pace.isSpreading(tick));
        assertFalse(pace.isStuck());
    }

    @Test
    void outcomes_are_spread_at_the_second_slow_tick_in_a_row_if_none_seems_to_wait() {
        assertFalse(tick(2, false));
        assertTrue(tick(2, false));
        assertTrue(pace.isSpreading(tick));
    }

    @Test
    void slow_ticks_with_others_between_them_do_not_add_up() {
        for (int i = 0; i < 20; i++) {
            assertFalse(tick(2, false));
            // The loop sleeps: nobody judges.
            tick++;
            pace.sample();
        }
        assertFalse(pace.isSpreading(tick));
    }

    @Test
    void a_leader_that_has_gone_on_is_not_stuck() {
        tick(1, false);
        tick(0, false);
        assertTrue(pace.isStuck());
        pace.delivering();
        assertFalse(pace.isStuck());
    }

    @Test
    void a_new_leader_is_not_stuck() {
        tick(1, false);
        tick(0, false);
        pace.leaderChanged();
        assertFalse(pace.isStuck());
    }

    @Test
    void what_was_not_delivered_does_not_count() {
        pace.delivering();
        pace.delivering();
        pace.notDelivered();
        assertEquals(1, pace.deliveries());
    }

    @Test
    void spreading_lasts_longer_each_time_that_handlers_are_slow_again_soon_after() {
        for (int ticks : new int[] {8, 16, 32, 64, 64}) {
            assertTrue(tick(1, true));
            assertEquals(ticks, ticksUntilSpreadingEnds());
        }
    }

    @Test
    void spreading_is_short_again_after_a_while_without_slow_handlers() {
        for (int i = 0; i < 4; i++) {
            tick(1, true);
            ticksUntilSpreadingEnds();
        }
        quickTicks();
        while (!tick(0, true) || !pace.isSpreading(tick)) {
            assertTrue(tick < 2000, "never spread");
        }
        assertEquals(8, ticksUntilSpreadingEnds());
    }

    @Test
    void a_judgement_while_outcomes_are_spread_already_prolongs_nothing() {
        assertTrue(tick(1, true));
        assertTrue(tick(1, true));
        assertEquals(7, ticksUntilSpreadingEnds());
    }
}
