/** Java's NIO.2 asynchronous channels on Linux io_uring. */
module io.nio2uring {
    requires jdk.net;

    exports io.nio2uring.ring;
}
