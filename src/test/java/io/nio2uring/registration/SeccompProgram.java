package io.nio2uring.registration;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Runs a command under a seccomp filter that answers a system call with an error, as container engines and older kernels
 * do, and exits with its status. Arguments: the numbers of the call, of the operation that its second argument names or -1
 * for all, and of the error; and the command.
 */
@SuppressWarnings("restricted")
final class SeccompProgram {
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int NR_SECCOMP = "amd64".equals(System.getProperty("os.arch")) ? 317 : 277;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
    private static final int SECCOMP_RET_ERRNO = 0x0005_0000;
    private static final int SECCOMP_RET_ALLOW = 0x7fff_0000;
    /** Offset of the second argument's low half in {@code struct seccomp_data}. */
    private static final int SECOND_ARGUMENT = 24;
    private static final short BPF_LD_W_ABS = 0x20;
    private static final short BPF_JEQ_K = 0x15;
    private static final short BPF_RET_K = 0x06;

    private SeccompProgram() {
    }

    public static void main(String[] arguments) throws Throwable {
        refuse(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        // Its threads inherit the filter, whichever of this process's starts it.
        Process process = new ProcessBuilder(Arrays.asList(arguments).subList(3, arguments.length)).inheritIO().start();
        System.exit(process.waitFor());
    }

    private static void refuse(int call, int operation, int errno) throws Throwable {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor longs = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
        MethodHandle prctl = linker.downcallHandle(linker.defaultLookup().findOrThrow("prctl"), longs);
        MethodHandle syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"), longs);
        check("prctl", (long) prctl.invokeExact((long) PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L));
        try (Arena arena = Arena.ofConfined()) {
            // struct sock_filter: code, jump if true, jump if false, constant.
            MemorySegment filter = arena.allocate(6 * 8L, 8);
            int count = 0;
            instruction(filter, count++, BPF_LD_W_ABS, 0, 0, 0);
            if (operation >= 0) {
                instruction(filter, count++, BPF_JEQ_K, 0, 3, call);
                instruction(filter, count++, BPF_LD_W_ABS, 0, 0, SECOND_ARGUMENT);
                instruction(filter, count++, BPF_JEQ_K, 0, 1, operation);
            } else {
                instruction(filter, count++, BPF_JEQ_K, 0, 1, call);
            }
            instruction(filter, count++, BPF_RET_K, 0, 0, SECCOMP_RET_ERRNO | errno);
            instruction(filter, count++, BPF_RET_K, 0, 0, SECCOMP_RET_ALLOW);
            MemorySegment program = arena.allocate(16, 8);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) count);
            program.set(ValueLayout.JAVA_LONG, 8, filter.address());
            check("seccomp", (long) syscall.invokeExact((long) NR_SECCOMP, (long) SECCOMP_SET_MODE_FILTER,
                    (long) SECCOMP_FILTER_FLAG_TSYNC, program.address(), 0L));
        }
    }

    private static void instruction(MemorySegment filter, int index, short code, int ifTrue, int ifFalse, int value) {
        long offset = 8L * index;
        filter.set(ValueLayout.JAVA_SHORT, offset, code);
        filter.set(ValueLayout.JAVA_BYTE, offset + 2, (byte) ifTrue);
        filter.set(ValueLayout.JAVA_BYTE, offset + 3, (byte) ifFalse);
        filter.set(ValueLayout.JAVA_INT, offset + 4, value);
    }

    private static void check(String call, long result) {
        if (result != 0) {
            throw new IllegalStateException(call + " returned " + result);
        }
    }
}
