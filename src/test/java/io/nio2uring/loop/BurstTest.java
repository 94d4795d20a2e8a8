package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BurstTest {
    private static final int MANY = 64;

    private final Burst burst = new Burst();

    @BeforeEach
    void many_talk() {
        talk(MANY, 1);
    }

    /** Has so many peers say something by turns: each is answered with some writes, which end at once. */
    private void talk(int peers, int answers) {
        long[] reads = new long[peers];
        Arrays.fill(reads, burst.submitted());
        for (int message = 0; message < 2000; message++) {
            burst.nextTurn();
            burst.completed(reads[message % peers]);
            long writes = burst.submitted();
            burst.nextTurn();
            for (int i = 0; i < answers; i++) {
                burst.completed(writes);
            }
            reads[message % peers] = burst.submitted();
        }
    }

    /** As many waits as it takes to forget those before. */
    private void waits(int ready, long nanos) {
        for (int i = 0; i < 100; i++) {
            burst.waited(burst.waitCount(), ready, nanos);
        }
    }

    @Test
    void one_completion_is_awaited_at_first() {
        assertEquals(1, new Burst().waitCount());
    }

    @Test
    void many_are_awaited_when_each_comes_quickly() {
        talk(1000, 1);
        waits(MANY, 30_000);
        assertEquals(24, burst.waitCount());
    }

    /** If all of them were awaited, they and the loop would wait for each other by turns. */
    @Test
    void a_third_of_the_peers_that_talk_is_awaited_at_most() {
        waits(MANY, 30_000);
        for (int talking : new int[] {1, 2, 4, 5}) {
            talk(talking, 1);
            assertEquals(1, burst.waitCount(), talking + " talk");
        }
        talk(16, 1);
        assertTrue(burst.waitCount() >= 4 && burst.waitCount() <= 5, "16 talk: " + burst.waitCount());
    }

    @Test
    void many_writes_for_one_message_do_not_make_a_peer_many() {
        waits(MANY, 30_000);
        talk(1, 200);
        assertEquals(1, burst.waitCount());
        talk(4, 200);
        assertEquals(1, burst.waitCount());
    }

    @Test
    void a_word_of_one_that_was_silent_changes_little() {
        long silent = burst.submitted();
        waits(MANY, 30_000);
        talk(4, 1);
        burst.nextTurn();
        burst.completed(silent);
        assertTrue(burst.waitCount() <= 2, "4 talk: " + burst.waitCount());
        talk(4, 1);
        assertEquals(1, burst.waitCount());
    }

    @Test
    void fewer_are_awaited_when_not_all_came() {
        talk(1000, 1);
        waits(MANY, 30_000);
        burst.waited(24, 9, 30_000);
        assertEquals(12, burst.waitCount());
        burst.waited(12, 12, 30_000);
        assertEquals(13, burst.waitCount());
        waits(1, 3_000);
        assertEquals(2, burst.waitCount());
    }

    /** For how many waits one completion is awaited from now on. */
    private int rest() {
        int rest = 0;
        while (burst.waitCount() == 1) {
            burst.waited(1, 1, 30_000);
            rest++;
        }
        return rest;
    }

    @Test
    void while_they_come_slowly_several_are_awaited_now_and_then_until_they_come_quickly_again() {
        waits(MANY, 30_000);
        for (int i = 0; i < 100; i++) {
            burst.waited(2, 1, 40_000);
        }
        assertEquals(64, rest());
        burst.waited(2, 1, 40_000);
        assertEquals(64, rest());
        int tries = 0;
        for (boolean again = true; again; again = rest() > 0) {
            burst.waited(2, 2, 4_000);
            tries++;
        }
        assertTrue(tries < 100, "only after " + tries);
    }

    /** They may only come so slowly because each peer has to wake the loop. */
    @Test
    void how_long_one_completion_takes_says_nothing() {
        waits(MANY, 30_000);
        for (int i = 0; i < 100; i++) {
            burst.waited(1, 1, 40_000);
        }
        assertEquals(0, rest());
    }

    @Test
    void one_long_silence_changes_nothing() {
        waits(MANY, 30_000);
        burst.waited(16, 1, 10_000_000_000L);
        assertEquals(0, rest());
    }
}
