package io.nio2uring.registration;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.nio2uring.sys.NativeMemory;

/**
 * Opens a group of two loops while only so many descriptors are left, none first, and one more each time until it succeeds.
 * Prints what came of it, how many more descriptors are open and how many more bytes are allocated afterwards. For a process
 * that may have few files open.
 */
final class ScarceDescriptorsProgram {
    private ScarceDescriptorsProgram() {
    }

    public static void main(String[] args) throws Exception {
        // All that stays open for the rest of the process.
        close(open());
        int files = openFiles();
        long bytes = NativeMemory.allocatedBytes();
        String outcome = "";
        for (int left = 0; !outcome.equals("opened"); left++) {
            Deque<FileInputStream> taken = takeAll();
            for (int i = 0; i < left; i++) {
                taken.pop().close();
            }
            try {
                close(open());
                outcome = "opened";
            } catch (IOException e) {
                outcome = e.getMessage();
            }
            while (!taken.isEmpty()) {
                taken.pop().close();
            }
            System.out.println(left + ": " + outcome + "; left over: " + (openFiles() - files) + " descriptors, "
                    + (NativeMemory.allocatedBytes() - bytes) + " bytes");
        }
    }

    private static AsynchronousChannelGroup open() throws IOException {
        return AsynchronousChannelGroup.withFixedThreadPool(2, Executors.defaultThreadFactory());
    }

    private static void close(AsynchronousChannelGroup group) throws InterruptedException {
        group.shutdown();
        if (!group.awaitTermination(20, TimeUnit.SECONDS)) {
            throw new AssertionError("a group without channels does not terminate");
        }
    }

    private static Deque<FileInputStream> takeAll() throws IOException {
        Deque<FileInputStream> taken = new ArrayDeque<>();
        while (true) {
            try {
                taken.push(new FileInputStream("/dev/null"));
            } catch (FileNotFoundException allTaken) {
                return taken;
            }
        }
    }

    private static int openFiles() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path _ : links) {
                count++;
            }
        }
        return count;
    }
}
