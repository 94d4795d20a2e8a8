package io.nio2uring.jfr;

import java.util.function.Supplier;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Throttle;

/** From the submission of an operation, or from when it should have been submitted, to its final completion. */
@Name("io.nio2uring.Operation")
@Label("Slow Operation")
@Description("An operation took longer than the threshold, which for a read includes the time that the peer was silent")
@Category("nio2-uring")
@StackTrace(false)
@Threshold("20 ms")
@Throttle("1000/s")
final class OperationEvent extends Event {
    @Label("Operation")
    private String operation;

    @Label("Event Loop")
    private String loop;

    /** An event whose time runs, or null when it is disabled. */
    static OperationEvent begun() {
        OperationEvent event = new OperationEvent();
        if (!event.isEnabled()) {
            return null;
        }
        event.begin();
        return event;
    }

    void ended(Supplier<String> kind, String home) {
        end();
        if (shouldCommit()) {
            operation = kind.get();
            loop = home;
            commit();
        }
    }
}
