package io.nio2uring.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

import io.nio2uring.abi.Iovec;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOperationsTest {
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_CLOEXEC = 0x80000;

    @TempDir
    Path directory;

    private int open(IoUring ring, Arena arena, String name) throws IOException {
        assertTrue(ring.prepOpenat(IoUring.AT_FDCWD, arena.allocateFrom(directory.resolve(name).toString()),
                O_RDWR | O_CREAT | O_CLOEXEC, 0600, 1));
        return Tcp.ok(Reaping.takeOne(ring).result());
    }

    private static void close(IoUring ring, int fd) throws IOException {
        ring.prepClose(fd, 2);
        assertEquals(Cqe.of(2, 0), Reaping.takeOne(ring));
    }

    @Test
    void bytes_are_written_and_read_at_their_positions() throws IOException {
        try (IoUring ring = new IoUring(1); Arena arena = Arena.ofConfined()) {
            int low = open(ring, arena, "file");
            // A number that is nobody else's after the close.
            int fd = FileCalls.dup3(low, 1_000, FileCalls.O_CLOEXEC);
            FileCalls.close(low);
            MemorySegment text = arena.allocateFrom("0123456789");
            ring.prepWrite(fd, text.asSlice(0, 10), 0, 3);
            assertEquals(Cqe.of(3, 10), Reaping.takeOne(ring));
            ring.prepWrite(fd, text.asSlice(0, 3), 5, 4);
            assertEquals(Cqe.of(4, 3), Reaping.takeOne(ring));
            ring.prepFsync(fd, true, 5);
            assertEquals(Cqe.of(5, 0), Reaping.takeOne(ring));
            ring.prepFsync(fd, false, 6);
            assertEquals(Cqe.of(6, 0), Reaping.takeOne(ring));
            MemorySegment read = arena.allocate(20);
            ring.prepRead(fd, read, 2, 7);
            assertEquals(Cqe.of(7, 8), Reaping.takeOne(ring));
            assertEquals("23401289", Tcp.text(read, 8));
            ring.prepRead(fd, read, 10, 8);
            assertEquals(Cqe.of(8, 0), Reaping.takeOne(ring));
            close(ring, fd);
            assertEquals("0123401289", Files.readString(directory.resolve("file")));
            ring.prepRead(fd, read, 0, 9);
            assertEquals(Cqe.of(9, -Errno.EBADF), Reaping.takeOne(ring));
        }
    }

    @Test
    void bytes_are_gathered_and_scattered() throws IOException {
        try (IoUring ring = new IoUring(1); Arena arena = Arena.ofConfined()) {
            int fd = open(ring, arena, "vectors");
            MemorySegment text = arena.allocateFrom("abcdefgh");
            MemorySegment iovecs = arena.allocate(2L * Iovec.SIZE_BYTES, 8);
            iovec(iovecs, 0, text, 3);
            iovec(iovecs, 1, text.asSlice(5), 2);
            ring.prepWritev(fd, iovecs, 2, 0, 1);
            assertEquals(Cqe.of(1, 5), Reaping.takeOne(ring));
            MemorySegment first = arena.allocate(4);
            MemorySegment second = arena.allocate(4);
            iovec(iovecs, 0, first, 1);
            iovec(iovecs, 1, second, 4);
            ring.prepReadv(fd, iovecs, 2, 0, 2);
            assertEquals(Cqe.of(2, 5), Reaping.takeOne(ring));
            assertEquals("a", Tcp.text(first, 1));
            assertEquals("bcfg", Tcp.text(second, 4));
            close(ring, fd);
        }
    }

    private static void iovec(MemorySegment iovecs, int index, MemorySegment base, long length) {
        iovecs.set(ValueLayout.JAVA_LONG, (long) index * Iovec.SIZE_BYTES + Iovec.IOV_BASE_OFFSET, base.address());
        iovecs.set(ValueLayout.JAVA_LONG, (long) index * Iovec.SIZE_BYTES + Iovec.IOV_LEN_OFFSET, length);
    }

    @Test
    void a_file_that_does_not_exist_completes_with_enoent() throws IOException {
        try (IoUring ring = new IoUring(1); Arena arena = Arena.ofConfined()) {
            ring.prepOpenat(IoUring.AT_FDCWD, arena.allocateFrom(directory.resolve("none").toString()), O_CLOEXEC, 0,
                    1);
            assertEquals(Cqe.of(1, -Errno.ENOENT), Reaping.takeOne(ring));
        }
    }

    @Test
    void memory_on_the_heap_is_refused() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            MemorySegment heap = MemorySegment.ofArray(new byte[8]);
            assertThrows(IllegalArgumentException.class, () -> ring.prepRead(0, heap, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> ring.prepWrite(0, heap, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> ring.prepRecv(0, heap, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> ring.prepConnect(0, heap, 1));
            assertThrows(IllegalArgumentException.class, () -> ring.prepReadv(0, heap, 1, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> ring.prepSendmsg(0, heap, 0, 1));
            assertEquals(0, ring.pendingSubmissions());
        }
    }

    @Test
    void memory_longer_than_an_operation_is_refused() throws IOException {
        try (IoUring ring = new IoUring(1)) {
            // Not accessed: it only has a length.
            MemorySegment endless = io.nio2uring.sys.RawMemory.ALL;
            assertThrows(IllegalArgumentException.class, () -> ring.prepWrite(0, endless, 0, 1));
        }
    }
}
