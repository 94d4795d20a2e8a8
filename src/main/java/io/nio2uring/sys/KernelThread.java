package io.nio2uring.sys;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Threads of this process as the kernel knows them.
 *
 * <p>Safe for use by any number of threads.
 */
public final class KernelThread {
    /** What {@link #uninterruptibleSleep} returns for a thread that does not sleep so. */
    public static final long NONE = -1;

    /** {@code gettid}, which older C libraries have no function for. */
    private static final long NR_GETTID = System.getProperty("os.arch").equals("aarch64") ? 178 : 186;

    private static final MethodHandle SYSCALL = NativeFunctions.plain("syscall");

    private KernelThread() {
    }

    /**
     * {@code gettid(2)}.
     *
     * @return number of the calling thread; of the carrier if it is virtual
     */
    public static int current() {
        try {
            return (int) (long) SYSCALL.invokeExact(NR_GETTID, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw NativeFunctions.unexpected(t);
        }
    }

    /**
     * Tells whether a thread sleeps and cannot be woken but by what it waits for, such as a disk. Costs some ten
     * microseconds if it does, less if it runs.
     *
     * @param thread its number
     * @return a number for this very sleep: the same for as long as the thread has not gone on; {@link #NONE} when it does not
     *         sleep so, has ended, or cannot be looked at
     */
    public static long uninterruptibleSleep(int thread) {
        String directory = "/proc/self/task/" + thread + '/';
        try {
            if (isAwake(directory)) {
                return NONE;
            }
            long switches = switchesBefore(directory);
            // A thread that is about to sleep, and has not let go of its processor yet, is said to sleep already. But it has
            // no place where it sleeps.
            boolean sleeps = switches != NONE && !isAwake(directory);
            return sleeps && switches == switchesBefore(directory) ? switches : NONE;
        } catch (IOException e) {
            return NONE;
        }
    }

    private static boolean isAwake(String directory) throws IOException {
        return read(directory + "wchan").equals("0");
    }

    /** How often the thread has let go of its processor; {@link #NONE} when it is not said to sleep. */
    private static long switchesBefore(String directory) throws IOException {
        String status = read(directory + "status");
        return status.contains("\nState:\tD")
                ? number(status, "\nvoluntary_ctxt_switches:\t") + number(status, "\nnonvoluntary_ctxt_switches:\t")
                : NONE;
    }

    private static long number(String status, String name) {
        int start = status.indexOf(name) + name.length();
        return Long.parseLong(status, start, status.indexOf('\n', start), 10);
    }

    private static String read(String file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
