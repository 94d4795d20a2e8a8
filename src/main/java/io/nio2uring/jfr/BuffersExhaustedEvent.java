package io.nio2uring.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;

/** Shows that a loop has fewer buffers than its load needs at times. */
@Name("io.nio2uring.BuffersExhausted")
@Label("Buffers Exhausted")
@Description("An operation waits for a buffer, since all of its loop are in use")
@Category("nio2-uring")
@StackTrace(false)
@Throttle("100/s")
final class BuffersExhaustedEvent extends Event {
    @Label("Event Loop")
    private String loop;

    @Label("Kind of Buffer")
    private String kind;

    @Label("Operations Waiting")
    private int waiting;

    static void record(String loop, String kind, int waiting) {
        BuffersExhaustedEvent event = new BuffersExhaustedEvent();
        if (event.isEnabled()) {
            event.loop = loop;
            event.kind = kind;
            event.waiting = waiting;
            event.commit();
        }
    }
}
