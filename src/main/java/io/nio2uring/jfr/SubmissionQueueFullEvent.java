package io.nio2uring.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;

/** Shows that nio2uring.ring.entries is small for the load. */
@Name("io.nio2uring.SubmissionQueueFull")
@Label("Submission Queue Full")
@Description("The submission queue had no room for an operation, which cost a system call before its time")
@Category("nio2-uring")
@StackTrace(false)
@Throttle("100/s")
final class SubmissionQueueFullEvent extends Event {
    @Label("Event Loop")
    private String loop;

    @Label("Size of the Queue")
    private int entries;

    static void record(String loop, int entries) {
        SubmissionQueueFullEvent event = new SubmissionQueueFullEvent();
        if (event.isEnabled()) {
            event.loop = loop;
            event.entries = entries;
            event.commit();
        }
    }
}
