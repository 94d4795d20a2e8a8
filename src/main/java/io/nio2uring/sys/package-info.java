/**
 * System calls and raw memory: the only package that links native functions.
 *
 * <p>Functions are grouped by what they are about: {@link io.nio2uring.sys.RingCalls}, {@link
 * io.nio2uring.sys.SocketCalls}, {@link io.nio2uring.sys.FileCalls}, {@link io.nio2uring.sys.NativeMemory}. They return
 * their result, or the negated errno; none throws for an error of the system. Everything beyond {@code syscall(2)} for
 * the three io_uring calls is POSIX, so that musl serves as well as glibc.
 */
package io.nio2uring.sys;
