package io.nio2uring.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;

/** Shows that nio2uring.ring.completionEntries is small for the load. */
@Name("io.nio2uring.CompletionQueueOverflow")
@Label("Completion Queue Overflow")
@Description("The kernel keeps completions for which the queue has no room")
@Category("nio2-uring")
@StackTrace(false)
@Throttle("100/s")
final class CompletionQueueOverflowEvent extends Event {
    @Label("Event Loop")
    private String loop;

    @Label("Size of the Queue")
    private int entries;

    static void record(String loop, int entries) {
        CompletionQueueOverflowEvent event = new CompletionQueueOverflowEvent();
        if (event.isEnabled()) {
            event.loop = loop;
            event.entries = entries;
            event.commit();
        }
    }
}
