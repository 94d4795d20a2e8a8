package io.nio2uring.sys;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Error numbers of Linux, the same on x86-64 and aarch64 ({@code asm-generic/errno.h}), their names and their texts.
 *
 * <p>Results of system calls and of completions carry them negated; the methods here take them positive.
 */
@SuppressWarnings("restricted")
public final class Errno {
    /** Operation not permitted. */
    public static final int EPERM = 1;

    /** No such file; for a cancel: no such request. */
    public static final int ENOENT = 2;

    /** Interrupted by a signal. */
    public static final int EINTR = 4;

    /** Input/output error. */
    public static final int EIO = 5;

    /** No such device; for io_uring: no such registration. */
    public static final int ENXIO = 6;

    /** Bad file descriptor. */
    public static final int EBADF = 9;

    /** Try again. */
    public static final int EAGAIN = 11;

    /** No memory. */
    public static final int ENOMEM = 12;

    /** Permission denied. */
    public static final int EACCES = 13;

    /** Bad address. */
    public static final int EFAULT = 14;

    /** Busy. */
    public static final int EBUSY = 16;

    /** Exists; for io_uring: another thread submits. */
    public static final int EEXIST = 17;

    /** No such device. */
    public static final int ENODEV = 19;

    /** Invalid argument. */
    public static final int EINVAL = 22;

    /** Too many open files in the system. */
    public static final int ENFILE = 23;

    /** Too many open files in the process. */
    public static final int EMFILE = 24;

    /** No space. */
    public static final int ENOSPC = 28;

    /** Broken pipe. */
    public static final int EPIPE = 32;

    /** No such system call. */
    public static final int ENOSYS = 38;

    /** Io_uring: completions were lost. */
    public static final int EBADR = 53;

    /** Timer expired. */
    public static final int ETIME = 62;

    /** Protocol error. */
    public static final int EPROTO = 71;

    /** Value too large. */
    public static final int EOVERFLOW = 75;

    /** Io_uring: the ring is disabled. */
    public static final int EBADFD = 77;

    /** Not a socket. */
    public static final int ENOTSOCK = 88;

    /** Message too long. */
    public static final int EMSGSIZE = 90;

    /** No such option. */
    public static final int ENOPROTOOPT = 92;

    /** No such protocol. */
    public static final int EPROTONOSUPPORT = 93;

    /** Not supported. */
    public static final int EOPNOTSUPP = 95;

    /** No such address family. */
    public static final int EAFNOSUPPORT = 97;

    /** Address in use. */
    public static final int EADDRINUSE = 98;

    /** Address not available. */
    public static final int EADDRNOTAVAIL = 99;

    /** Network down. */
    public static final int ENETDOWN = 100;

    /** Network unreachable. */
    public static final int ENETUNREACH = 101;

    /** Connection aborted. */
    public static final int ECONNABORTED = 103;

    /** Connection reset by peer. */
    public static final int ECONNRESET = 104;

    /** No buffer; for io_uring: the group of provided buffers is empty. */
    public static final int ENOBUFS = 105;

    /** Already connected. */
    public static final int EISCONN = 106;

    /** Not connected. */
    public static final int ENOTCONN = 107;

    /** Shut down. */
    public static final int ESHUTDOWN = 108;

    /** Timed out. */
    public static final int ETIMEDOUT = 110;

    /** Connection refused. */
    public static final int ECONNREFUSED = 111;

    /** Host down. */
    public static final int EHOSTDOWN = 112;

    /** Host unreachable. */
    public static final int EHOSTUNREACH = 113;

    /** Already in progress; for a cancel: too late to be certain. */
    public static final int EALREADY = 114;

    /** In progress. */
    public static final int EINPROGRESS = 115;

    /** Cancelled. */
    public static final int ECANCELED = 125;

    // Index is the number less one; numbers that Linux does not use are "-".
    private static final String[] NAMES = """
            EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK
            EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE
            EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM
            ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT
            - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP
            EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ
            ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT
            ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH
            ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT
            ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM
            EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED
            EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON""".split("\\s+");

    private Errno() {
    }

    /**
     * The symbolic name of an error.
     *
     * @param errno the error number, positive
     * @return the name, as "ECONNREFUSED", or "errno 4711" for a number without a name
     */
    public static String name(int errno) {
        if (errno >= 1 && errno <= NAMES.length && !NAMES[errno - 1].equals("-")) {
            return NAMES[errno - 1];
        }
        return "errno " + errno;
    }

    /**
     * What the system says about an error, as {@code strerror(3)}: "Connection refused".
     *
     * @param errno the error number, positive
     * @return the text, in the language of the process
     */
    public static String text(int errno) {
        try {
            // Safe: the C library returns a static or thread-local string that ends with a zero byte.
            long address = (long) Text.STRERROR.invokeExact((long) errno, 0L, 0L, 0L, 0L, 0L, 0L);
            return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable t) {
            throw NativeFunctions.unexpected(t);
        }
    }

    /**
     * A message for an exception: call, name and text, as "io_uring_setup: EPERM (Operation not permitted)".
     *
     * @param call what failed
     * @param errno the error number, positive
     * @return the message
     */
    public static String message(String call, int errno) {
        return call + ": " + name(errno) + " (" + text(errno) + ")";
    }

    /** Linked when the first text is wanted. */
    private static final class Text {
        static final MethodHandle STRERROR = NativeFunctions.plain("strerror");
    }
}
