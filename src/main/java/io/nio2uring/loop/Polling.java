package io.nio2uring.loop;

/**
 * Ways to answer sooner at the price of processor time, all off by default.
 *
 * @param spinNanos        how long a leader that has nothing to do looks for completions before it sleeps; 0 for not at
 *                         all
 * @param sqpoll           whether a kernel thread polls the submission queue, so that submitting takes no system call
 * @param sqpollIdleMillis how long that thread looks for entries before it sleeps; 0 for one second
 * @param sqpollCpu        its processor; -1 for any
 * @param napiMicros       how long the kernel polls network cards for packets while a leader waits; 0 for not at all
 */
public record Polling(long spinNanos, boolean sqpoll, int sqpollIdleMillis, int sqpollCpu, int napiMicros) {
    /** No polling: who waits, sleeps. */
    public static final Polling NONE = new Polling(0, false, 0, -1, 0);
}
