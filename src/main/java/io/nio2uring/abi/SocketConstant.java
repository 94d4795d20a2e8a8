package io.nio2uring.abi;

/**
 * Constants of {@code sys/socket.h}, {@code netinet/in.h}, {@code netinet/tcp.h} and {@code poll.h}, with the numbers
 * that Linux gives them on x86-64 and aarch64 alike ({@code asm-generic/socket.h}).
 */
public final class SocketConstant {
    /** {@code AF_UNSPEC}: no family. */
    public static final int AF_UNSPEC = 0;

    /** {@code AF_UNIX}: local sockets. */
    public static final int AF_UNIX = 1;

    /** {@code AF_INET}: IPv4. */
    public static final int AF_INET = 2;

    /** {@code AF_INET6}: IPv6. */
    public static final int AF_INET6 = 10;

    /** {@code SOCK_STREAM}: byte stream. */
    public static final int SOCK_STREAM = 1;

    /** {@code SOCK_DGRAM}: datagrams. */
    public static final int SOCK_DGRAM = 2;

    /** {@code SOCK_NONBLOCK}: the descriptor is non-blocking. */
    public static final int SOCK_NONBLOCK = 0x800;

    /** {@code SOCK_CLOEXEC}: the descriptor is closed on exec. */
    public static final int SOCK_CLOEXEC = 0x80000;

    /** {@code SOL_SOCKET}: level of the options of every socket. */
    public static final int SOL_SOCKET = 1;

    /** {@code SO_REUSEADDR}: bind to an address in TIME_WAIT. */
    public static final int SO_REUSEADDR = 2;

    /** {@code SO_TYPE}: type of the socket. */
    public static final int SO_TYPE = 3;

    /** {@code SO_ERROR}: pending error, cleared by reading. */
    public static final int SO_ERROR = 4;

    /** {@code SO_BROADCAST}: permit broadcasts. */
    public static final int SO_BROADCAST = 6;

    /** {@code SO_SNDBUF}: send buffer, bytes; reads back doubled. */
    public static final int SO_SNDBUF = 7;

    /** {@code SO_RCVBUF}: receive buffer, bytes; reads back doubled. */
    public static final int SO_RCVBUF = 8;

    /** {@code SO_KEEPALIVE}: keep-alive probes. */
    public static final int SO_KEEPALIVE = 9;

    /** {@code SO_LINGER}: linger on close. */
    public static final int SO_LINGER = 13;

    /** {@code SO_REUSEPORT}: several sockets on one address; Linux 3.9. */
    public static final int SO_REUSEPORT = 15;

    /** {@code SO_ACCEPTCONN}: the socket listens. */
    public static final int SO_ACCEPTCONN = 30;

    /** {@code SO_INCOMING_NAPI_ID}: receive queue of the socket; Linux 4.12. */
    public static final int SO_INCOMING_NAPI_ID = 56;

    /** {@code IPPROTO_IP}: level of IPv4 options. */
    public static final int IPPROTO_IP = 0;

    /** {@code IPPROTO_TCP}: level of TCP options. */
    public static final int IPPROTO_TCP = 6;

    /** {@code IPPROTO_IPV6}: level of IPv6 options. */
    public static final int IPPROTO_IPV6 = 41;

    /** {@code IP_TOS}: type of service of IPv4. */
    public static final int IP_TOS = 1;

    /** {@code IPV6_V6ONLY}: no IPv4 on this IPv6 socket. */
    public static final int IPV6_V6ONLY = 26;

    /** {@code IPV6_TCLASS}: traffic class of IPv6. */
    public static final int IPV6_TCLASS = 67;

    /** {@code TCP_NODELAY}: no delay of small segments. */
    public static final int TCP_NODELAY = 1;

    /** {@code TCP_KEEPIDLE}: idle seconds before the first probe. */
    public static final int TCP_KEEPIDLE = 4;

    /** {@code TCP_KEEPINTVL}: seconds between probes. */
    public static final int TCP_KEEPINTVL = 5;

    /** {@code TCP_KEEPCNT}: probes before the connection is given up. */
    public static final int TCP_KEEPCNT = 6;

    /** {@code TCP_QUICKACK}: acknowledge at once. */
    public static final int TCP_QUICKACK = 12;

    /** {@code MSG_OOB}: urgent data. */
    public static final int MSG_OOB = 1;

    /** {@code MSG_PEEK}: leave the data in the queue. */
    public static final int MSG_PEEK = 2;

    /** {@code MSG_DONTWAIT}: do not wait. */
    public static final int MSG_DONTWAIT = 0x40;

    /** {@code MSG_WAITALL}: wait for the whole length. */
    public static final int MSG_WAITALL = 0x100;

    /** {@code MSG_NOSIGNAL}: no SIGPIPE. */
    public static final int MSG_NOSIGNAL = 0x4000;

    /** {@code MSG_MORE}: more data follows. */
    public static final int MSG_MORE = 0x8000;

    /** {@code SHUT_RD}: no more receives. */
    public static final int SHUT_RD = 0;

    /** {@code SHUT_WR}: no more sends. */
    public static final int SHUT_WR = 1;

    /** {@code SHUT_RDWR}: neither. */
    public static final int SHUT_RDWR = 2;

    /** {@code SOMAXCONN}: largest backlog by default; Linux 5.4. */
    public static final int SOMAXCONN = 4096;

    /** {@code POLLIN}: data to read. */
    public static final int POLLIN = 1;

    /** {@code POLLOUT}: room to write. */
    public static final int POLLOUT = 4;

    /** {@code POLLERR}: error. */
    public static final int POLLERR = 8;

    /** {@code POLLHUP}: hang-up. */
    public static final int POLLHUP = 0x10;

    /** {@code POLLRDHUP}: the peer shut down writing. */
    public static final int POLLRDHUP = 0x2000;

    private SocketConstant() {
    }
}
