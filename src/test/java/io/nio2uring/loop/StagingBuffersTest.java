package io.nio2uring.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import io.nio2uring.sys.NativeMemory;
import io.nio2uring.sys.RawMemory;
import org.junit.jupiter.api.Test;

class StagingBuffersTest {
    @Test
    void buffersAreDistinctAndDoNotOverlap() {
        try (StagingBuffers buffers = new StagingBuffers(4, 64)) {
            Set<Long> addresses = new HashSet<>();
            int[] taken = new int[4];
            for (int i = 0; i < 4; i++) {
                taken[i] = buffers.acquire();
                assertTrue(addresses.add(buffers.address(taken[i])));
                for (int offset = 0; offset < buffers.sizeBytes(); offset++) {
                    RawMemory.putByte(buffers.address(taken[i]) + offset, (byte) i);
                }
            }
            for (int i = 0; i < 4; i++) {
                for (int offset = 0; offset < buffers.sizeBytes(); offset++) {
                    assertEquals(i, RawMemory.getByte(buffers.address(taken[i]) + offset));
                }
                buffers.release(taken[i]);
            }
        }
    }

    @Test
    void whenAllAreTakenThereIsNoneUntilOneComesBack() {
        try (StagingBuffers buffers = new StagingBuffers(1, 64)) {
            int only = buffers.acquire();
            assertEquals(-1, buffers.acquire());
            assertEquals(1, buffers.inUse());
            buffers.release(only);
            assertEquals(0, buffers.inUse());
            assertEquals(only, buffers.acquire());
            buffers.release(only);
        }
    }

    @Test
    void memoryIsTakenAtFirstUseAndGivenBackAtClose() {
        long before = NativeMemory.allocatedBytes();
        StagingBuffers buffers = new StagingBuffers(2, 64);
        assertEquals(before, NativeMemory.allocatedBytes());
        buffers.release(buffers.acquire());
        assertEquals(before + 2 * 64, NativeMemory.allocatedBytes());
        buffers.close();
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    @Test
    void aBufferThatTheKernelMayUseIsNotFreed() {
        StagingBuffers buffers = new StagingBuffers(1, 64);
        int taken = buffers.acquire();
        assertThrows(AssertionError.class, buffers::close);
        buffers.release(taken);
        buffers.close();
    }
}
