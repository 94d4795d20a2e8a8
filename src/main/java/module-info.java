/** Java's NIO.2 asynchronous channels on Linux io_uring. */
module io.nio2uring {
    requires jdk.net;

    exports io.nio2uring;
    exports io.nio2uring.ring;

    provides java.nio.channels.spi.AsynchronousChannelProvider with
            io.nio2uring.UringAsynchronousChannelProvider;
}
