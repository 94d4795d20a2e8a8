package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.nio2uring.abi.Buf;
import io.nio2uring.abi.Cqe;
import io.nio2uring.abi.SqRingFlag;
import io.nio2uring.abi.Sqe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queues over plain memory, with the test in the kernel's place. */
class CursorsTest {
    private static final long HEAD = 0;
    private static final long TAIL = 4;
    private static final long FLAGS = 8;
    private static final long OVERFLOW = 12;
    private static final long ENTRIES = 64;
    /** Close enough to 2³² for the cursors to wrap soon. */
    private static final int NEARLY_WRAPPED = -3;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(4_096, 64);
    private final long base = memory.address();

    @AfterEach
    void free() {
        arena.close();
    }

    private SubmissionQueue submissions(int entries, int start) {
        memory.set(ValueLayout.JAVA_INT, HEAD, start);
        memory.set(ValueLayout.JAVA_INT, TAIL, start);
        return new SubmissionQueue(base + HEAD, base + TAIL, base + FLAGS, base + ENTRIES, entries);
    }

    private CompletionQueue completions(int entries, int start) {
        memory.set(ValueLayout.JAVA_INT, HEAD, start);
        memory.set(ValueLayout.JAVA_INT, TAIL, start);
        return new CompletionQueue(base + HEAD, base + TAIL, base + OVERFLOW, base + ENTRIES, entries);
    }

