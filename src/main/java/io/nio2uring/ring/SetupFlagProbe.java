package io.nio2uring.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.nio2uring.abi.Params;
import io.nio2uring.abi.SetupFlag;
import io.nio2uring.sys.Errno;
import io.nio2uring.sys.FileCalls;
import io.nio2uring.sys.RingCalls;

/**
 * Finds out by trying which set-up flags the kernel has: their number says nothing, since distributions port them
 * back.
 */
final class SetupFlagProbe {
    /** Not found out yet. */
    private static final int UNKNOWN = -1;

    /** Idempotent: threads that find it out at once find the same. */
    private static volatile int cached = UNKNOWN;

    private SetupFlagProbe() {
    }

    static int supported(int wanted) {
        int supported = cached;
        if (supported == UNKNOWN) {
            supported = 0;
            for (int bit = 0; bit < Integer.SIZE - 1; bit++) {
                int flag = 1 << bit;
                if ((probed() & flag) == 0) {
                    continue;
                }
                int result = trySetup(flag | prerequisites(flag));
                if (result == 0) {
                    supported |= flag;
                } else if (result != -Errno.EINVAL && flag != SetupFlag.SQPOLL) {
                    // SQPOLL may be refused by itself: it needs a thread, and security modules ask about it.
                    // No ring at all, or none right now: that says nothing about flags, so it is not remembered.
                    return 0;
                }
            }
            cached = supported;
        }
        return wanted & supported;
    }

    private static int probed() {
        return SetupFlag.SQPOLL | SetupFlag.CLAMP | SetupFlag.SUBMIT_ALL | SetupFlag.COOP_TASKRUN
                | SetupFlag.TASKRUN_FLAG | SetupFlag.SINGLE_ISSUER | SetupFlag.DEFER_TASKRUN | SetupFlag.NO_SQARRAY;
    }

    private static int prerequisites(int flag) {
        return switch (flag) {
            case SetupFlag.TASKRUN_FLAG -> SetupFlag.COOP_TASKRUN;
            case SetupFlag.DEFER_TASKRUN -> SetupFlag.SINGLE_ISSUER;
            default -> 0;
        };
    }

    /** 0, or {@code -errno}. */
    private static int trySetup(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(Params.SIZE_BYTES, Long.BYTES);
            params.set(ValueLayout.JAVA_INT, Params.FLAGS_OFFSET, flags);
            int fd = RingCalls.ioUringSetup(1, params);
            if (fd < 0) {
                return fd;
            }
            FileCalls.close(fd);
            return 0;
        }
    }
}
