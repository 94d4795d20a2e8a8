package io.nio2uring.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Links functions of the C library and calls them, all in one of three shapes.
 *
 * <p>The virtual machine generates code for each shape, which takes it several milliseconds; a second function of the
 * same shape costs next to nothing. So arguments are passed as 64 bits each whatever their type, and those that a
 * function does not have as zeros. That is safe where this runs: the calling conventions of 64-bit Linux have the first
 * six integers and addresses in a register each, sign-extended, and further ones where only functions that have them
 * look; a function reads those that it has and of each as much as it has. A result of 32 bits is the lower half of a
 * register, whose upper half says nothing.
 *
 * <p>Handles are to be kept in static final fields of the classes that use them, so that a function is linked when its
 * theme is first needed.
 */
@SuppressWarnings("restricted")
final class NativeFunctions {
    /** What a call writes errno into. */
    static final MemoryLayout CAPTURE_LAYOUT = Linker.Option.captureStateLayout();

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final long ERRNO_OFFSET =
            CAPTURE_LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private NativeFunctions() {
    }

    /** {@code long syscall(long number, ...)} with six arguments: errno's segment, number and arguments. */
    static MethodHandle syscall() {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("syscall"), longs(7), ERRNO,
                Linker.Option.firstVariadicArg(1));
    }

    /** A function that sets errno: its segment and six arguments, for {@link #call} and {@link #callForInt}. */
    static MethodHandle capturing(String name) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), longs(6), ERRNO);
    }

    /**
     * A function whose errno does not matter, or {@code syscall}: seven arguments. The variable arguments of the latter go
     * where others do on the systems that this runs on.
     */
    static MethodHandle plain(String name) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), longs(7));
    }

    /** Calls a function whose result has 64 bits: the result, or {@code -errno} when it is -1. */
    static long call(MethodHandle capturing, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = arena.allocate(CAPTURE_LAYOUT);
            long result = (long) capturing.invokeExact(capture, a, b, c, d, e, f);
            return result == -1 ? -errno(capture) : result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Calls a function whose result is an {@code int}: the result, or {@code -errno} when it is -1. */
    static int callForInt(MethodHandle capturing, long a, long b, long c, long d, long e) {
        try (Arena arena = Arena.ofConfined()) {
            return callForInt(capturing, arena.allocate(CAPTURE_LAYOUT), a, b, c, d, e);
        }
    }

    /** The same with the caller's memory for errno: of that each call makes a slice, until the second compiler has come. */
    static int callForInt(MethodHandle capturing, MemorySegment capture, long a, long b, long c, long d, long e) {
        try {
            int result = (int) (long) capturing.invokeExact(capture, a, b, c, d, e, 0L);
            return result == -1 ? -errno(capture) : result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int errno(MemorySegment capture) {
        return capture.get(JAVA_INT, ERRNO_OFFSET);
    }

    /** What to throw when a native call has thrown, which it does not by itself. */
    static Error unexpected(Throwable t) {
        if (t instanceof Error error) {
            return error;
        }
        if (t instanceof RuntimeException exception) {
            throw exception;
        }
        return new AssertionError("a native call declares no exception", t);
    }

    private static FunctionDescriptor longs(int count) {
        MemoryLayout[] arguments = new MemoryLayout[count];
        Arrays.fill(arguments, JAVA_LONG);
        return FunctionDescriptor.of(JAVA_LONG, arguments);
    }
}
