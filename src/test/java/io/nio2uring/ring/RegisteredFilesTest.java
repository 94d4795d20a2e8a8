package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import org.junit.jupiter.api.Test;

class RegisteredFilesTest {
    private static final int GROUP = 1;

    @Test
    void a_slot_serves_until_it_is_cleared() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            ring.registerFilesSparse(4);
            FileSlot slot = new FileSlot(3);
            var text = tcp.arena.allocateFrom("fixed").asSlice(0, 5);
            ring.prepWriteFixed(slot, text, 0, 1);
            assertEquals(Cqe.of(1, -Errno.EBADF), Reaping.takeOne(ring));
            ring.updateFileSlot(slot.index(), tcp.server);
            ring.prepWriteFixed(slot, text, 0, 2);
            assertEquals(Cqe.of(2, 5), Reaping.takeOne(ring));
            assertEquals("fixed", tcp.clientReceives());
            ring.updateFileSlot(slot.index(), -1);
            ring.prepWriteFixed(slot, text, 0, 3);
            assertEquals(Cqe.of(3, -Errno.EBADF), Reaping.takeOne(ring));
        }
    }

    @Test
    void a_slot_keeps_its_file_open_when_the_descriptor_is_closed() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            ring.registerFilesSparse(1);
            ring.updateFileSlot(0, tcp.server);
            FileCalls.close(tcp.server);
            ring.prepWriteFixed(new FileSlot(0), tcp.arena.allocateFrom("still").asSlice(0, 5), 0, 1);
            assertEquals(Cqe.of(1, 5), Reaping.takeOne(ring));
            assertEquals("still", tcp.clientReceives());
            tcp.server = -1;
        }
    }

    @Test
    void a_multishot_receive_works_on_a_slot() throws IOException {
        try (IoUring ring = new IoUring(1); Tcp tcp = Tcp.connected()) {
            ProvidedBufferRing buffers = ring.registerBufRing(2, 16, GROUP);
            ring.registerFilesSparse(2);
            ring.updateFileSlot(1, tcp.server);
            ring.prepRecvMultishotFixed(new FileSlot(1), GROUP, 1);
            ring.submit();
            for (String text : new String[] {"one", "two", "three"}) {
                tcp.clientSends(text);
                Cqe cqe = Reaping.takeOne(ring);
                assertTrue(cqe.hasMore());
                assertEquals(text, Tcp.text(buffers.bytes(cqe.bufferId(), cqe.result()), cqe.result()));
                buffers.recycle(cqe.bufferId());
            }
            ring.updateFileSlot(1, -1);
            ring.prepRecvMultishotFixed(new FileSlot(1), GROUP, 2);
            assertEquals(Cqe.of(2, -Errno.EBADF), Reaping.takeOne(ring));
        }
    }

    @Test
    void a_table_larger_than_the_limit_of_open_files_is_refused_with_that_limit() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            long limit = FileCalls.openFilesLimit();
            int tooMany = (int) Math.min(limit, 1 << 20) + 1;
            IOException e = assertThrows(IOException.class, () -> ring.registerFilesSparse(tooMany));
            assertTrue(e.getMessage().contains("EMFILE"), e.getMessage());
            assertTrue(e.getMessage().contains("RLIMIT_NOFILE is " + limit), e.getMessage());
        }
    }

    @Test
    void misuse_is_refused_with_the_errno() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            assertThrows(IllegalArgumentException.class, () -> ring.registerFilesSparse(0));
            assertThrows(IllegalArgumentException.class, () -> new FileSlot(-1));
            assertTrue(assertThrows(IOException.class, () -> ring.updateFileSlot(0, 0)).getMessage().contains("ENXIO"));
            ring.registerFilesSparse(2);
            assertTrue(assertThrows(IOException.class, () -> ring.registerFilesSparse(2)).getMessage()
                    .contains("EBUSY"));
            assertTrue(assertThrows(IOException.class, () -> ring.updateFileSlot(2, 0)).getMessage()
                    .contains("EINVAL"));
            assertTrue(assertThrows(IOException.class, () -> ring.updateFileSlot(0, Integer.MAX_VALUE)).getMessage()
                    .contains("EBADF"));
        }
    }
}
