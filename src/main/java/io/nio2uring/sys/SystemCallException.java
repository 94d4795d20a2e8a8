package io.nio2uring.sys;

import java.io.IOException;

/** A system call has failed. */
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * Makes an exception that names the call, the error and its text.
     *
     * @param call what failed
     * @param errno the error number, positive
     */
    public SystemCallException(String call, int errno) {
        super(Errno.message(call, errno));
        this.errno = errno;
    }

    /**
     * Why.
     *
     * @return the error number, positive
     */
    public int errno() {
        return errno;
    }

    /**
     * Tells whether something has run out, which says nothing about what the system can do.
     *
     * @param errno the error number, positive
     * @return true for files, memory and the like
     */
    public static boolean isExhaustion(int errno) {
        return errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOMEM || errno == Errno.EAGAIN;
    }
}