    private static boolean push(SubmissionQueue queue, long userData) {
        return queue.push(1, 2, 3, 4, 5, 6, 7, 8, userData, 9, 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void submissions_go_on_when_the_cursors_wrap(int entries) {
        SubmissionQueue queue = submissions(entries, NEARLY_WRAPPED);
        long written = 0;
        int head = NEARLY_WRAPPED;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < entries; i++) {
                assertTrue(push(queue, ++written));
            }
            assertFalse(push(queue, 99));
            assertEquals(entries, queue.publish());
            assertEquals(0, queue.publish());
            assertEquals(head + entries, memory.get(ValueLayout.JAVA_INT, TAIL));
            assertEquals(entries, queue.pending());
            for (int i = 0; i < entries; i++) {
                long sqe = ENTRIES + (long) (head++ & entries - 1) * Sqe.SIZE_BYTES;
                assertEquals(written - entries + i + 1, memory.get(ValueLayout.JAVA_LONG, sqe + Sqe.USER_DATA_OFFSET));
                memory.set(ValueLayout.JAVA_INT, HEAD, head);
                assertEquals(entries - i - 1, queue.pending());
            }
        }
        assertTrue(head > 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void completions_go_on_when_the_cursors_wrap(int entries) {
        CompletionQueue queue = completions(entries, NEARLY_WRAPPED);
        Completion completion = new Completion();
        int tail = NEARLY_WRAPPED;
        for (int round = 0; round < 20; round++) {
            assertEquals(0, queue.ready());
            for (int i = 0; i < entries; i++) {
                long cqe = ENTRIES + (long) (tail & entries - 1) * Cqe.SIZE_BYTES;
                memory.set(ValueLayout.JAVA_LONG, cqe + Cqe.USER_DATA_OFFSET, tail);
                memory.set(ValueLayout.JAVA_INT, cqe + Cqe.RES_OFFSET, round);
                memory.set(ValueLayout.JAVA_INT, cqe + Cqe.FLAGS_OFFSET, i);
                memory.set(ValueLayout.JAVA_INT, TAIL, ++tail);
            }
            assertEquals(entries, queue.ready());
            for (int i = 0; i < entries; i++) {
                queue.take(completion);
                assertEquals(tail - entries + i, completion.userData());
                assertEquals(round, completion.result());
                assertEquals(i, completion.flags());
                assertEquals(tail - entries + i + 1, memory.get(ValueLayout.JAVA_INT, HEAD));
            }
        }
        assertTrue(tail > 0);
    }

    @Test
    void an_entry_is_written_whole_and_nothing_of_the_slots_earlier_use_remains() {
        memory.fill((byte) 0xff);
        SubmissionQueue queue = submissions(1, 0);
        assertTrue(push(queue, 0x1122334455667788L));
        MemorySegment sqe = memory.asSlice(ENTRIES, Sqe.SIZE_BYTES);
        assertEquals(1, sqe.get(ValueLayout.JAVA_BYTE, Sqe.OPCODE_OFFSET));
        assertEquals(2, sqe.get(ValueLayout.JAVA_BYTE, Sqe.FLAGS_OFFSET));
        assertEquals(3, sqe.get(ValueLayout.JAVA_SHORT, Sqe.IOPRIO_OFFSET));
        assertEquals(4, sqe.get(ValueLayout.JAVA_INT, Sqe.FD_OFFSET));
        assertEquals(5, sqe.get(ValueLayout.JAVA_LONG, Sqe.OFF_OFFSET));
        assertEquals(6, sqe.get(ValueLayout.JAVA_LONG, Sqe.ADDR_OFFSET));
        assertEquals(7, sqe.get(ValueLayout.JAVA_INT, Sqe.LEN_OFFSET));
        assertEquals(8, sqe.get(ValueLayout.JAVA_INT, Sqe.RW_FLAGS_OFFSET));
        assertEquals(0x1122334455667788L, sqe.get(ValueLayout.JAVA_LONG, Sqe.USER_DATA_OFFSET));
        assertEquals(9, sqe.get(ValueLayout.JAVA_SHORT, Sqe.BUF_INDEX_OFFSET));
        assertEquals(0, sqe.get(ValueLayout.JAVA_SHORT, Sqe.PERSONALITY_OFFSET));
        assertEquals(10, sqe.get(ValueLayout.JAVA_INT, Sqe.FILE_INDEX_OFFSET));
        assertEquals(0, sqe.get(ValueLayout.JAVA_LONG, Sqe.ADDR3_OFFSET));
        assertEquals(0, sqe.get(ValueLayout.JAVA_LONG, Sqe.ADDR3_OFFSET + 8));
        assertEquals(-1, memory.get(ValueLayout.JAVA_BYTE, ENTRIES + Sqe.SIZE_BYTES), "the next slot is left alone");
    }

    @Test
    void negative_and_largest_values_do_not_spill_into_other_fields() {
        SubmissionQueue queue = submissions(1, 0);
        assertTrue(queue.push(255, 255, 65_535, -1, -1L, -1L, -1, 0, -1L, 65_535, 0));
        MemorySegment sqe = memory.asSlice(ENTRIES, Sqe.SIZE_BYTES);
        assertEquals(-1L, sqe.get(ValueLayout.JAVA_LONG, Sqe.OPCODE_OFFSET));
        assertEquals(0xffffffffL, sqe.get(ValueLayout.JAVA_LONG, Sqe.LEN_OFFSET));
        assertEquals(0xffffL, sqe.get(ValueLayout.JAVA_LONG, Sqe.BUF_INDEX_OFFSET));
        memory.set(ValueLayout.JAVA_INT, HEAD, 1);
        assertTrue(queue.push(1, 0, 0, -1, 0L, 0L, 0, -1, 0L, 0, 0));
        assertEquals(0xffffffff00000001L, sqe.get(ValueLayout.JAVA_LONG, Sqe.OPCODE_OFFSET));
        assertEquals(0xffffffff00000000L, sqe.get(ValueLayout.JAVA_LONG, Sqe.LEN_OFFSET));
    }

    @Test
    void entries_are_not_the_kernels_before_they_are_published() {
        SubmissionQueue queue = submissions(4, 0);
        push(queue, 1);
        push(queue, 2);
        assertEquals(0, memory.get(ValueLayout.JAVA_INT, TAIL));
        assertEquals(2, queue.publish());
        assertEquals(2, memory.get(ValueLayout.JAVA_INT, TAIL));
    }

    @Test
    void entries_that_the_kernel_has_not_taken_can_be_withdrawn() {
        SubmissionQueue queue = submissions(4, NEARLY_WRAPPED);
        push(queue, 1);
        push(queue, 2);
        queue.publish();
        push(queue, 3);
        memory.set(ValueLayout.JAVA_INT, HEAD, NEARLY_WRAPPED + 1);
        queue.withdraw();
        assertEquals(0, queue.pending());
        assertEquals(NEARLY_WRAPPED + 1, memory.get(ValueLayout.JAVA_INT, TAIL));
    }

    @Test
    void the_flags_word_is_read_anew_each_time() {
        SubmissionQueue queue = submissions(4, 0);
        assertFalse(queue.needsWakeup());
        memory.set(ValueLayout.JAVA_INT, FLAGS, SqRingFlag.NEED_WAKEUP | SqRingFlag.TASKRUN);
        assertTrue(queue.needsWakeup());
        assertEquals(SqRingFlag.NEED_WAKEUP | SqRingFlag.TASKRUN, queue.flags());
        memory.set(ValueLayout.JAVA_INT, FLAGS, SqRingFlag.CQ_OVERFLOW);
        assertFalse(queue.needsWakeup());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void the_16_bit_tail_of_a_buffer_ring_wraps_and_lies_over_the_first_entry(int entries) {
        long tailOffset = 14;
        memory.set(ValueLayout.JAVA_SHORT, tailOffset, (short) -5);
        BufferQueue queue = new BufferQueue(base, entries);
        short tail = -5;
        for (int i = 0; i < 100_000; i++) {
            int slot = tail & entries - 1;
            queue.add(i, i + 1, i);
            assertEquals(tail, memory.get(ValueLayout.JAVA_SHORT, tailOffset), "not before it is published");
            queue.publish();
            tail++;
            assertEquals(tail, memory.get(ValueLayout.JAVA_SHORT, tailOffset));
            long entry = (long) slot * Buf.SIZE_BYTES;
            assertEquals(i, memory.get(ValueLayout.JAVA_LONG, entry + Buf.ADDR_OFFSET));
            assertEquals(i + 1, memory.get(ValueLayout.JAVA_INT, entry + Buf.LEN_OFFSET));
            assertEquals((short) i, memory.get(ValueLayout.JAVA_SHORT, entry + Buf.BID_OFFSET));
        }
    }
}
