package io.nio2uring.channel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.nio2uring.sys.KernelThread;

/**
 * A sleep as that of a thread that waits for a disk: nothing wakes it but what it waits for. A thread that starts another
 * program sleeps so until that runs; this one first has to open a pipe that nobody writes to.
 */
@SuppressWarnings("restricted")
final class UninterruptibleSleep implements AutoCloseable {
    private static final Linker LINKER = Linker.nativeLinker();
    /** Larger than any C library's. */
    private static final int FILE_ACTIONS_BYTES = 1024;
    private static final int O_RDONLY = 0;

    private final Path pipe;
    private volatile int sleeper;
    private boolean ended;

    UninterruptibleSleep() throws IOException {
        Path directory = Files.createTempDirectory("nio2uring");
        pipe = directory.resolve("pipe");
        try {
            int status = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor();
            if (status != 0) {
                throw new IOException("mkfifo ended with " + status);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Sleeps until {@link #end}; after the first time it does nothing. */
    void fallAsleep() {
        if (sleeper != 0) {
            return;
        }
        sleeper = KernelThread.current();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(FILE_ACTIONS_BYTES, 16);
            MemorySegment child = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment path = arena.allocateFrom("/bin/true");
            MemorySegment arguments = arena.allocate(ValueLayout.ADDRESS, 2);
            arguments.setAtIndex(ValueLayout.ADDRESS, 0, path);
            MemorySegment none = arena.allocate(ValueLayout.ADDRESS);
            call("posix_spawn_file_actions_init", actions);
            call("posix_spawn_file_actions_addopen", actions, 0, arena.allocateFrom(pipe.toString()), O_RDONLY, 0);
            call("posix_spawn", child, path, actions, MemorySegment.NULL, arguments, none);
            call("posix_spawn_file_actions_destroy", actions);
            int process = child.get(ValueLayout.JAVA_INT, 0);
            if (call("waitpid", process, MemorySegment.NULL, 0) != process) {
                throw new AssertionError("no process " + process);
            }
        }
    }

    /** Calls a function whose result is 0, or the number of a process. */
    private static int call(String function, Object... arguments) {
        ValueLayout[] layouts = new ValueLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = arguments[i] instanceof Integer ? ValueLayout.JAVA_INT : ValueLayout.ADDRESS;
        }
        MethodHandle handle = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
        try {
            int result = (int) handle.invokeWithArguments(arguments);
            if (function.startsWith("posix_spawn") && result != 0) {
                throw new AssertionError(function + " returned " + result);
            }
            return result;
        } catch (Throwable e) {
            throw new AssertionError(function, e);
        }
    }

    boolean hasBegun() {
        return sleeper != 0 && KernelThread.uninterruptibleSleep(sleeper) != KernelThread.NONE;
    }

    /** Ends it, once it has begun. */
    void end() throws IOException {
        if (!ended) {
            ended = true;
            Files.newOutputStream(pipe, new OpenOption[] {StandardOpenOption.WRITE}).close();
        }
    }

    @Override
    public void close() throws IOException {
        if (sleeper != 0) {
            end();
        }
        Files.delete(pipe);
        Files.delete(pipe.getParent());
    }
}
