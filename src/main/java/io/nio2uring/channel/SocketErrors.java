package io.nio2uring.channel;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;

import io.nio2uring.sys.Errno;

/** The exceptions that the JDK's providers throw for errors of the kernel, with the system's text. */
final class SocketErrors {
    private SocketErrors() {
    }

    /** For {@code connect}, {@code bind}, {@code listen} and socket options. */
    static IOException ofConnect(int errno) {
        String text = Errno.text(errno);
        return switch (errno) {
            case Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.ENOTCONN -> new ConnectException(text);
            case Errno.EHOSTUNREACH -> new NoRouteToHostException(text);
            case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES -> new BindException(text);
            case Errno.EPROTO -> new ProtocolException(text);
            default -> new SocketException(text);
        };
    }

    /** Throws if the result of a call is an error. */
    static int check(int result) throws IOException {
        if (result < 0) {
            throw ofConnect(-result);
        }
        return result;
    }
}
