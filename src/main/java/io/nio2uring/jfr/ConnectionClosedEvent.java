package io.nio2uring.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The end of a connection, with what it has moved. */
@Name("io.nio2uring.ConnectionClosed")
@Label("Connection Closed")
@Description("The descriptor of a connection was released")
@Category("nio2-uring")
@StackTrace(false)
final class ConnectionClosedEvent extends Event {
    @Label("Remote Address")
    private String remote;

    @Label("Event Loop")
    private String loop;

    @Label("Bytes Read")
    @DataAmount
    private long bytesRead;

    @Label("Bytes Written")
    @DataAmount
    private long bytesWritten;

    static void record(Object remote, String loop, long bytesRead, long bytesWritten) {
        ConnectionClosedEvent event = new ConnectionClosedEvent();
        if (event.isEnabled()) {
            event.remote = String.valueOf(remote);
            event.loop = loop;
            event.bytesRead = bytesRead;
            event.bytesWritten = bytesWritten;
            event.commit();
        }
    }
}
