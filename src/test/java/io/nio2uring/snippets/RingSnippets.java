package io.nio2uring.snippets;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.nio2uring.ring.IoUring;
import io.nio2uring.ring.ProvidedBufferRing;

/** What the Javadoc of the ring shows; {@code RingSnippetsTest} runs it. */
public final class RingSnippets {
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_CREAT_WRONLY = 0x41;

    private RingSnippets() {}

    public static long nop() throws IOException {
        long[] seen = new long[1];
        // @start region="nop"
        try (IoUring ring = new IoUring(8)) {
            ring.prepNop(42); // false if the queue is full
            ring.submitAndWait(1);
            ring.forEachCompletion(completion -> seen[0] = completion.userData());
        }
        // @end
        return seen[0];
    }

    /** One operation, and its result. */
    // @start region="one"
    public static int run(IoUring ring, boolean prepared) throws IOException {
        if (!prepared) {
            throw new IOException("the submission queue is full");
        }
        int[] result = new int[1];
        int completions = 0;
        while (completions == 0) { // a signal may end the wait
            ring.submitAndWait(1);
            completions = ring.forEachCompletion(completion -> result[0] = completion.result());
        }
        if (result[0] < 0) {
            throw new IOException("errno " + -result[0]);
        }
        return result[0];
    }
    // @end

    public static String read(Path path) throws IOException {
        // @start region="read"
        try (IoUring ring = new IoUring(8); Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            int fd = run(ring, ring.prepOpenat(IoUring.AT_FDCWD, name, O_CLOEXEC, 0, 1));
            MemorySegment bytes = arena.allocate(4096); // the kernel's from here to the completion
            int length = run(ring, ring.prepRead(fd, bytes, 0, 2));
            run(ring, ring.prepClose(fd, 3));
            return new String(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
        // @end
    }

    public static void write(Path path, String text) throws IOException {
        // @start region="write"
        try (IoUring ring = new IoUring(8); Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            int fd = run(ring, ring.prepOpenat(IoUring.AT_FDCWD, name, O_CLOEXEC | O_CREAT_WRONLY, 0600, 1));
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.UTF_8));
            for (long written = 0; written < bytes.byteSize();) { // each may take less than it was given
                written += run(ring, ring.prepWrite(fd, bytes.asSlice(written), written, 2));
            }
            run(ring, ring.prepClose(fd, 3));
        }
        // @end
    }

    public static int accept(int listener) throws IOException {
        // @start region="accept"
        try (IoUring ring = new IoUring(8)) {
            return run(ring, ring.prepAccept(listener, 1)); // a descriptor, to be closed by us
        }
        // @end
    }

    public static String receive(int socket) throws IOException {
        StringBuilder text = new StringBuilder();
        // @start region="buffers"
        try (IoUring ring = new IoUring(8); ProvidedBufferRing buffers = ring.registerBufRing(16, 4096, 0)) {
            boolean[] more = {true};
            ring.prepRecvMultishot(socket, buffers.group(), 1); // one entry, a completion for each piece of data
            while (more[0]) {
                ring.submitAndWait(1);
                ring.forEachCompletion(completion -> {
                    int id = completion.bufferId();
                    if (id >= 0) { // ours until it is recycled
                        MemorySegment bytes = buffers.bytes(id, completion.result());
                        text.append(StandardCharsets.US_ASCII.decode(bytes.asByteBuffer()));
                        buffers.recycle(id);
                    }
                    more[0] = completion.hasMore(); // false at the end, after an error, and without a free buffer
                });
            }
        }
        // @end
        return text.toString();
    }
}
