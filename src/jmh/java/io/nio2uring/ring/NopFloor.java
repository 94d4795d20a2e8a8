package io.nio2uring.ring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * {@link NopRoundTrip} in C ({@code src/jmh/c/nops.c}). A call from Java makes so many round trips that the call itself
 * does not count.
 */
@State(Scope.Thread)
@SuppressWarnings("restricted")
public class NopFloor {
    private static final int NOPS = 4096;
    private static final SymbolLookup LIBRARY =
            SymbolLookup.libraryLookup(Path.of(System.getProperty("jmh.floor")), Arena.global());
    private static final MethodHandle OPEN = function("nops_open", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle CLOSE = function("nops_close", FunctionDescriptor.ofVoid());
    private static final MethodHandle RUN =
            function("nops_run", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private static MethodHandle function(String name, FunctionDescriptor shape) {
        return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(name), shape);
    }

    @Setup
    public void open() throws Throwable {
        check((long) OPEN.invokeExact());
    }

    @TearDown
    public void close() throws Throwable {
        CLOSE.invokeExact();
    }

    @Benchmark
    @OperationsPerInvocation(NOPS)
    public long oneByOne() throws Throwable {
        return run(1);
    }

    @Benchmark
    @OperationsPerInvocation(NOPS)
    public long batchesOf16() throws Throwable {
        return run(16);
    }

    @Benchmark
    @OperationsPerInvocation(NOPS)
    public long batchesOf256() throws Throwable {
        return run(256);
    }

    private static long run(int batch) throws Throwable {
        return check((long) RUN.invokeExact((long) batch, (long) NOPS / batch));
    }

    private static long check(long result) throws IOException {
        if (result < 0) {
            throw new IOException("nops in C: errno " + -result);
        }
        return result;
    }
}
