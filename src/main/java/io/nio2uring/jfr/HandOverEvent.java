package io.nio2uring.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;

/** A change of the thread that leads a loop. */
@Name("io.nio2uring.HandOver")
@Label("Hand-Over")
@Description("The lead of an event loop went from one thread to another")
@Category("nio2-uring")
@StackTrace(false)
@Throttle("1000/s")
final class HandOverEvent extends Event {
    @Label("Event Loop")
    private String loop;

    @Label("From")
    private Thread from;

    @Label("To")
    private Thread to;

    static void record(String loop, Thread from, Thread to) {
        HandOverEvent event = new HandOverEvent();
        if (event.isEnabled()) {
            event.loop = loop;
            event.from = from;
            event.to = to;
            event.commit();
        }
    }
}
