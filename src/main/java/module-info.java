/** Java's NIO.2 asynchronous channels on Linux io_uring. */
module io.nio2uring {
    requires jdk.net;
    // Shows the loops to JMX consoles where it is there; nothing else needs it.
    requires static java.management;
    // Events for the flight recorder, likewise.
    requires static jdk.jfr;
    // For java -jar … --dump, likewise.
    requires static jdk.attach;

    exports io.nio2uring;
    exports io.nio2uring.ring;

    provides java.nio.channels.spi.AsynchronousChannelProvider with
            io.nio2uring.UringAsynchronousChannelProvider;
}
