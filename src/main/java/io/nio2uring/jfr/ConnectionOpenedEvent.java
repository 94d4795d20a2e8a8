package io.nio2uring.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A connection that can be used from now on. */
@Name("io.nio2uring.ConnectionOpened")
@Label("Connection Opened")
@Description("A connection was accepted or connected")
@Category("nio2-uring")
@StackTrace(false)
final class ConnectionOpenedEvent extends Event {
    @Label("Remote Address")
    private String remote;

    @Label("Event Loop")
    private String loop;

    @Label("Accepted")
    @Description("By a listening socket; else connected")
    private boolean accepted;

    static void record(Object remote, String loop, boolean accepted) {
        ConnectionOpenedEvent event = new ConnectionOpenedEvent();
        if (event.isEnabled()) {
            event.remote = String.valueOf(remote);
            event.loop = loop;
            event.accepted = accepted;
            event.commit();
        }
    }
}
